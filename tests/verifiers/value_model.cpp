// SPDX-License-Identifier: MIT
#include "../support/markov_model.hpp"
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/value_model.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::node_id;
using outthink::node_status;
using outthink::score_request;
using outthink::verdict;
using outthink::test::markov_model;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::value_model;
using outthink::verifiers::value_model_options;
using outthink::verifiers::value_scale;

namespace {

markov_model judge() {
  markov_model model;
  model.judges = true;
  return model;
}

float sigmoid(double x) {
  return static_cast<float>(1 / (1 + std::exp(-x)));
}

}  // namespace

static_assert(outthink::verifier<value_model<markov_model>>);
static_assert(outthink::verifier<value_model<markov_model&>>);

// The judge's logits: <good> the number of a, <bad> half the number of b in the trace.
TEST_CASE("value_model scores each step by the difference of two logits at its end") {
  markov_model model = judge();
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"aa\n", "b\n", "abb\n"})),
                                            all.request(all.add({"bbb"}))};
  SUBCASE("as a probability") {
    value_model<markov_model&> verifier(model);
    const auto verdicts = verifier.answer(requests);
    REQUIRE(verdicts.size() == 2);
    CHECK(scores_of(verdicts[0]) == std::vector<float>{sigmoid(2), sigmoid(1.5), sigmoid(3 - 1.5)});
    CHECK(scores_of(verdicts[1]) == std::vector<float>{sigmoid(-1.5)});
  }
  SUBCASE("as the difference itself") {
    value_model<markov_model&> verifier(model, {.scale = value_scale::logit});
    const auto verdicts = verifier.answer(requests);
    CHECK(scores_of(verdicts[0]) == std::vector<float>{2, 1.5, 1.5});
    CHECK(scores_of(verdicts[1]) == std::vector<float>{-1.5});
  }
  SUBCASE("of the tokens it is told") {
    value_model<markov_model&> verifier(
        model, {.good = "<bad>", .bad = "<good>", .scale = value_scale::logit});
    CHECK(scores_of(verifier.answer(requests)[1]) == std::vector<float>{1.5});
  }
}

TEST_CASE("value_model scores the steps asked for and no others, at their cost") {
  markov_model model = judge();
  value_model<markov_model&> verifier(model, {.scale = value_scale::logit});
  traces all;
  const node_id node = all.add({"aa\n", "b\n", "abb\n"});
  const std::vector<score_request> last{all.request(node, 2)};
  const verdict answer = verifier.answer(last)[0];
  CHECK(scores_of(answer) == std::vector<float>{1.5});
  CHECK(answer.spent.tokens_read == 4);
  CHECK(answer.spent.tokens_written == 0);
  CHECK(answer.spent.flops == model.flops(4, 2 + 3 + 2));
  const std::vector<score_request> nothing{all.request(node, 3), all.request(node, 2)};
  const auto both = verifier.answer(nothing);
  CHECK(both[0].scores.empty());
  CHECK(both[0].failure.empty());
  CHECK(scores_of(both[1]) == std::vector<float>{1.5});
}

TEST_CASE(
    "value_model gives the last step of a finished solution the smaller of its own score and that "
    "of the end if told to") {
  markov_model model = judge();
  traces all;
  const node_id open = all.add({"aa\n", "b\n", "abb\n"});
  const node_id finished = all.add({"aa\n", "b\n", "abb\n"});
  all.tree.set_status(finished, node_status::finished);
  const std::vector<score_request> requests{all.request(open), all.request(finished),
                                            all.request(finished, 2), all.request(finished, 3)};
  value_model<markov_model&> plain(model, {.scale = value_scale::logit});
  CHECK(scores_of(plain.answer(requests)[1]) == std::vector<float>{2, 1.5, 1.5});
  value_model<markov_model&> verifier(model, {.scale = value_scale::logit, .score_end = true});
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{2, 1.5, 1.5});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{2, 1.5, 1.5 - 2});
  CHECK(scores_of(verdicts[2]) == std::vector<float>{1.5 - 2});
  CHECK(verdicts[2].spent.tokens_read == 4 + 1);
  CHECK(verdicts[3].scores.empty());
  value_model<markov_model&> opposite(
      model, {.good = "<bad>", .bad = "<good>", .scale = value_scale::logit, .score_end = true});
  CHECK(scores_of(opposite.answer(requests)[1]) == std::vector<float>{-2, -1.5, -1.5});
}

TEST_CASE("value_model does not read again what it has scored") {
  markov_model model = judge();
  value_model<markov_model&> verifier(model);
  traces all;
  const node_id node = all.add({"aa\n", "b\n"});
  const std::vector<score_request> first{all.request(node)};
  static_cast<void>(verifier.answer(first));
  CHECK(model.tokens_read == 2 + 3 + 2);
  const node_id next = all.tree.add_children(node, 1)[0];
  all.tree.set_payload(next, {"ab\n", 1, 0}, node_status::open);
  const std::vector<score_request> second{all.request(next, 2)};
  static_cast<void>(verifier.answer(second));
  CHECK(model.tokens_read == 2 + 3 + 2 + 3);
}

TEST_CASE("value_model reads steps that traces of a batch share once, and charges each for them") {
  markov_model model = judge();
  value_model<markov_model&> verifier(model, {.scale = value_scale::logit});
  traces all;
  const std::vector<score_request> requests{
      all.request(all.add({"aa\n", "b\n"})), all.request(all.add({"ab\n"})),
      all.request(all.add({"aa\n", "b\n"})), all.request(all.add({"aa\n", "a\n"})),
      all.request(all.add({"aa\n"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(model.tokens_read == 2 + 3 + 3 + 2 + 2);  // the problem, aa, ab, b, a
  CHECK(scores_of(verdicts[0]) == std::vector<float>{2, 1.5});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{0.5});
  CHECK(scores_of(verdicts[2]) == std::vector<float>{2, 1.5});
  CHECK(scores_of(verdicts[3]) == std::vector<float>{2, 3});
  CHECK(scores_of(verdicts[4]) == std::vector<float>{2});
  for (const std::size_t two_steps : {0U, 2U, 3U})
    CHECK(verdicts[two_steps].spent.tokens_read == 5);
  for (const std::size_t one_step : {1U, 4U}) CHECK(verdicts[one_step].spent.tokens_read == 3);
}

TEST_CASE("value_model gives the same bits and cost whatever it remembers and is asked with") {
  traces all;
  std::vector<score_request> requests;
  for (int i = 0; i < 8; ++i) {
    std::vector<std::string> steps;
    for (int j = 0; j <= i % 4; ++j) steps.push_back((i + j) % 3 == 0 ? "ab\n" : "bba\n");
    requests.push_back(all.request(all.add(steps), static_cast<std::uint32_t>(i % 2)));
    if (steps.size() <= requests.back().from) requests.back().from = 0;
  }
  markov_model reference = judge();
  const std::vector<verdict> expected = value_model<markov_model&>(reference).answer(requests);
  for (const std::size_t cache : {std::size_t{0}, std::size_t{10}, std::size_t{100'000}}) {
    for (const std::size_t at_a_time : {1U, 3U}) {
      markov_model model = judge();
      value_model<markov_model&> verifier(model, {.cache_tokens = cache});
      for (std::size_t i = 0; i < requests.size(); i += at_a_time) {
        const std::size_t count = std::min<std::size_t>(at_a_time, requests.size() - i);
        const auto verdicts = verifier.answer(std::span(requests).subspan(i, count));
        for (std::size_t k = 0; k < count; ++k) {
          CHECK(verdicts[k].scores == expected[i + k].scores);
          CHECK(verdicts[k].spent == expected[i + k].spent);
        }
      }
    }
  }
}

TEST_CASE("value_model fails a trace that its context cannot hold, and no other") {
  markov_model model = judge();
  model.context = 6;
  value_model<markov_model&> verifier(model, {.scale = value_scale::logit});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"aa\n", "bbbb\n"})),
                                            all.request(all.add({"aaaa"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(verdicts[0].failure == "a trace of 10 tokens does not fit a context of 6");
  CHECK(verdicts[0].scores.empty());
  CHECK(scores_of(verdicts[1]) == std::vector<float>{4});
}

TEST_CASE("value_model needs both tokens in the vocabulary") {
  markov_model model;
  try {
    const value_model<markov_model&> verifier(model, {.bad = "<awful>"});
    FAIL("it did not throw");
  } catch (const outthink::error& problem) {
    CHECK(problem.code() == outthink::errc::unsupported_model);
    CHECK(std::string_view(problem.what()).find("<awful>") != std::string_view::npos);
  }
}

TEST_CASE("value_model releases every sequence it opened") {
  markov_model model = judge();
  {
    value_model<markov_model&> verifier(model, {.cache_tokens = 20});
    traces all;
    for (int i = 0; i < 30; ++i) {
      const std::vector<score_request> one{
          all.request(all.add({std::string(static_cast<std::size_t>(i % 7 + 1), 'a'), "b"}))};
      static_cast<void>(verifier.answer(one));
    }
  }
  CHECK(model.sequences.empty());
  CHECK(model.released == model.opened());
}

TEST_CASE("value_model chooses among the solutions of a search") {
  value_model verifier(judge(), {.scale = value_scale::logit});
  outthink::test::toy_tree model{.depth = 2, .letters = 2};
  const auto result = outthink::solve("p", model, outthink::repeated_sampling{.n = 2}, verifier,
                                      outthink::best_score{});
  CHECK(result.answer == "a\na");
  CHECK(result.best().step_scores == std::vector<float>{1, 2});
  CHECK(result.spent.verifier_calls == 2);
  CHECK(result.spent.verifier_tokens == 6);
}
