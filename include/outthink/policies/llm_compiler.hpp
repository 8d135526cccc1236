// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/concepts/toolbox.hpp>
#include <outthink/core/call_graph.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/policies/llm_compiler/compiler_plan.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Plans tool calls as a graph, makes them side by side, and answers or plans again:
/// LLMCompiler.
///
/// How it works: the planner writes calls whose inputs refer to each other's results as `$1`. A
/// call is made as soon as what it needs is there; if `streamed`, while the plan is still being
/// written, which then is drawn line by line. The joiner reads all calls and results, and finishes
/// with an answer or asks for another plan, whose calls may refer to earlier results, too. The last
/// time it must answer. A call that fails, or that refers to what is not planned before it, is
/// seen by the joiner, as are those that needed it and were not made.
///
/// Requires: `tools` that outlive the search; counts ≥ 1. `prompts.plan(problem, history)` and
/// `prompts.join(problem, history, last)` give texts.
/// Cost: two generations a plan (streamed: one and the plan's lines) and its calls; 2 rounds and
/// one for each call of the longest chain, of which streaming saves those beside the writing. One
/// scoring. Errors: `errc::invalid_argument` for options out of range; what tools throw.
/// Determinism: results do not depend on which tool is faster: within a round all are waited for.
/// To start each call the moment that its own needs are there, drive a `call_graph` by your own
/// loop. Reference: S. Kim et al. 2023, arXiv:2312.04511, and its code, for the formats. There a
/// tool that fails is waited for without end, and references that lead nowhere stay in the input.
/// Example: examples/llm_compiler.cpp.
template <toolbox Tools, class Prompts = llm_compiler_prompts>
struct llm_compiler {
  Tools* tools;                          ///< what plans may call
  int plans = 2;                         ///< at most, one after the other
  bool streamed = false;                 ///< calls are made while the plan is being written
  int max_lines = 64;                    ///< of a streamed plan, at most
  std::uint32_t max_plan_tokens = 1024;  ///< of a plan; of a line, if it is streamed
  Prompts prompts{};                     ///< writes the prompts of planner and joiner

  task<candidate_nodes> operator()(auto& s) const {
    require(tools != nullptr && plans >= 1 && max_lines >= 1 && max_plan_tokens >= 1,
            "llm_compiler: there must be tools, and counts of at least 1");
    const std::string problem(trace_view(s.tree(), s.root()).prompt());
    call_graph calls(compiler_references);
    std::string history;
    for (int plan = 1;; ++plan) {
      const std::size_t first = calls.size();
      co_await carry_out(s, prompts.plan(problem, history), calls);
      history += record(calls, first);
      const std::string question = prompts.join(problem, history, plan == plans);
      const frontier reply = co_await s.complete(s.branch(question).root(), 1);
      if (reply.empty()) break;
      const joiner_decision decision = read_joiner(trace_view(s.tree(), reply[0]).solution());
      if (!decision.replans || plan == plans) {
        const frontier answer{placed(s, reply[0], decision.answer)};
        static_cast<void>(co_await s.score(answer));
        s.retire(answer);
        break;
      }
      s.tree().set_status(reply[0], node_status::closed);
      history += "Thought: " + decision.thought + "\n\n";
    }
    co_return s.candidates();
  }

 private:
  // Draws a plan and makes its calls.
  task<> carry_out(auto& s, std::string prompt, call_graph& calls) const {
    const step_rule part{.delimiter = streamed ? "\n" : "",
                         .max_tokens = max_plan_tokens,
                         .stops = {"<END_OF_PLAN>"}};
    compiler_plan_reader reader;
    frontier writing{s.branch(prompt).root()};
    for (int parts = 0;; ++parts) {
      const std::vector<std::size_t> started = calls.start();
      if (writing.empty() && started.empty()) co_return;
      std::vector<tool_call> wanted;
      for (const std::size_t i : started) wanted.push_back({calls[i].tool, calls.input(i)});
      auto drawing = s.extend(writing, 1, part);
      auto making = s.ask(*tools, std::move(wanted));
      const auto drawn = co_await drawing;
      auto results = co_await making;
      for (std::size_t i = 0; i < results.size(); ++i) {
        calls.finish(started[i], std::move(results[i].text), results[i].failed);
      }
      writing.clear();
      for (const node_id line : drawn) {
        for (planned_call& call : reader.read(s.tree().payload(line).text)) {
          calls.add(std::move(call));
        }
        const bool goes_on = s.tree().status(line) == node_status::open && !reader.ended();
        if (goes_on && parts + 1 < max_lines) writing.push_back(line);
        if (!goes_on) s.tree().set_status(line, node_status::closed);
      }
    }
  }

  // The calls from `first` on, with what came of them.
  static std::string record(const call_graph& calls, std::size_t first) {
    std::string text;
    for (std::size_t i = first; i < calls.size(); ++i) {
      const planned_call& call = calls[i];
      if (!call.thought.empty()) text += "Thought: " + call.thought + '\n';
      text += std::to_string(call.number) + ". " + call.tool + '(' + call.input + ")\n";
      text += (calls.failed(i) ? "Error: " : "Observation: ") + calls.result(i) + '\n';
    }
    return text;
  }

  // The answer as a solution of the problem.
  static node_id placed(auto& s, node_id reply, const std::string& answer) {
    auto& tree = s.tree();
    const node_id step = graft_as_step(tree, reply, s.root(), tree.status(reply));
    const auto whole = tree.payload(step);
    tree.set_payload(step, {answer, whole.tokens, whole.logprob}, tree.status(step));
    return step;
  }
};

}  // namespace outthink
