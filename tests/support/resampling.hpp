// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink::test {

/// How often each index was chosen.
inline std::vector<std::uint64_t> copies_of(std::span<const std::uint32_t> chosen,
                                            std::size_t indices) {
  std::vector<std::uint64_t> copies(indices);
  for (const std::uint32_t i : chosen) ++copies.at(i);
  return copies;
}

inline std::vector<double> random_uniforms(random_stream& random, std::size_t count) {
  std::vector<double> uniforms(count);
  for (double& u : uniforms) u = random.uniform();
  return uniforms;
}

/// Weights of which about every third is 0 and that do not sum to 1; the first is not 0.
inline std::vector<double> random_weights(random_stream& random, std::size_t count) {
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i)
    weights[i] = i > 0 && random.below(3) == 0 ? 0 : 5 * random.uniform() + 0.01;
  return weights;
}

/// The first index whose cumulative weight exceeds `point` of the total; by definition, slowly.
inline std::uint32_t inverse_cdf(std::span<const double> weights, double point) {
  double total = 0, cumulative = 0;
  for (const double w : weights) total += w;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    cumulative += weights[i];
    if (cumulative > point * total) return static_cast<std::uint32_t>(i);
  }
  return static_cast<std::uint32_t>(weights.size());
}

}  // namespace outthink::test
