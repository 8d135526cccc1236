// SPDX-License-Identifier: MIT
// Search in a world: plans are tried on a calculator that can only be cleared and typed on.
#include <outthink/backends/replayed_environment.hpp>
#include <outthink/outthink.hpp>
#include <outthink/policies/environment_search.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;

/// Starts at 2; keys are "*2", "+7" and "-3". Showing the problem's number is a solution.
struct calculator {
  int shown = 2;
  int wanted = 0;

  void reset(std::string_view problem) { shown = 2, wanted = std::atoi(problem.data()); }

  observation<backends::hidden_state> act(const std::string& key) {
    shown = key == "*2" ? shown * 2 : key == "+7" ? shown + 7 : shown - 3;
    return {.to = {},
            .text = fmt::format("= {}\n", shown),
            .now = shown == wanted ? situation::done : situation::open};
  }
};

/// The nearer the number that is shown last, the better.
struct nearness {
  using request = score_request;
  using response = verdict;

  static std::vector<verdict> answer(std::span<const score_request> batch) {
    std::vector<verdict> verdicts;
    for (const score_request& asked : batch) {
      const std::string text = asked.trace.text();
      const double off = std::atof(text.data()) - std::atof(&text[text.rfind('=') + 1]);
      verdicts.push_back({.scores = {1, static_cast<float>(1 / (1 + std::abs(off)))}});
    }
    return verdicts;
  }
};

int main() {
  backends::scripted model{[](const generation_request&, random_stream& random) {
    return std::vector<std::string>{"*2\n", "+7\n", "-3\n"}[random.below(3)];
  }};
  for (const char* number : {"9", "31", "100"}) {
    backends::replayed_environment world{calculator{}};
    const environment_search<decltype(world)> policy{&world};
    const outcome result = solve(number, model, policy, nearness{}, best_score{});
    fmt::print("{} actions tried, {} resets:\n{}", result.spent.other_calls, world.resets(),
               result.answer);
  }
}
