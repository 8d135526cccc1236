// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/concepts/toolbox.hpp>
#include <outthink/core/call_graph.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/prompted.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/policies/rewoo/rewoo_plan.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Plans all tool calls before it makes any, and answers from what they have found: ReWOO,
/// reasoning without observation.
///
/// How it works: the model writes a plan, whose calls refer to each other's evidence as `#E1`;
/// tools make the calls, those side by side that do not need each other; then the model answers
/// from the plan and all evidence. Where an agent that acts step by step reads everything once more
/// at each step, two generations do here, however many calls there are. A call that fails has
/// `missing` for evidence, one that refers to what is not planned before it is not made, and the
/// answer is tried for nevertheless.
///
/// Requires: `tools` that outlive the search; plans ≥ 1. `prompts.plan(problem)` and
/// `prompts.solve(problem, calls)` give texts.
/// Cost: two generations and one scoring a plan, and its calls; 3 rounds and one for each call of
/// the longest chain. Errors: `errc::invalid_argument` for options out of range; what tools throw.
/// Determinism: a plan's answer does not depend on the plans beside it.
/// Reference: B. Xu et al. 2023, arXiv:2305.18323. Its code makes the calls one by one, drops those
/// of two digits, and replaces `#E1` within `#E10`.
template <toolbox Tools, class Prompts = rewoo_prompts>
struct rewoo {
  Tools* tools;                                ///< what plans may call
  int plans = 1;                               ///< drawn, each with an answer of its own
  std::string missing = "No evidence found.";  ///< the evidence of a call that gives none
  Prompts prompts{};                           ///< writes the prompts of planner and solver

  task<candidate_nodes> operator()(auto& s) const {
    require(tools != nullptr && plans >= 1, "rewoo: there must be tools, and at least 1 plan");
    const std::string problem(trace_view(s.tree(), s.root()).prompt());
    std::vector<std::string> asked(static_cast<std::size_t>(plans), prompts.plan(problem));
    const auto written = co_await prompted_texts(s, std::move(asked));

    std::vector<call_graph> graphs;
    for (const std::string& plan : written) graphs.push_back(planned(plan));
    for (;;) {
      std::vector<std::pair<call_graph*, std::size_t>> made;
      std::vector<tool_call> calls;
      for (call_graph& graph : graphs) {
        for (const std::size_t i : graph.start()) {
          made.emplace_back(&graph, i);
          calls.push_back({graph[i].tool, graph.input(i)});
        }
      }
      if (calls.empty()) break;
      auto results = co_await s.ask(*tools, std::move(calls));
      for (std::size_t i = 0; i < made.size(); ++i) {
        auto& [graph, position] = made[i];
        graph->finish(position, results[i].failed ? missing : std::move(results[i].text));
      }
    }

    std::vector<std::string> questions;
    for (const call_graph& calls : graphs) questions.push_back(prompts.solve(problem, calls));
    const frontier answers = co_await prompted_solutions(s, std::move(questions));
    static_cast<void>(co_await s.score(answers));
    s.retire(answers);
    co_return s.candidates();
  }

 private:
  static call_graph planned(const std::string& plan) {
    call_graph calls(rewoo_references);
    for (planned_call& call : read_rewoo_plan(plan)) calls.add(std::move(call));
    return calls;
  }
};

}  // namespace outthink
