// SPDX-License-Identifier: MIT
// An aggregator of your own: the median of numeric answers, for questions with nearly right ones.
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace outthink;

/// A function of the finished candidates: the position of the chosen one, and a confidence.
struct median_answer {
  decision operator()(std::span<const candidate> candidates) const {
    std::vector<std::pair<double, std::size_t>> numbers;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      numbers.emplace_back(std::atof(candidates[i].answer.c_str()), i);
    }
    if (numbers.empty()) return {};
    std::sort(numbers.begin(), numbers.end());
    const double median = numbers[numbers.size() / 2].first;
    const auto near = std::count_if(numbers.begin(), numbers.end(), [median](const auto& n) {
      return std::abs(n.first - median) <= 0.1 * std::abs(median);
    });
    return {numbers[numbers.size() / 2].second,
            static_cast<double>(near) / static_cast<double>(numbers.size())};
  }
};

int main() {
  // A stand-in for a model that estimates: right on average, far off now and then.
  backends::scripted model{[](const generation_request&, random_stream& random) {
    const bool far_off = random.uniform() < 0.2;
    return fmt::format("{:.0f}", far_off ? 9000 * random.uniform() : 330 + 25 * random.uniform());
  }};

  for (const int n : {1, 5, 25, 125}) {
    const outcome result = solve("How high is the Eiffel Tower, in metres?", model,
                                 repeated_sampling{.n = n}, no_verifier{}, median_answer{});
    fmt::print("median of {:>3}: {} m, {:.0f} % of the estimates near it\n", n, result.answer,
               100 * result.confidence);
  }
}
