// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink {

/// @brief Groups things by their distances: average-linkage clustering, cut at a distance.
///
/// How it works: the two closest groups are merged, at first of one thing each, until no two are
/// within `cut`; groups are as far apart as their members on average.
/// Shapes and units: `distances` [n · n], symmetric. The result [n]: the group of each thing,
/// numbered in the order of their first members.
/// Requires: nothing; a distance of NaN is beyond every cut.
/// Cost: O(n³), no more for what is far apart than n². Errors: `std::bad_alloc`.
/// Determinism: of equally close pairs the first is merged.
/// Reference: R. Sokal, C. Michener 1958 (UPGMA), with the update of G. Lance, W. Williams 1967.
[[nodiscard]] inline std::vector<std::uint32_t> average_linkage(std::vector<double> distances,
                                                                std::size_t n, double cut) {
  std::vector<std::uint32_t> group(n);
  std::vector<double> size(n, 1.0);  // of the group that begins with i; 0: merged into another
  for (std::size_t i = 0; i < n; ++i) group[i] = static_cast<std::uint32_t>(i);
  for (;;) {
    std::size_t a = n, b = n;
    double closest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; size[i] > 0 && j < n; ++j) {
        if (size[j] > 0 && distances[i * n + j] < closest)
          closest = distances[i * n + j], a = i, b = j;
      }
    }
    if (a == n || closest > cut) break;
    for (std::size_t k = 0; k < n; ++k) {
      const double mean =
          (size[a] * distances[a * n + k] + size[b] * distances[b * n + k]) / (size[a] + size[b]);
      distances[a * n + k] = distances[k * n + a] = mean;
    }
    size[a] += size[b];
    size[b] = 0;
    for (std::uint32_t& g : group) g = g == b ? static_cast<std::uint32_t>(a) : g;
  }
  std::uint32_t next = 0;
  std::vector<std::uint32_t> number(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (group[i] == i) number[i] = next++;
    group[i] = number[group[i]];
  }
  return group;
}

}  // namespace outthink
