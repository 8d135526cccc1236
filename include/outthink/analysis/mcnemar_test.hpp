// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// The problems on which two strategies differ.
struct discordant_pairs {
  std::uint64_t first_only = 0;   ///< solved by the first alone
  std::uint64_t second_only = 0;  ///< solved by the second alone
};

/// Counts the problems that one of two strategies solved alone; `first` and `second` [n], 0 or 1,
/// of the same problems. Throws `errc::invalid_argument` for different lengths.
[[nodiscard]] inline discordant_pairs count_discordant(std::span<const std::uint8_t> first,
                                                       std::span<const std::uint8_t> second) {
  require(first.size() == second.size(),
          "count_discordant: give both strategies' results on the same problems");
  discordant_pairs pairs;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != 0 && second[i] == 0) ++pairs.first_only;
    if (first[i] == 0 && second[i] != 0) ++pairs.second_only;
  }
  return pairs;
}

/// Two p-values of McNemar's test, both two-sided.
struct mcnemar_p {
  double exact = 1;  ///< never above the level more often than it says
  double mid = 1;    ///< counts the observed split half: closer to the level, seldom above
};

/// @brief Whether one of two strategies solves more of the same problems than chance explains:
/// McNemar's exact test.
///
/// How it works: problems that both or neither solve say nothing; of the other n each would be the
/// first's with probability 1/2 if the strategies were equally good. The p-value is twice the
/// probability of a split at least as uneven, 2 · Σ C(n, i) / 2ⁿ over i ≤ min.
/// Requires: nothing; no discordant problem gives 1. For one run of each strategy; with several
/// seeds take `paired_bootstrap`. Cost: O(n) at most. Errors: none.
/// Numerics: relative error about 1e-15 · n: terms are added from the largest down, the largest by
/// logarithms. Reference: Q. McNemar 1947, "Note on the sampling error of the difference between
/// correlated proportions or percentages"; mid: M. Fagerland et al. 2013, "The McNemar test for
/// binary matched-pairs data".
[[nodiscard]] inline mcnemar_p mcnemar_test(const discordant_pairs& pairs) noexcept {
  const std::uint64_t fewer =
      pairs.first_only < pairs.second_only ? pairs.first_only : pairs.second_only;
  const std::uint64_t all = pairs.first_only + pairs.second_only;
  if (all == 0) return {};
  // ln of C(all, fewer) / 2^all.
  double log_largest = -static_cast<double>(all) * 0.69314718055994530942;
  for (std::uint64_t i = 1; i <= fewer; ++i)
    log_largest += std::log(static_cast<double>(all - fewer + i) / static_cast<double>(i));
  const double largest = std::exp(log_largest);
  double term = largest, sum = 0;
  for (std::uint64_t i = fewer; term > 0x1p-60 * sum; --i) {
    sum += term;
    if (i == 0) break;
    term *= static_cast<double>(i) / static_cast<double>(all - i + 1);
  }
  const double exact = std::fmin(1.0, 2 * sum);
  // An even split is its own mirror image: half of it is as uneven in each direction.
  const double mid = pairs.first_only == pairs.second_only ? 1 - largest / 2 : 2 * sum - largest;
  return {exact, std::fmin(1.0, mid)};
}

}  // namespace outthink
