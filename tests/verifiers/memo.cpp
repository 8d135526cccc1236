// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/memo.hpp>
#include <outthink/verifiers/rule.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::node_status;
using outthink::score_request;
using outthink::trace_view;
using outthink::verdict;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::judged_steps;
using outthink::verifiers::memo;
using outthink::verifiers::rule;

namespace {

auto by_length() {
  return outthink::test::scripted_verifier(
      [](std::string_view text) { return 1.0 / static_cast<double>(text.size()); });
}
using strings = std::vector<std::string>;

/// Fails on its first call and scores on the others.
struct fails_once {
  using request = score_request;
  using response = verdict;
  int calls = 0;
  std::vector<verdict> answer(std::span<const score_request> requests) {
    verdict made;
    if (calls++ == 0) {
      made.failure = "busy";
    } else {
      made.scores.push_back(1);
    }
    return std::vector<verdict>(requests.size(), made);
  }
};

}  // namespace

static_assert(outthink::verifier<memo<archetypes::constant_verifier>>);

TEST_CASE("memo asks for new steps only, and gives the scores that the verifier gives") {
  auto inner = by_length(), plain = by_length();
  memo verifier(inner);
  traces all;
  const auto trunk = all.add({"a", "b"});
  const std::vector<score_request> first{all.request(trunk)};
  const std::vector<score_request> second{all.request(all.add_below(trunk, {"c", "d"})),
                                          all.request(all.add({"a", "x"}))};
  CHECK(scores_of(verifier.answer(first)[0]) == scores_of(plain.answer(first)[0]));
  const auto verdicts = verifier.answer(second), expected = plain.answer(second);
  CHECK(inner.steps_scored == strings{"a", "ab", "abc", "abcd", "ax"});
  for (std::size_t i = 0; i < 2; ++i) CHECK(scores_of(verdicts[i]) == scores_of(expected[i]));
  const auto again = verifier.answer(second);
  CHECK(inner.batches.size() == 2);
  CHECK(scores_of(again[0]) == scores_of(expected[0]));
  CHECK(again[0].spent == outthink::cost{});
}

TEST_CASE("memo asks once for equal traces of a batch, from the earliest step that is asked for") {
  auto inner = by_length();
  memo verifier(inner);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}), 1),
                                            all.request(all.add({"a", "b"})),
                                            all.request(all.add({"a", "b"}), 1)};
  const auto verdicts = verifier.answer(requests);
  CHECK(inner.steps_scored == strings{"a", "ab"});
  CHECK(scores_of(verdicts[0]) == std::vector<float>{.5F});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{1, .5F});
  CHECK(scores_of(verdicts[2]) == std::vector<float>{.5F});
  CHECK(verdicts[0].spent.tokens_read + verdicts[1].spent.tokens_read +
            verdicts[2].spent.tokens_read ==
        2);
}

TEST_CASE("memo's key is the problem, the cut into steps, and whether the solution ends") {
  auto inner = by_length();
  memo verifier(inner);
  traces one("one"), other("other");
  const std::vector<score_request> requests{
      one.request(one.add({"ab"})), one.request(one.add({"a", "b"})),
      other.request(other.add({"ab"})), one.request(one.add({"ab"}, node_status::finished)),
      one.request(one.add({"ab", "ab"}))};
  static_cast<void>(verifier.answer(requests));
  // The second trace brings "a" and "ab", the last "ab" again and "abab": in a batch only equal
  // traces are merged.
  CHECK(inner.steps_scored == strings{"ab", "a", "ab", "ab", "ab", "ab", "abab"});
  static_cast<void>(verifier.answer(requests));
  CHECK(inner.steps_scored.size() == 7);
}

TEST_CASE("memo remembers where a verifier of whole solutions gave no score") {
  int calls = 0;
  rule outcome(
      [&](const trace_view&) {
        ++calls;
        return 0.5;
      },
      judged_steps::last);
  memo verifier(outcome);
  traces all;
  const auto half = all.add({"a"});
  const std::vector<score_request> whole{all.request(all.add_below(half, {"b"}))};
  const std::vector<score_request> part{all.request(half)};
  for (int i = 0; i < 2; ++i) {
    const auto scores = scores_of(verifier.answer(whole)[0]);
    CHECK(scores[0] != scores[0]);
    CHECK(scores[1] == .5F);
  }
  CHECK(calls == 1);
  CHECK(scores_of(verifier.answer(part)[0]) == std::vector<float>{.5F});  // not the NaN above
  CHECK(calls == 2);
}

TEST_CASE("memo does not remember failures") {
  fails_once inner;
  memo verifier(inner);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a"}))};
  CHECK(verifier.answer(requests)[0].failure == "busy");
  CHECK(scores_of(verifier.answer(requests)[0]) == std::vector<float>{1});
  CHECK(scores_of(verifier.answer(requests)[0]) == std::vector<float>{1});
  CHECK(inner.calls == 2);
}

TEST_CASE("memo keeps within its memory, forgets the oldest first, and stays right") {
  auto inner = by_length(), plain = by_length();
  constexpr std::size_t kBytes = 4096;
  memo verifier(inner, kBytes);
  traces all;
  for (int i = 0; i < 500; ++i) {
    const std::vector<score_request> requests{
        all.request(all.add({std::to_string(i % 97), "x", std::to_string(i)}))};
    CHECK(scores_of(verifier.answer(requests)[0]) == scores_of(plain.answer(requests)[0]));
    CHECK(verifier.bytes() <= kBytes);
  }
  const auto known = inner.steps_scored.size();
  const std::vector<score_request> latest{all.request(all.add({"14", "x", "499"}))};
  static_cast<void>(verifier.answer(latest));
  CHECK(inner.steps_scored.size() == known);
  const std::vector<score_request> oldest{all.request(all.add({"0", "x", "0"}))};
  static_cast<void>(verifier.answer(oldest));
  CHECK(inner.steps_scored.size() == known + 3);
}

TEST_CASE("memo without memory is the verifier itself") {
  auto inner = by_length();
  memo verifier(inner, 0);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  CHECK(scores_of(verifier.answer(requests)[0]) == std::vector<float>{1, .5F});
  CHECK(scores_of(verifier.answer(requests)[0]) == std::vector<float>{1, .5F});
}

TEST_CASE("memo leaves a search's outcome as it is, and pays once for a problem solved twice") {
  auto inner = by_length(), plain = by_length();
  memo verifier(inner);
  outthink::test::toy_tree model{.depth = 3, .letters = 2};
  const outthink::beam_search policy{.width = 2, .expand = 2};
  const auto expected = outthink::solve("p", model, policy, plain, outthink::best_score{});
  const auto first = outthink::solve("p", model, policy, verifier, outthink::best_score{});
  const auto second = outthink::solve("p", model, policy, verifier, outthink::best_score{});
  CHECK(outthink::test::same(first, expected));
  CHECK(second.answer == expected.answer);
  CHECK(second.confidence == expected.confidence);
  CHECK(first.spent.verifier_tokens > 0);
  CHECK(second.spent.verifier_tokens == 0);
}
