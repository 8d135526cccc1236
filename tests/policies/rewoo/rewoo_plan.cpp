// SPDX-License-Identifier: MIT
#include <outthink/policies/rewoo/rewoo_plan.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using outthink::call_graph;
using outthink::planned_call;
using outthink::read_rewoo_plan;
using outthink::rewoo_prompts;

// The example of the paper's planner.
TEST_CASE("read_rewoo_plan reads what each plan calls, with its thought") {
  const auto calls = read_rewoo_plan(
      "Plan: Given Thomas worked x hours, translate the problem into algebraic expressions and "
      "solve with Wolfram Alpha.\n"
      "#E1 = WolframAlpha[Solve x + (2x − 10) + ((2x − 10) − 8) = 157]\n"
      "Plan: Find out the number of hours Thomas worked.\n"
      "#E2 = LLM[What is x, given #E1]\n"
      "Plan: Calculate the number of hours Rebecca worked.\n"
      "#E3 = Calculator[(2 * #E2 − 10) − 8]\n");
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].number == 1);
  CHECK(calls[0].tool == "WolframAlpha");
  CHECK(calls[0].input == "Solve x + (2x − 10) + ((2x − 10) − 8) = 157");
  CHECK(calls[1].thought == "Find out the number of hours Thomas worked.");
  CHECK(calls[1].input == "What is x, given #E1");
  CHECK(calls[2].number == 3);
  CHECK(calls[2].tool == "Calculator");
}

TEST_CASE(
    "read_rewoo_plan: ids may have two digits, inputs may hold brackets, spaces do not count") {
  const auto calls = read_rewoo_plan("  #E10=  Search [ a[1] and #E9[2] ]  \r\n#E11 = LLM[]");
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].number == 10);
  CHECK(calls[0].tool == "Search");
  CHECK(calls[0].input == " a[1] and #E9[2] ");
  CHECK(calls[1].number == 11);
  CHECK(calls[1].input.empty());
}

TEST_CASE("read_rewoo_plan skips what is no call") {
  for (const char* text :
       {"", "\n\n", "Plan:", "Plan: #E1 = LLM[x]", "#E = LLM[x]", "#E1 LLM[x]", "#E1 = LLM",
        "#E1 = LLM]x[", "#E1 = LLM[x", "#E99999999999 = LLM[x]", "E1 = LLM[x]"}) {
    CAPTURE(text);
    CHECK(read_rewoo_plan(text).empty());
  }
}

TEST_CASE("rewoo_prompts: the solver reads each plan once, with the evidence of all its calls") {
  call_graph calls(outthink::rewoo_references);
  for (planned_call& call :
       read_rewoo_plan("Plan: look\n#E1 = S[a]\n#E2 = S[b]\nPlan: add\n#E3 = C[#E1+#E2]")) {
    calls.add(std::move(call));
  }
  for (const std::size_t i : calls.start()) calls.finish(i, std::to_string(i + 3));
  for (const std::size_t i : calls.start()) calls.finish(i, calls.input(i));
  const std::string prompt = rewoo_prompts{}.solve("What is a + b?", calls);
  CHECK(prompt.find("Plan: look\nEvidence: 3\nEvidence: 4\nPlan: add\nEvidence: [3]+[4]\n") !=
        std::string::npos);
  CHECK(prompt.find("What is a + b?") != std::string::npos);
  CHECK(rewoo_prompts{.tools = "S[x]: looks x up\n"}.plan("P").find("S[x]: looks x up\n") !=
        std::string::npos);
}
