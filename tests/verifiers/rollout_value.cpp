// SPDX-License-Identifier: MIT
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/rollout_value.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::generation_request;
using outthink::node_status;
using outthink::random_stream;
using outthink::score_request;
using outthink::backends::scripted;
using outthink::test::letters_of;
using outthink::test::scores_of;
using outthink::test::toy_tree;
using outthink::test::traces;
using outthink::verifiers::judged_steps;
using outthink::verifiers::rollout_label;
using outthink::verifiers::rollout_value;

namespace {

bool has_no_d(std::string_view, std::string_view solution) {
  return letters_of(solution).find('d') == std::string::npos;
}

using toy_value = rollout_value<toy_tree&, decltype(&has_no_d)>;

}  // namespace

static_assert(outthink::verifier<toy_value>);

// Of the four letters the i-th rollout repeats the i-th: three of four have no d.
TEST_CASE("rollout_value scores each step by the share of completions that succeed") {
  toy_tree model;
  toy_value verifier(model, &has_no_d, {.rollouts = 8});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a\n", "d\n"})),
                                            all.request(all.add({"b\n"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{.75F, 0});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{.75F});
  CHECK(model.batches == std::vector<std::size_t>{24});
  CHECK(verdicts[0].spent.tokens_written == 8 * 2 + 8 * 1);
  CHECK(verdicts[1].spent.money == 4);
}

// MedS3: R / (d + 1) rollouts, at least 5.
TEST_CASE("rollout_value gives long traces fewer rollouts where it is told to") {
  std::vector<std::size_t> rollouts(6);
  scripted model([&](const generation_request& asked, random_stream&) {
    ++rollouts[asked.trace.steps()];
    return std::string(asked.ordinal < 3 ? "ok" : "d");
  });
  rollout_value verifier(model, &has_no_d, {.rollouts = 20, .least = 5});
  traces all;
  const std::vector<score_request> requests{
      all.request(all.add({"a\n", "b\n", "c\n", "a\n", "b\n"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(rollouts == std::vector<std::size_t>{0, 10, 6, 5, 5, 5});
  CHECK(scores_of(verdicts[0]) == std::vector<float>{0.3F, 0.5F, 0.6F, 0.6F, 0.6F});
}

TEST_CASE("rollout_value: one success is enough for the label best") {
  toy_tree model;
  toy_value verifier(model, &has_no_d, {.rollouts = 4, .label = rollout_label::best});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a\n"})),
                                            all.request(all.add({"d\n"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{0});
}

TEST_CASE("rollout_value checks a finished solution as it is, and a cut one is worth nothing") {
  toy_tree model;
  toy_value verifier(model, &has_no_d, {.steps = judged_steps::last});
  traces all;
  const std::vector<score_request> requests{
      all.request(all.add({"a\n", "b\n", "c"}, node_status::finished), 2),
      all.request(all.add({"a\n", "b\n", "d"}, node_status::finished), 2),
      all.request(all.add({"a\n", "bb"}, node_status::truncated), 1)};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{0});
  CHECK(scores_of(verdicts[2]) == std::vector<float>{0});
  CHECK(model.prefixes.empty());
}

TEST_CASE("rollout_value: a completion that is cut counts as a failure") {
  toy_tree model;
  rollout_value verifier(model, [](std::string_view, std::string_view) { return true; },
                         {.rollouts = 2});
  traces all;
  all.rule.max_total_tokens = 1;
  const std::vector<score_request> requests{all.request(all.add({"a\n"})),
                                            all.request(all.add({"a\n", "b\n"}), 1)};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{0});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{1});
}

// From "a" two letters are drawn evenly from four: P(no d) = 9/16.
TEST_CASE("rollout_value estimates the probability of success") {
  toy_tree model{.random = true};
  constexpr std::size_t kRollouts = 20'000;
  toy_value verifier(model, &has_no_d, {.rollouts = kRollouts});
  traces all;
  const auto parent = all.add({"a\n"});
  const std::vector<score_request> requests{all.request(all.add_below(parent, {"b\n"})),
                                            all.request(parent)};
  const auto verdicts = verifier.answer(requests);
  const auto first = verdicts[0].scores[0], second = verdicts[0].scores[1];
  // Five standard errors: false alarms below 1e-6 each.
  CHECK(std::abs(static_cast<double>(first) - 9.0 / 16) < 5 * std::sqrt(63.0 / 256 / kRollouts));
  CHECK(std::abs(static_cast<double>(second) - 3.0 / 4) < 5 * std::sqrt(3.0 / 16 / kRollouts));
  CHECK(verdicts[1].scores[0] == first);  // the same draws, whichever trace it is asked with
}

TEST_CASE("rollout_value fails on a trace whose completion fails, and on no other") {
  scripted model([](const generation_request& asked, random_stream&) {
    outthink::generation made;
    made.text = "end";
    if (asked.trace.solution() == "bad\n") made.ended = outthink::finish::failed;
    return made;
  });
  rollout_value verifier(model, [](std::string_view, std::string_view) { return 0.5; });
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"bad\n"})),
                                            all.request(all.add({"good\n"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK_FALSE(verdicts[0].failure.empty());
  CHECK(verdicts[0].scores.empty());
  CHECK(scores_of(verdicts[1]) == std::vector<float>{.5F});
}

TEST_CASE("rollout_value leads a beam to the one solution that is right") {
  toy_tree model{.depth = 3, .letters = 3, .random = true};
  const auto check = [](std::string_view, std::string_view s) { return letters_of(s) == "cab"; };
  rollout_value verifier(model, check, {.rollouts = 64});
  const auto result = outthink::solve("p", toy_tree{.depth = 3, .letters = 3},
                                      outthink::beam_search{.width = 1, .expand = 3}, verifier,
                                      outthink::best_score{});
  CHECK(letters_of(result.answer) == "cab");
  CHECK(result.confidence == 1);
  CHECK(result.spent.verifier_tokens > 0);
}

TEST_CASE("rollout_value needs a rollout") {
  toy_tree model;
  CHECK_THROWS_AS(toy_value(model, &has_no_d, {.rollouts = 0}), outthink::error);
  CHECK_THROWS_AS(toy_value(model, &has_no_d, {.max_batch = 0}), outthink::error);
}
