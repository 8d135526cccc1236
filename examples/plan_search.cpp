// SPDX-License-Identifier: MIT
// Search over ideas: a model that always writes the same wrong program has other ideas when asked.
#include <outthink/outthink.hpp>
#include <outthink/policies/plan_search.hpp>
#include <outthink/verifiers/rule.hpp>

#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

using namespace outthink;

namespace {

int run(std::string_view program, int x) {  // a sandbox would stand here
  if (program == "x < 0 ? -x : x") return x < 0 ? -x : x;
  return program == "-x" ? -x : x;
}

double share_of_tests_passed(const trace_view& program) {
  int passed = 0;
  for (const int x : {-3, 0, 2}) passed += run(program.solution(), x) == std::abs(x) ? 1 : 0;
  return passed / 3.0;
}

// Stands for a model that writes x, unless its prompt reminds it of what it knows.
std::string remember(const generation_request& asked, random_stream&) {
  const std::string_view prompt = asked.trace.prompt();
  const auto says = [&](const char* part) { return prompt.find(part) != std::string_view::npos; };
  if (says("numbered list")) return "1. Negative numbers change their sign.\n2. Two cases.\n";
  const bool sign = says("Negative"), cases = says("Two cases");
  if (prompt == "|x|" || says("Write the program")) {
    return sign ? cases ? "x < 0 ? -x : x" : "-x" : "x";
  }
  return std::string("Think. ") + (sign ? "Negative numbers. " : "") + (cases ? "Two cases." : "");
}

}  // namespace

int main() {
  backends::scripted model(&remember);
  verifiers::rule tests(&share_of_tests_passed);
  const auto report = [&](const char* name, const auto& policy) {
    const outcome result = solve("|x|", model, policy, tests, best_score{});
    std::set<std::string> different;
    for (const candidate& one : result.candidates) different.insert(one.solution);
    fmt::print("{}: {} programs, {} different, the best: {}\n", name, result.candidates.size(),
               different.size(), result.answer);
  };
  report("repeated sampling", repeated_sampling{.n = 8});
  report("plan search", plan_search<>{.layers = 1});
}
