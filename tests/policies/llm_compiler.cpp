// SPDX-License-Identifier: MIT
#include "../support/scripted_tools.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/llm_compiler.hpp>
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

/// "plan" or "join" and the history.
struct bare_prompts {
  static std::string plan(std::string_view, std::string_view history) {
    return "plan\n" + std::string(history);
  }
  static std::string join(std::string_view, std::string_view history, bool last) {
    return (last ? "must join\n" : "join\n") + std::string(history);
  }
};

/// Writes the n-th plan after n - 1 earlier ones, whole or its next line, and what `join` says.
template <class Join>
auto planner(std::vector<std::string> plans, Join join) {
  return backends::scripted([plans, join](const generation_request& asked, random_stream&) {
    const std::string_view prompt = asked.trace.prompt();
    generation made;
    if (!prompt.starts_with("plan\n")) {
      made.text = join(prompt);
      return made;
    }
    std::size_t earlier = 0;
    for (std::size_t at = 0; (at = prompt.find("Thought: more", at)) != std::string::npos; ++at)
      ++earlier;
    made.text = plans[earlier].substr(asked.trace.solution().size());
    made.text = made.text.substr(0, asked.rule->first_step(made.text));
    const bool ends = asked.trace.solution().size() + made.text.size() == plans[earlier].size();
    made.ended = ends ? finish::text_end : finish::step_end;
    made.spent.tokens_written = 1;
    return made;
  });
}

/// Finishes with the last observation.
std::string last_seen(std::string_view prompt) {
  const std::size_t begin = prompt.rfind("Observation: ") + 13;
  return "Thought: seen\nAction: Finish(" +
         std::string(prompt.substr(begin, prompt.find('\n', begin) - begin)) + ")";
}

auto quoting() {
  return scripted_tools([](const tool_call& call) { return tool_result{"<" + call.input + ">"}; });
}

// The paper's question about the fastest and the slowest animal.
const std::string kAnimals =
    "1. search(\"cheetah\")\n2. math(\"slower $1\")\n3. search(\"greyhound\")\n"
    "4. math(\"faster $3\")\n5. search(\"falcon\")\n6. math(\"slower $5\")\n"
    "7. math(\"max($2, $4, $6) / min($2, $4, $6)\")\nThought: I can answer the question now.\n"
    "8. join()<END_OF_PLAN>\n";

}  // namespace

TEST_CASE(
    "llm_compiler makes calls side by side: tasks 1, 2, then 3 that needs both, are 2 rounds") {
  auto model = planner({"1. f(a)\n2. f(b)\n3. f($1 $2)\n4. join()\n"}, &last_seen);
  auto tools = quoting();
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  CHECK(tools.batches == std::vector<std::size_t>{2, 1});  // of 10 ms each: 20 ms, not 30
  CHECK(tools.called[2] == "f(<a> <b>)");
  CHECK(result.answer == "<<a> <b>>");
  CHECK(result.spent.model_calls == 2);
  CHECK(result.spent.other_calls == 3);
}

TEST_CASE("llm_compiler: a published plan of seven calls takes three rounds") {
  auto model = planner({kAnimals}, &last_seen);
  auto tools = quoting();
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  CHECK(tools.batches == std::vector<std::size_t>{3, 3, 1});
  CHECK(result.answer ==
        "<max(<slower <cheetah>>, <faster <greyhound>>, <slower <falcon>>) / "
        "min(<slower <cheetah>>, <faster <greyhound>>, <slower <falcon>>)>");
}

TEST_CASE("llm_compiler, streamed: calls are made while the plan is being written") {
  auto model = planner({kAnimals}, &last_seen);
  auto tools = quoting();
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools, .streamed = true};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  // Each is made in the round after its line, beside the next line.
  CHECK(tools.batches == std::vector<std::size_t>(7, 1));
  CHECK(tools.called[1] == "math(slower <cheetah>)");
  CHECK(result.spent.model_calls == 9 + 1);
  auto whole = planner({kAnimals}, &last_seen);
  const llm_compiler<decltype(tools), bare_prompts> at_once{.tools = &tools};
  CHECK(solve("p", whole, at_once, no_verifier{}, majority_vote{}).answer == result.answer);
}

TEST_CASE("llm_compiler, streamed: writing is not held up by a call that cannot be made yet") {
  // 2 needs 1, which is made while line 2 is written; 3 and 4 are ready with their lines.
  auto model = planner({"1. f(a)\n2. f($1)\n3. f(b)\n4. f($2 $3)\n"}, &last_seen);
  auto tools = quoting();
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools, .streamed = true};
  CHECK(solve("p", model, policy, no_verifier{}, majority_vote{}).answer == "<<<a>> <b>>");
  CHECK(tools.called == std::vector<std::string>{"f(a)", "f(<a>)", "f(b)", "f(<<a>> <b>)"});
}

TEST_CASE(
    "llm_compiler: a call that fails ends what needs it; the joiner sees why and plans again") {
  auto tools = scripted_tools([](const tool_call& call) {
    return tool_result{.text = call.input == "a" ? "timeout" : "<" + call.input + ">",
                       .failed = call.input == "a"};
  });
  std::vector<std::string> read;
  const auto join = [&read](std::string_view prompt) {
    read.emplace_back(prompt);
    return prompt.starts_with("join") ? std::string("Thought: more\nAction: Replan(a)")
                                      : last_seen(prompt);
  };
  auto model = planner(
      {"1. f(a)\n2. f($1)\n3. f(b)\n4. join()\n", "5. f(c)\n6. f($3 $5)\n7. join()\n"}, join);
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  REQUIRE(read.size() == 2);
  CHECK(read[0] ==
        "join\n1. f(a)\nError: timeout\n2. f($1)\nError: $1 failed, and this call needs it\n"
        "3. f(b)\nObservation: <b>\n");
  CHECK(read[1] == "must " + read[0] +
                       "Thought: more\n\n5. f(c)\nObservation: <c>\n6. f($3 $5)\n"
                       "Observation: <<b> <c>>\n");
  CHECK(tools.called == std::vector<std::string>{"f(a)", "f(b)", "f(c)", "f(<b> <c>)"});
  CHECK(result.answer == "<<b> <c>>");
}

TEST_CASE("llm_compiler: the last joiner must answer, whatever it says") {
  auto model = planner({"1. join()\n", "2. join()\n", "3. join()\n"}, [](std::string_view) {
    return std::string("Thought: more\nAction: Replan(x)");
  });
  auto tools = quoting();
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools, .plans = 3};
  const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
  CHECK(result.answer == "x");
  CHECK(result.spent.model_calls == 6);
  CHECK(tools.called.empty());
}

TEST_CASE("llm_compiler: what a tool throws fails the problem, and nothing is waited for") {
  auto tools = scripted_tools([](const tool_call& call) -> tool_result {
    if (call.input == "b") throw std::runtime_error("no network");
    return {call.input};
  });
  for (const bool streamed : {false, true}) {
    auto model = planner({"1. f(a)\n2. f(b)\n3. f($1 $2)\n4. f(c)\n5. join()\n"}, &last_seen);
    const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools, .streamed = streamed};
    const auto result = solve("p", model, policy, no_verifier{}, majority_vote{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("no network") != std::string::npos);
  }
}

TEST_CASE("llm_compiler: the answer is a solution of the problem, which is scored once") {
  auto model = planner({"1. f(a)\n2. join()\n"}, &last_seen);
  auto tools = quoting();
  test::scripted_verifier verifier([](std::string_view) { return 0.25; });
  const llm_compiler<decltype(tools), bare_prompts> policy{.tools = &tools};
  const auto result = solve("p", model, policy, verifier, majority_vote{});
  CHECK(verifier.steps_scored == std::vector<std::string>{"<a>"});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.candidates[0].step_scores == std::vector<float>{0.25F});
}

TEST_CASE("llm_compiler: a plan without an end is cut, and plans are no solutions") {
  auto tools = quoting();
  backends::scripted model([](const generation_request& asked, random_stream&) {
    const std::string_view prompt = asked.trace.prompt();
    return prompt.starts_with("plan\n") ? std::string("1. f(a)\n") : last_seen(prompt);
  });
  const llm_compiler<decltype(tools), bare_prompts> policy{
      .tools = &tools, .streamed = true, .max_lines = 5};
  CHECK(solve("p", model, policy, no_verifier{}, majority_vote{}).answer == "<a>");
  CHECK(tools.called.size() == 5);
  solve_options options;
  options.limits.other_calls = 0;
  auto whole = planner({"1. f(a)\n2. join()\n"}, &last_seen);
  const llm_compiler<decltype(tools), bare_prompts> other{.tools = &tools};
  const auto cut = solve("p", whole, other, no_verifier{}, majority_vote{}, options);
  CHECK(cut.status == outcome_status::budget_spent);
  CHECK(cut.candidates.empty());
}

TEST_CASE("llm_compiler refuses options out of range") {
  auto tools = quoting();
  auto model = planner({""}, &last_seen);
  using policy = llm_compiler<decltype(tools), bare_prompts>;
  for (const policy& options :
       {policy{.tools = nullptr}, policy{.tools = &tools, .plans = 0},
        policy{.tools = &tools, .max_lines = 0}, policy{.tools = &tools, .max_plan_tokens = 0}}) {
    const auto result = solve("p", model, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("llm_compiler: there must be tools") != std::string::npos);
  }
}
