// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/generative_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::generation;
using outthink::generation_request;
using outthink::judgement;
using outthink::node_status;
using outthink::random_stream;
using outthink::score_request;
using outthink::trace_view;
using outthink::backends::scripted;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::generative_verifier;
using outthink::verifiers::judged_steps;
using outthink::verifiers::read_yes_or_no;
using outthink::verifiers::vote_value;

namespace {

/// Replies with the i-th of some texts to the i-th vote, and counts what it costs.
auto replies(std::vector<std::string> texts) {
  return scripted([texts](const generation_request& asked, random_stream&) {
    generation made;
    made.text = texts[asked.ordinal % texts.size()];
    made.logprob = -0.5F;
    made.spent = {.tokens_read = 10, .tokens_written = 5, .flops = 2, .money = 0.25};
    return made;
  });
}

}  // namespace

static_assert(outthink::verifier<generative_verifier<archetypes::one_word_model>>);
static_assert(outthink::verifier<generative_verifier<archetypes::one_word_model&>>);

TEST_CASE("read_yes_or_no takes the last of the two words, whatever its case") {
  CHECK(read_yes_or_no("Yes") == judgement::right);
  CHECK(read_yes_or_no("It is. YES.") == judgement::right);
  CHECK(read_yes_or_no("yes, but the sum is wrong: no") == judgement::wrong);
  CHECK(read_yes_or_no("No errors at all. Is it right? Yes\n") == judgement::right);
  CHECK(read_yes_or_no("nothing known, eyes noyes yesno") == judgement::uncertain);
  CHECK(read_yes_or_no("") == judgement::uncertain);
  CHECK(read_yes_or_no("ye") == judgement::uncertain);
}

TEST_CASE("generative_verifier scores the share of votes that say yes") {
  auto model = replies({"fine. Yes", "No", "who knows", "yes"});
  generative_verifier verifier(model, {.votes = 4});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  const auto verdicts = verifier.answer(requests);
  const auto scores = scores_of(verdicts[0]);
  REQUIRE(scores.size() == 2);
  CHECK(scores[0] != scores[0]);  // an outcome model
  CHECK(scores[1] == 0.5F);
  CHECK(verdicts[0].spent == outthink::cost{40, 20, 8, 1});
}

TEST_CASE("generative_verifier takes the mean probability of yes where it is told to") {
  auto model = replies({"Yes", "No", "hm"});
  generative_verifier verifier(model, {.votes = 3, .value = vote_value::probability});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a"}))};
  const double p = std::exp(-0.5);
  CHECK(scores_of(verifier.answer(requests)[0])[0] == doctest::Approx((p + (1 - p)) / 3));
}

TEST_CASE("generative_verifier judges every step by the trace up to it where it is told to") {
  std::vector<std::string> prompts;
  scripted model([&](const generation_request& asked, random_stream&) {
    prompts.push_back(asked.trace.text());
    return std::string(asked.trace.text().ends_with("b") ? "no" : "yes");
  });
  const auto template_of = [](const trace_view& trace) { return "is it? " + trace.text(); };
  generative_verifier verifier(model, {.votes = 1, .steps = judged_steps::every}, template_of);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c"}), 1)};
  CHECK(scores_of(verifier.answer(requests)[0]) == std::vector<float>{0, 1});
  CHECK(prompts == std::vector<std::string>{"is it? ?ab", "is it? ?abc"});
}

TEST_CASE("generative_verifier's own question shows the problem and the solution") {
  traces all("1+1=");
  const auto node = all.add({"2"});
  const std::string prompt = outthink::verifiers::ask_yes_or_no({all.tree, node});
  CHECK(prompt.find("1+1=") < prompt.find("\n2\n"));
  CHECK(prompt.ends_with("End with Yes or No.\n"));
}

TEST_CASE("generative_verifier: a reply that fails fails its trace alone") {
  scripted model([](const generation_request& asked, random_stream&) {
    generation made;
    made.text = "yes";
    if (asked.trace.text().find("bad") == std::string::npos) return made;
    made.ended = outthink::finish::failed;
    made.text = "down";
    return made;
  });
  generative_verifier verifier(model);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"good"})),
                                            all.request(all.add({"bad"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1});
  CHECK(verdicts[1].failure == "language model: down");
}

// A judge that is right with probability q: the share of n votes for a right solution has the mean
// q and the variance q (1 - q) / n.
TEST_CASE("generative_verifier: votes are independent draws of a judge") {
  scripted model([](const generation_request&, random_stream& random) {
    return std::string(random.uniform() < 0.7 ? "yes" : "no");
  });
  generative_verifier verifier(model, {.votes = 8});
  traces all;
  std::vector<score_request> requests;
  for (int i = 0; i < 4000; ++i) requests.push_back(all.request(all.add({"a"})));
  double sum = 0, squares = 0;
  for (const auto& one : verifier.answer(requests)) {
    const auto score = static_cast<double>(one.scores[0]);
    sum += score;
    squares += (score - 0.7) * (score - 0.7);
  }
  // Five standard errors of the mean, and of the variance (kurtosis below 3): false alarms < 2e-6.
  CHECK(sum / 4000 == doctest::Approx(0.7).epsilon(5 * 0.162 / 63.2 / 0.7));
  CHECK(squares / 4000 == doctest::Approx(0.02625).epsilon(5 * 1.42 / 63.2));
}

TEST_CASE("generative_verifier guides a search, and its model's tokens are the verifier's") {
  scripted judge([](const generation_request& asked, random_stream&) {
    return std::string(asked.trace.text().find("c\nc\nc") != std::string::npos ? "Yes" : "No");
  });
  generative_verifier verifier(judge, {.votes = 2});
  for (const std::size_t max_batch : {std::size_t{1}, std::size_t{512}}) {
    const auto result =
        outthink::solve("p", outthink::test::toy_tree{}, outthink::repeated_sampling{.n = 4},
                        verifier, outthink::best_score{}, {.max_batch = max_batch});
    CHECK(result.answer == "c\nc\nc");
    CHECK(result.spent.verifier_calls == 4);
    CHECK(result.spent.verifier_tokens == 2 * (3 + 2 + 2 + 2));
  }
}

TEST_CASE("generative_verifier needs a vote") {
  CHECK_THROWS_AS(generative_verifier(archetypes::one_word_model("yes"), {.votes = 0}),
                  outthink::error);
}
