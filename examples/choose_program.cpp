// SPDX-License-Identifier: MIT
// Choosing a program without a checker: run all of them, and see who agrees with whom.
#include <outthink/aggregators/b4.hpp>
#include <outthink/aggregators/codet.hpp>
#include <outthink/aggregators/functional_consensus.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace outthink;

namespace {

int run(std::string_view program, int x) {  // a sandbox would stand here
  if (program == "x < 0 ? -x : x") return x < 0 ? -x : x;
  if (program == "std::max(x, -x)") return std::max(x, -x);
  return program == "-x" ? -x : program == "x * x" ? x * x : x;
}

// What a program does: its outputs, one a line, or which of five generated tests it passes. The
// last test is wrong.
std::string outputs(std::string_view program) {
  std::string all = std::to_string(run(program, -3));
  for (const int x : {-1, 0, 2}) all += '\n' + std::to_string(run(program, x));
  return all;
}
std::string passes(std::string_view program) {
  std::string all;
  for (const int x : {-3, -1, 0, 2}) all += run(program, x) == std::abs(x) ? '1' : '0';
  return all + (run(program, 2) == 4 ? '1' : '0');
}

}  // namespace

int main() {
  // 1. Eight programs for the absolute value, most of them wrong. A real model would write them.
  backends::scripted model([](const generation_request& asked, random_stream&) {
    const char* programs[] = {"x", "-x", "x < 0 ? -x : x", "x * x", "std::max(x, -x)"};
    return std::string(programs[asked.ordinal % 5]);
  });
  const repeated_sampling sample{.n = 8};

  // 2. The key runs a program, the aggregator compares what came out.
  const outcome by_output = solve("|x|", model, sample, no_verifier{}, functional_consensus{},
                                  {.key = [](std::string_view answer) { return outputs(answer); }});
  const solve_options by_test{.key = [](std::string_view answer) { return passes(answer); }};
  const outcome agreeing = solve("|x|", model, sample, no_verifier{}, codet{}, by_test);
  const outcome probable = solve("|x|", model, sample, no_verifier{}, b4{}, by_test);
  fmt::print("functional consensus: {}\nCodeT: {}\nB4: {}\n", by_output.answer, agreeing.answer,
             probable.answer);
}
