// SPDX-License-Identifier: MIT
#include <outthink/core/step_rule.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using outthink::step_rule;

namespace {

std::vector<std::string> cut(const step_rule& rule, std::string_view text) {
  std::vector<std::string> steps;
  while (!text.empty()) {
    steps.emplace_back(text.substr(0, rule.first_step(text)));
    text.remove_prefix(steps.back().size());
  }
  return steps;
}

}  // namespace

TEST_CASE("step_rule ends a step after its delimiter") {
  const step_rule rule;
  CHECK(cut(rule, "a\nb\nc") == std::vector<std::string>{"a\n", "b\n", "c"});
  CHECK(cut(rule, "a\n") == std::vector<std::string>{"a\n"});
  CHECK(cut(rule, "\n\n") == std::vector<std::string>{"\n", "\n"});
  CHECK(cut(rule, "").empty());
}

TEST_CASE("step_rule takes delimiters of several bytes") {
  const step_rule rule{.delimiter = "\n\n"};
  CHECK(cut(rule, "a\nb\n\nc\n\n\nd") == std::vector<std::string>{"a\nb\n\n", "c\n\n", "\nd"});
}

TEST_CASE("step_rule without a delimiter takes everything as one step") {
  step_rule rule;
  rule.delimiter.clear();
  CHECK(cut(rule, "a\nb\n\nc") == std::vector<std::string>{"a\nb\n\nc"});
}

TEST_CASE("step_rule stops at a step that contains a stop text") {
  step_rule rule;
  CHECK_FALSE(rule.stops_at("anything"));
  rule.stops = {"Answer:", "</s>"};
  CHECK(rule.stops_at("The Answer: 5\n"));
  CHECK(rule.stops_at("</s>"));
  CHECK_FALSE(rule.stops_at("The answer: 5\n"));
  CHECK_FALSE(rule.stops_at(""));
}

TEST_CASE("step_rule says where the stop text that ends first ends") {
  step_rule rule;
  CHECK(rule.first_stop("anything") == std::string_view::npos);
  rule.stops = {"long stop", "stop", "g s"};
  CHECK(rule.first_stop("a long stop") == 8);
  CHECK(rule.first_stop("a stop, a stop") == 6);
  CHECK(rule.first_stop("a stop, a stop", 6) == 14);
  CHECK(rule.first_stop("a stop, a stop", 14) == std::string_view::npos);
}

TEST_CASE("step_rule looks for a delimiter's end behind a position") {
  const step_rule rule{.delimiter = "\n\n"};
  CHECK(rule.first_step("a\n\nb\n\nc", 2) == 3);
  CHECK(rule.first_step("a\n\nb\n\nc", 3) == 6);
  CHECK(rule.first_step("a\n\nb\n\nc", 6) == 7);
}
