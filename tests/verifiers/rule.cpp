// SPDX-License-Identifier: MIT
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/verdict_vote.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/rule.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::judgement;
using outthink::node_status;
using outthink::score_request;
using outthink::trace_view;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::judged_steps;
using outthink::verifiers::rule;

namespace {

// Right while no step is longer than one character.
bool is_short(const trace_view& trace) {
  for (const auto step : trace.step_texts()) {
    if (step.size() > 1) return false;
  }
  return true;
}

}  // namespace

static_assert(outthink::verifier<rule<bool (*)(const trace_view&)>>);

TEST_CASE("rule scores each step by the trace up to it") {
  traces all;
  rule verifier(&is_short);
  const std::vector<score_request> requests{all.request(all.add({"a", "bb", "c"})),
                                            all.request(all.add({"a", "b", "cc"}), 1)};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1, 0, 0});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{1, 0});
  CHECK(verdicts[0].spent == outthink::cost{});
}

TEST_CASE("rule judges whole solutions only where it is told to") {
  traces all;
  int calls = 0;
  rule verifier(
      [&](const trace_view& trace) {
        ++calls;
        return trace.solution() == "ab" ? judgement::right : judgement::uncertain;
      },
      judged_steps::solution);
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}, node_status::finished)),
                                            all.request(all.add({"a", "b"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(calls == 1);
  CHECK(verdicts[0].scores[0] != verdicts[0].scores[0]);
  CHECK(verdicts[0].scores[1] == 1);
  CHECK(verdicts[1].scores[1] != verdicts[1].scores[1]);
}

TEST_CASE("rule finds the solution it describes") {
  rule verifier([](const trace_view& trace) { return trace.solution() == "c\nc\nc" ? 1.0 : 0.25; });
  const auto result =
      outthink::solve("p", outthink::test::toy_tree{}, outthink::repeated_sampling{.n = 4},
                      verifier, outthink::best_score{});
  CHECK(result.answer == "c\nc\nc");
  CHECK(result.confidence == 1);
}
