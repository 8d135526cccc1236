// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/hierarchical_vote.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/sequential_revisions.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::generation_request;
using outthink::hierarchical_vote;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::random_stream;
using outthink::sequential_revisions;
using outthink::solve;

static_assert(outthink::policy<sequential_revisions<>, archetypes::fruitless_search>);

namespace {

std::vector<std::string> solutions(const outthink::outcome& result) {
  std::vector<std::string> all;
  for (const auto& made : result.candidates) all.push_back(made.solution);
  return all;
}

/// Notes what it reads.
struct reads_prompt {
  using request = outthink::score_request;
  using response = outthink::verdict;
  std::vector<std::string> texts{};
  std::vector<outthink::verdict> answer(std::span<const request> asked) {
    std::vector<outthink::verdict> all;
    for (const request& one : asked) {
      texts.push_back(one.trace.text());
      all.push_back({.scores = {one.trace.steps() - one.from, 0.5F}});
    }
    return all;
  }
};

/// Writes one letter more than its last attempt, from a letter of the chain's own.
std::string next_letter(const generation_request& asked, random_stream&) {
  const std::string prompt(asked.trace.prompt());
  if (prompt == "p\n") return std::string(1, static_cast<char>('a' + 10 * asked.ordinal));
  return std::string(1, static_cast<char>(prompt[prompt.size() - 2] + 1));
}

}  // namespace

TEST_CASE("sequential_revisions shows a revision the problem and the chain's latest attempts") {
  std::vector<std::string> prompts;
  outthink::backends::scripted model([&](const generation_request& asked, random_stream& random) {
    prompts.emplace_back(asked.trace.text());
    return next_letter(asked, random);
  });
  const sequential_revisions<> policy{.chains = 2, .length = 4, .shown = 2};
  const auto result = solve("p\n", model, policy, no_verifier{}, majority_vote{});
  CHECK(prompts == std::vector<std::string>{"p\n", "p\n", "p\na\n", "p\nk\n", "p\na\nb\n",
                                            "p\nk\nl\n", "p\nb\nc\n", "p\nl\nm\n"});
  CHECK(solutions(result) == std::vector<std::string>{"a", "b", "c", "d", "k", "l", "m", "n"});
  CHECK(result.spent.model_calls == 8);
}

TEST_CASE("sequential_revisions takes the prompt's form from a callable") {
  const auto asks = [](std::string_view problem, std::span<const std::string> attempts) {
    return std::string(problem) + "not " + attempts.back() + "; again:";
  };
  std::vector<std::string> prompts;
  outthink::backends::scripted model([&](const generation_request& asked, random_stream&) {
    prompts.emplace_back(asked.trace.text());
    return std::string("x");
  });
  const sequential_revisions<decltype(asks)> policy{.chains = 1, .length = 2, .prompt = asks};
  static_cast<void>(solve("p ", model, policy, no_verifier{}, majority_vote{}));
  CHECK(prompts == std::vector<std::string>{"p ", "p not x; again:"});
}

TEST_CASE("sequential_revisions and hierarchical_vote choose within the chains, then among them") {
  // Pooled, a has most votes; by chains b wins two of three.
  const std::vector<std::string> answers{"a", "a", "a", "a", "a", "b", "c", "c", "b"};
  const std::vector<double> scores{.6, .6, .6, .1, .1, .7, .1, .1, .7};
  std::size_t asked_for = 0;
  // In order of writing: the first attempts of all chains, then the second.
  outthink::backends::scripted model([&](const generation_request&, random_stream&) {
    const std::size_t i = asked_for++ % 9;
    return answers[(i % 3) * 3 + i / 3];
  });
  std::size_t scored = 0;
  outthink::test::scripted_verifier verifier([&](std::string_view) {
    const std::size_t i = scored++;
    return scores[(i % 3) * 3 + i / 3];
  });
  const sequential_revisions<> policy{.chains = 3, .length = 3};
  const auto result = solve("p\n", model, policy, verifier, hierarchical_vote{.group = 3});
  CHECK(solutions(result) == answers);
  CHECK(result.answer == "b");
  CHECK(result.confidence == doctest::Approx(1.4 / 2.0));
  CHECK(solve("p\n", model, policy, no_verifier{}, majority_vote{}).answer == "a");
}

TEST_CASE("sequential_revisions: the verifier reads the problem alone, or what the model read") {
  for (const bool in_context : {false, true}) {
    outthink::backends::scripted model(&next_letter);
    reads_prompt verifier;
    const sequential_revisions<> policy{.chains = 1, .length = 3, .judge_in_context = in_context};
    const auto result = solve("p\n", model, policy, verifier, majority_vote{});
    CHECK(verifier.texts == (in_context ? std::vector<std::string>{"p\na", "p\na\nb", "p\na\nb\nc"}
                                        : std::vector<std::string>{"p\na", "p\nb", "p\nc"}));
    CHECK(solutions(result) == std::vector<std::string>{"a", "b", "c"});
  }
}

TEST_CASE("sequential_revisions: an attempt that was cut is shown, and its chain comes last") {
  outthink::backends::scripted model([](const generation_request& asked, random_stream& random) {
    outthink::generation made{.text = next_letter(asked, random)};
    if (made.text == "b") made.ended = outthink::finish::length;
    return made;
  });
  const sequential_revisions<> policy{.chains = 2, .length = 3};
  const auto result = solve("p\n", model, policy, no_verifier{}, majority_vote{});
  CHECK(solutions(result) == std::vector<std::string>{"k", "l", "m", "a", "c"});
}

TEST_CASE("sequential_revisions with chains of one attempt is repeated sampling") {
  outthink::backends::scripted model([](const generation_request&, random_stream& random) {
    return std::to_string(random.below(1000));
  });
  const auto chains = solve("p", model, sequential_revisions<>{.chains = 5, .length = 1},
                            no_verifier{}, majority_vote{});
  const auto samples =
      solve("p", model, outthink::repeated_sampling{.n = 5}, no_verifier{}, majority_vote{});
  CHECK(solutions(chains) == solutions(samples));
}

TEST_CASE("sequential_revisions: a budget leaves every attempt that was paid for, once") {
  outthink::backends::scripted model(&next_letter);
  outthink::solve_options options;
  options.limits.model_calls = 5;  // two rounds of two
  const auto result = solve("p\n", model, sequential_revisions<>{.chains = 2}, no_verifier{},
                            majority_vote{}, options);
  CHECK(result.status == outthink::outcome_status::budget_spent);
  auto texts = solutions(result);
  std::sort(texts.begin(), texts.end());
  CHECK(texts == std::vector<std::string>{"a", "b", "k", "l"});
}

TEST_CASE("sequential_revisions refuses options below 1") {
  outthink::backends::scripted model(&next_letter);
  for (const sequential_revisions<>& options :
       {sequential_revisions<>{.chains = 0}, sequential_revisions<>{.length = 0},
        sequential_revisions<>{.shown = 0}}) {
    const auto result = solve("p", model, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("sequential_revisions: chains, length") != std::string::npos);
  }
}
