// SPDX-License-Identifier: MIT
#pragma once

#include "logit_rows.hpp"

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

}  // namespace outthink::test
