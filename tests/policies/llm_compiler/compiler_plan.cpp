// SPDX-License-Identifier: MIT
#include <outthink/policies/llm_compiler/compiler_plan.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::compiler_plan_reader;
using outthink::read_joiner;

namespace {

std::string written(const std::vector<outthink::planned_call>& calls) {
  std::string text;
  for (const auto& call : calls) {
    text += std::to_string(call.number) + ' ' + call.tool + '<' + call.input + ">\n";
  }
  return text;
}

}  // namespace

TEST_CASE("compiler_plan_reader reads a published plan") {
  compiler_plan_reader reader;
  const auto calls = reader.read(
      "1. search('Mount Everest')\n"
      "2. math(\"half of Mount Everest height in meter?\", [\"$1\"])\n"
      "3. search(\"Mount Kilimanjaro\")\n"
      "Thought: now the difference\n"
      "4. math(\"abs($2 - $3)\")\n"
      "Thought: I can answer the question now.\n"
      "5. join()<END_OF_PLAN>\n");
  CHECK(written(calls) ==
        "1 search<Mount Everest>\n"
        "2 math<\"half of Mount Everest height in meter?\", [\"$1\"]>\n"
        "3 search<Mount Kilimanjaro>\n"
        "4 math<abs($2 - $3)>\n");
  CHECK(calls[0].thought.empty());
  CHECK(calls[3].thought == "now the difference");
  CHECK(reader.ended());
}

TEST_CASE(
    "compiler_plan_reader: line by line gives the same, thoughts are kept for the next call") {
  compiler_plan_reader reader;
  CHECK(reader.read("Thought: why\n").empty());
  CHECK(reader.read("\n").empty());
  const auto calls = reader.read(" 12. f(g(1), \"a\", \"b\")\n");
  CHECK(written(calls) == "12 f<g(1), \"a\", \"b\">\n");
  CHECK(calls[0].thought == "why");
  CHECK_FALSE(reader.ended());
  CHECK(reader.read("13. join()").empty());
  CHECK(reader.ended());
  CHECK(reader.read("14. f()\n").empty());
}

TEST_CASE("compiler_plan_reader skips what is no call") {
  for (const char* text :
       {"", "1.", "1. f", "1. f(", "1. f)(", "1.f(x)", "f(x)", "one. f(x)", "99999999999. f(x)"}) {
    CAPTURE(text);
    compiler_plan_reader reader;
    CHECK(reader.read(text).empty());
    CHECK_FALSE(reader.ended());
  }
  compiler_plan_reader reader;
  CHECK(written(reader.read("7. f()\n8. g(\"\")")) == "7 f<>\n8 g<>\n");
}

TEST_CASE("read_joiner reads an answer or the wish for another plan") {
  const auto done = read_joiner("Thought: The smaller is 912\nAction: Finish(f(912))\n");
  CHECK(done.thought == "The smaller is 912");
  CHECK(done.answer == "f(912)");
  CHECK_FALSE(done.replans);
  const auto again = read_joiner("Thought: no height found\nAction: Replan(search more)");
  CHECK(again.thought == "no height found");
  CHECK(again.replans);
  CHECK(read_joiner("Action: Finish(do not Replan)").replans == false);
  CHECK(read_joiner("just 7").answer == "just 7");
  CHECK(read_joiner("Action: Finish").answer == "Action: Finish");
}
