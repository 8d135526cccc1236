// SPDX-License-Identifier: MIT
#include "../archetypes/toolbox.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_tools.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/rewoo.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::scripted_tools;

namespace {

/// Plans are asked for with "plan", answers with all evidence, each in a line.
struct bare_prompts {
  static std::string plan(std::string_view problem) { return "plan " + std::string(problem); }
  static std::string solve(std::string_view, const call_graph& calls) {
    std::string evidence;
    for (std::size_t i = 0; i < calls.size(); ++i) evidence += calls.result(i) + '\n';
    return evidence;
  }
};

/// Writes `plan` when asked for a plan; answers by the last line of its evidence.
auto planner(std::string plan) {
  return backends::scripted([plan](const generation_request& asked, random_stream&) {
    std::string prompt(asked.trace.prompt());
    if (prompt.starts_with("plan ")) return plan;
    if (prompt.empty()) return std::string("none");
    prompt.pop_back();
    return prompt.substr(prompt.rfind('\n') + 1);
  });
}

template <class Tools>
outcome run(Tools& tools, const std::string& plan) {
  auto model = planner(plan);
  const rewoo<Tools, bare_prompts> policy{.tools = &tools};
  return solve("p", model, policy, no_verifier{}, majority_vote{});
}

auto letters() {
  return scripted_tools([](const tool_call& call) {
    return tool_result{.text = "X", .failed = call.tool != "LLM", .spent = {.tokens_written = 5}};
  });
}

}  // namespace

TEST_CASE("rewoo puts evidence between brackets: `who is #E1?` asks `who is [X]?`") {
  auto tools = letters();
  const auto result = run(tools, "#E1 = LLM[name]\n#E2 = LLM[who is #E1?]\n");
  CHECK(tools.called == std::vector<std::string>{"LLM(name)", "LLM(who is [X]?)"});
  CHECK(result.answer == "X");
}

TEST_CASE("rewoo: #E10 is the tenth evidence, not the first and a 0") {
  auto tools = scripted_tools([](const tool_call& call) { return tool_result{call.input}; });
  std::string plan;
  for (int i = 1; i <= 10; ++i) {
    plan += "#E" + std::to_string(i) + " = LLM[" + std::string(1, static_cast<char>('a' + i - 1)) +
            "]\n";
  }
  const auto result = run(tools, plan + "#E11 = LLM[#E1 #E10]\n");
  CHECK(result.answer == "[a] [j]");
  CHECK(tools.batches == std::vector<std::size_t>{10, 1});  // side by side where possible
}

TEST_CASE("rewoo generates twice, however many calls there are; the tools' tokens are charged") {
  for (const int calls : {0, 1, 5, 30}) {
    CAPTURE(calls);
    std::string plan = "Plan: nothing yet\n";
    for (int i = 1; i <= calls; ++i)
      plan += "#E" + std::to_string(i) + " = LLM[#E" + std::to_string(i - 1) + "]\n";
    auto tools = letters();
    const auto result = run(tools, calls == 0 ? plan : "#E0 = LLM[x]\n" + plan);
    CHECK(result.status == outcome_status::answered);
    CHECK(result.spent.model_calls == 2);
    CHECK(result.spent.other_calls == tools.called.size());
    CHECK(tools.called.size() == static_cast<std::size_t>(calls == 0 ? 0 : calls + 1));
    CHECK(result.spent.tokens == (calls == 0 ? plan : "#E0 = LLM[x]\n" + plan).size() +
                                     5 * tools.called.size() + result.answer.size());
  }
}

TEST_CASE("rewoo answers even where tools fail and plans are wrong") {
  auto tools = letters();
  CHECK(run(tools, "#E1 = Oracle[x]\n#E2 = LLM[from #E1]\n").answer == "X");
  CHECK(tools.called == std::vector<std::string>{"Oracle(x)", "LLM(from [No evidence found.])"});
  tools.called.clear();
  CHECK(run(tools, "#E1 = LLM[#E2]\n").answer == "#E2 is not planned before this call");
  CHECK(tools.called.empty());
}

TEST_CASE("rewoo: what a tool throws fails the problem and no other") {
  auto model = planner("#E1 = LLM[x]\n");
  auto tools = scripted_tools([](const tool_call& call) -> tool_result {
    if (call.input == "x") throw std::runtime_error("no network");
    return {call.input};
  });
  const rewoo<decltype(tools), bare_prompts> policy{.tools = &tools};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message.find("no network") != std::string::npos);
}

TEST_CASE(
    "rewoo: several plans are carried out side by side, their answers are judged as solutions") {
  backends::scripted model([](const generation_request& asked, random_stream& random) {
    const std::string prompt(asked.trace.prompt());
    if (prompt != "plan p") return prompt.substr(0, prompt.size() - 1);
    const std::string which = std::to_string(random.below(1000));
    return "#E1 = say[" + which + "]\n";
  });
  archetypes::echo tools("say");
  test::scripted_verifier verifier(
      [](std::string_view answer) { return std::stod(std::string(answer)) / 1000; });
  const rewoo<archetypes::echo, bare_prompts> policy{.tools = &tools, .plans = 5};
  const auto result = solve("p", model, policy, verifier, best_score{});
  REQUIRE(result.candidates.size() == 5);
  CHECK(result.spent.model_calls == 10);
  CHECK(result.spent.other_calls == 5);
  for (const candidate& one : result.candidates)
    CHECK(std::stoi(result.answer) >= std::stoi(one.answer));
  CHECK(verifier.batches == std::vector<std::size_t>{5});
}

TEST_CASE("rewoo: a plan is not a solution when the budget ends the search behind it") {
  auto tools = letters();
  auto model = planner("#E1 = LLM[x]\n");
  const rewoo<decltype(tools), bare_prompts> policy{.tools = &tools};
  solve_options options;
  options.limits.other_calls = 0;
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{}, options);
  CHECK(result.status == outcome_status::budget_spent);
  CHECK(result.candidates.empty());
}

TEST_CASE("rewoo refuses options out of range") {
  auto tools = letters();
  auto model = planner("");
  using policy = rewoo<decltype(tools), bare_prompts>;
  for (const policy& options : {policy{.tools = nullptr}, policy{.tools = &tools, .plans = 0}}) {
    const auto result = solve("p", model, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("rewoo: there must be tools") != std::string::npos);
  }
}
