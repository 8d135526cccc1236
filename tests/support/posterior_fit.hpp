// SPDX-License-Identifier: MIT
#pragma once

#include "chi_square.hpp"
#include <outthink/core/random_stream.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace outthink::test {

/// How well 20,000 draws from a posterior fit 20 cells of equal probability: that of a deviation at
/// least as large. `cdf` maps a draw to [0, 1].
template <class Posterior, class Cdf>
double posterior_fit(const Posterior& posterior, std::uint64_t key, const Cdf& cdf) {
  random_stream random({.key = key, .place = 0});
  std::vector<std::uint64_t> seen(20);
  for (int i = 0; i < 20'000; ++i) {
    const double u = random.uniform() + 0x1p-54, v = random.uniform() + 0x1p-54;
    const double p = cdf(draw(posterior, u, v));
    ++seen[p < 1 ? static_cast<std::size_t>(20 * p) : 19];
  }
  return chi_square_fit(seen, std::vector<double>(20, 0.05));
}

}  // namespace outthink::test
