// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/gen_select.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/generative_chooser.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::choice;
using outthink::choice_request;
using outthink::generation;
using outthink::generation_request;
using outthink::random_stream;
using outthink::backends::scripted;
using outthink::verifiers::generative_chooser;

static_assert(outthink::chooser<generative_chooser<archetypes::one_word_model>>);
static_assert(outthink::chooser<generative_chooser<archetypes::one_word_model&>>);

namespace {

const std::vector<std::string_view> kTexts{"first", "second", "third"};

/// What is chosen of three texts where the i-th vote gets the i-th reply.
choice choose(std::vector<std::string> replies) {
  scripted model([replies](const generation_request& asked, random_stream&) {
    generation made{.text = replies[asked.ordinal]};
    made.spent.tokens_written = 2;
    return made;
  });
  generative_chooser judge(model, {.votes = replies.size()});
  const std::vector<choice_request> asked{{.problem = "p", .texts = kTexts}};
  return judge.answer(asked)[0];
}

}  // namespace

TEST_CASE("generative_chooser chooses the text whose number the reply ends with") {
  for (const std::size_t i : {0U, 1U, 2U}) {
    const choice said = choose({"I compared all 3. Best: " + std::to_string(i)});
    CHECK(said.chosen == i);
    CHECK(said.spent.tokens_written == 2);
  }
}

TEST_CASE("generative_chooser chooses what most replies name, of equals the earlier") {
  CHECK(choose({"2", "1", "2", "none"}).chosen == 2);
  CHECK(choose({"2", "1"}).chosen == 1);
}

TEST_CASE("generative_chooser chooses none where no reply names one that is there") {
  CHECK(choose({"the last", "7", "-1"}).chosen == 3);
}

TEST_CASE("generative_chooser's questions show the problem and all texts by their numbers") {
  const choice_request asked{.problem = "1+1=", .texts = kTexts};
  for (const std::string& prompt : {outthink::verifiers::ask_for_the_best(asked),
                                    outthink::verifiers::ask_for_the_most_consistent(asked)}) {
    CHECK(prompt.find("1+1=") < prompt.find("Solution 0:\nfirst"));
    CHECK(prompt.find("Solution 0:\nfirst") < prompt.find("Solution 2:\nthird"));
  }
}

TEST_CASE("generative_chooser: a reply that fails fails its choice") {
  scripted model([](const generation_request&, random_stream&) {
    return generation{.text = "down", .ended = outthink::finish::failed};
  });
  generative_chooser judge(model);
  const std::vector<choice_request> asked{{.problem = "p", .texts = kTexts}};
  CHECK(judge.answer(asked)[0].failure == "language model: down");
}

// Universal self-consistency over free text: a judge that counts lines with the same text.
TEST_CASE("generative_chooser finds the most consistent of the solutions of a search") {
  scripted writer([](const generation_request& asked, random_stream&) {
    return std::string(asked.ordinal % 3 == 1 ? "odd"
                                              : "even " + std::to_string(asked.ordinal / 9));
  });
  scripted counting([](const generation_request& asked, random_stream&) {
    const std::string text = asked.trace.text();
    std::size_t best = 0, most = 0;
    std::vector<std::string> lines;
    for (std::size_t i = 0;; ++i) {
      const std::string head = "Solution " + std::to_string(i) + ":\n";
      const auto at = text.find(head);
      if (at == std::string::npos) break;
      const auto begin = at + head.size();
      lines.push_back(text.substr(begin, text.find('\n', begin) - begin));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::size_t same = 0;
      for (const std::string& line : lines) same += line == lines[i] ? 1 : 0;
      if (same > most) best = i, most = same;
    }
    return "Number " + std::to_string(best);
  });
  generative_chooser judge(counting, {}, &outthink::verifiers::ask_for_the_most_consistent);
  const outthink::gen_select<outthink::repeated_sampling, decltype(judge)> policy{{.n = 9}, judge};
  const auto result =
      outthink::solve("p", writer, policy, outthink::no_verifier{}, outthink::best_score{});
  CHECK(result.answer == "even 0");
  CHECK(result.spent.other_calls == 1);
}

TEST_CASE("generative_chooser needs a vote") {
  CHECK_THROWS_AS(generative_chooser(archetypes::one_word_model("1"), {.votes = 0}),
                  outthink::error);
}
