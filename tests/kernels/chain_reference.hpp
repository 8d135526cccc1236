// SPDX-License-Identifier: MIT
#pragma once

#include "logit_rows.hpp"
#include <outthink/kernels/sample.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink::test {

/// The nucleus by a full sort in double precision, and how close p is to a step at which it
/// changes.
struct sorted_nucleus {
  std::vector<std::size_t> tokens;  ///< ranked
  double margin;
};
inline sorted_nucleus nucleus_of(std::span<const float> row, double p, double temperature = 1) {
  const auto probabilities = probabilities_of(row, temperature);
  sorted_nucleus nucleus{{}, 1};
  double mass = 0;
  for (const std::size_t token : ranked_tokens(row)) {
    nucleus.margin = std::min(nucleus.margin, std::fabs(mass - p));
    if (!nucleus.tokens.empty() && mass >= p) break;
    nucleus.tokens.push_back(token);
    mass += probabilities[token];
  }
  nucleus.margin = std::min(nucleus.margin, std::fabs(mass - p));
  return nucleus;
}

/// The row with all tokens but those given at -inf.
inline std::vector<float> only(std::span<const float> row, std::span<const std::size_t> tokens) {
  std::vector<float> kept(row.size(), minus_inf);
  for (const std::size_t token : tokens) kept[token] = row[token];
  return kept;
}

/// The row after bias, mask and penalties, in the order that is documented.
inline std::vector<float> changed(std::vector<float> row, const kernels::sample_options& o) {
  for (const kernels::token_bias& b : o.bias) row[b.token] += b.bias;
  for (const kernels::token_count& s : o.penalties.seen) {
    float& z = row[s.token];
    z = z > 0 ? z / o.penalties.repetition : z * o.penalties.repetition;
    z -= o.penalties.presence + o.penalties.frequency * static_cast<float>(s.count);
  }
  for (std::size_t i = 0; i < row.size() && !o.allowed.empty(); ++i) {
    if ((o.allowed[i / 32] >> (i % 32) & 1) == 0) row[i] = minus_inf;
  }
  return row;
}

/// Truncates plainly, by sorting; `margin` is how far top_p is from changing the set.
inline std::vector<float> truncated(std::vector<float> row, const kernels::sample_options& o,
                                    double& margin) {
  const double temper = o.temperature_first ? static_cast<double>(o.temperature) : 1;
  auto order = ranked_tokens(row);
  if (o.top_k > 0 && o.top_k < order.size()) order.resize(o.top_k);
  row = only(row, order);
  margin = 1;
  if (o.top_p < 1) {
    const auto nucleus = nucleus_of(row, o.top_p, temper);
    margin = nucleus.margin;
    row = only(row, nucleus.tokens);
  }
  if (o.min_p > 0) {
    const double cut = largest_of(row) + std::log(o.min_p) * temper;
    for (float& z : row) {
      if (std::fabs(static_cast<double>(z) - cut) < 1e-5) margin = 0;
      if (static_cast<double>(z) < cut) z = minus_inf;
    }
  }
  return row;
}

}  // namespace outthink::test
