// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using outthink::confidence_measure;
using outthink::trace_confidence;
using enum outthink::confidence_measure;

TEST_CASE("trace_confidence of the published example") {
  const std::vector<float> tokens{3, 1, 1, 5};  // groups of two: 2, 1, 3
  CHECK(trace_confidence(tokens, mean, 2) == 2.5F);
  CHECK(trace_confidence(tokens, tail, 2) == 3.0F);
  CHECK(trace_confidence(tokens, lowest_group, 2) == 1.0F);
  CHECK(trace_confidence(tokens, bottom_groups, 2) == 1.0F);
}

TEST_CASE("trace_confidence of a trace shorter than a window is its mean") {
  const std::vector<float> tokens{3, 1, 2};
  for (const confidence_measure each : {mean, tail, lowest_group, bottom_groups})
    CHECK(trace_confidence(tokens, each) == 2.0F);
  CHECK(trace_confidence({}, mean) == -std::numeric_limits<float>::infinity());
}

TEST_CASE("trace_confidence agrees with sums over every window") {
  outthink::random_stream random({.key = 4, .place = 4});
  std::vector<float> tokens(3000);
  for (float& token : tokens) token = static_cast<float>(20 * random.uniform());
  for (const std::size_t window : {1U, 7U, 100U, 2048U, 3000U}) {
    std::vector<double> groups;
    for (std::size_t i = 0; i + window <= tokens.size(); ++i) {
      double sum = 0;
      for (std::size_t j = i; j < i + window; ++j) sum += static_cast<double>(tokens[j]);
      groups.push_back(sum / static_cast<double>(window));
    }
    const double last = groups.back();
    std::sort(groups.begin(), groups.end());
    const std::size_t bottom = std::max<std::size_t>(1, groups.size() / 10);
    double lowest = 0;
    for (std::size_t i = 0; i < bottom; ++i) lowest += groups[i] / static_cast<double>(bottom);
    const auto close = [](float ours, double exact) {
      return std::abs(static_cast<double>(ours) - exact) <= 1e-6 * exact;
    };
    CHECK(close(trace_confidence(tokens, tail, window), last));
    CHECK(close(trace_confidence(tokens, lowest_group, window), groups.front()));
    CHECK(close(trace_confidence(tokens, bottom_groups, window), lowest));
  }
}

TEST_CASE("trace_confidence with NaN is NaN, or drops the group from the bottom tenth") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> tokens{3, nan, 1, 5};
  CHECK(std::isnan(trace_confidence(tokens, mean, 2)));
  CHECK(std::isnan(trace_confidence(tokens, lowest_group, 2)));
  CHECK(trace_confidence(tokens, bottom_groups, 2) == 3.0F);
}

TEST_CASE("trace_confidence finds the lowest group, or NaN, wherever it is") {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::vector<float> tokens(size, 5);
      tokens[at] = 2;
      CHECK(trace_confidence(tokens, lowest_group, 1) == 2.0F);
      tokens[at] = std::numeric_limits<float>::quiet_NaN();
      CHECK(std::isnan(trace_confidence(tokens, lowest_group, 1)));
    }
  }
}

TEST_CASE("token_reduction is trace_confidence with its options set") {
  const std::vector<float> tokens{3, 1, 1, 5};
  CHECK(outthink::token_reduction{}(tokens) == 2.5F);
  CHECK(outthink::token_reduction{outthink::confidence_measure::lowest_group, 2}(tokens) == 1);
  const outthink::token_reduction empty_window{.window = 0};
  CHECK_THROWS_AS(static_cast<void>(empty_window(tokens)), outthink::error);
}
