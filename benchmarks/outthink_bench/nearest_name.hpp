// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// How many characters must be inserted, left out, replaced or swapped with their neighbour to turn
/// one text into the other.
/// Reference: the optimal string alignment of F. Damerau 1964 and V. Levenshtein 1966.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({row[j - 1] + 1, above[j] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

/// The one of `names` that takes the fewest edits, the first of equals; empty if there is none.
[[nodiscard]] inline std::string nearest_name(std::string_view name,
                                              std::span<const std::string> names) {
  const auto nearer = [&](const std::string& a, const std::string& b) {
    return edit_distance(name, a) < edit_distance(name, b);
  };
  const auto found = std::min_element(names.begin(), names.end(), nearer);
  return found == names.end() ? std::string() : *found;
}

/// The error of a name that is not among `names`: where, what it should have been, which there are.
/// `kind` is what it names, such as "policy".
[[nodiscard]] inline outthink::error unknown_name(const std::string& where, std::string_view kind,
                                                  std::string_view name,
                                                  std::span<const std::string> names) {
  std::string all;
  for (const std::string& one : names) all += (all.empty() ? "" : ", ") + one;
  return {outthink::errc::invalid_argument, where + ": there is no " + std::string(kind) + " '" +
                                                std::string(name) + "'; did you mean '" +
                                                nearest_name(name, names) + "'? There are: " + all};
}

}  // namespace bench
