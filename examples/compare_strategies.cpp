// SPDX-License-Identifier: MIT
// Is twice the samples worth it? Accuracy with intervals, cost, and what differs beyond chance.
#include <outthink/analysis/bootstrap_interval.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>
#include <outthink/analysis/pareto_front.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;

int main() {
  // A stand-in for a model: each problem has an ease of its own, and two wrong answers.
  backends::scripted model{[](const generation_request& asked, random_stream& random) {
    const double ease = static_cast<double>(hash_text(asked.trace.prompt()) % 1000) / 1000;
    const bool right = random.uniform() < ease;
    return std::string(right ? "right" : random.uniform() < 0.7 ? "wrong" : "other");
  }};
  std::vector<problem> problems;
  for (int i = 0; i < 300; ++i) problems.emplace_back("problem " + std::to_string(i));

  constexpr std::size_t kSeeds = 3;
  const int samples[] = {1, 2, 4, 8, 16};
  std::vector<std::vector<double>> gains;  // of each strategy: [problems][seeds]
  std::vector<cost_point> points;
  for (const int n : samples) {
    gains.emplace_back(problems.size() * kSeeds);
    cost_point point;
    for (std::size_t seed = 0; seed < kSeeds; ++seed) {
      const auto outcomes = solve_all(problems, model, repeated_sampling{.n = n}, no_verifier{},
                                      majority_vote{}, {.seed = seed});
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        gains.back()[i * kSeeds + seed] = outcomes[i].answer == "right" ? 1 : 0;
        point.accuracy +=
            gains.back()[i * kSeeds + seed] / static_cast<double>(gains.back().size());
        point.cost += static_cast<double>(outcomes[i].spent.model_calls) / kSeeds;
      }
    }
    points.push_back(point);
  }
  const auto front = pareto_front(points);
  for (std::size_t s = 0; s < gains.size(); ++s) {
    const interval range = bootstrap_mean(gains[s], kSeeds, {.resamples = 2000});
    const bool worth = std::find(front.begin(), front.end(), s) != front.end();
    fmt::print("vote of {:>2}: {:.1f} % [{:.1f}, {:.1f}] for {:>4.0f} calls{}", samples[s],
               100 * points[s].accuracy, 100 * range.low, 100 * range.high, points[s].cost,
               worth ? "" : ", not worth it");
    if (s > 0) {
      const auto more = paired_bootstrap(gains[s - 1], gains[s], kSeeds, {.resamples = 2000});
      fmt::print("; {:+.1f} by doubling, p = {:.3f}", 100 * more.difference, more.p_value);
    }
    fmt::print("\n");
  }
}
