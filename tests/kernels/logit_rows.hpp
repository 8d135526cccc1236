// SPDX-License-Identifier: MIT
#pragma once

#include "simd/each_target.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <vector>

namespace outthink::test {

inline constexpr float minus_inf = -std::numeric_limits<float>::infinity();
inline constexpr float plus_inf = std::numeric_limits<float>::infinity();
inline constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

inline std::vector<std::size_t> sizes(std::initializer_list<std::size_t> list) {
  return list;
}

/// 0 to 67, and around the sizes at which the kernels change their loops: of vectors, of groups of
/// 256 tokens, of blocks of 1,024 and of cells of 4,096.
inline std::vector<std::size_t> interesting_sizes() {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n <= 67; ++n) all.push_back(n);
  for (const std::size_t n : sizes({128, 256, 512, 1024})) {
    for (const std::size_t d : {n - 1, n, n + 1, n + 17}) all.push_back(d);
  }
  for (const std::size_t n : sizes({2048, 2065, 4095, 4096, 4113, 8193})) all.push_back(n);
  return all;
}

/// Many tokens of no weight and 30 candidates: as a model that is sure.
inline std::vector<float> peaked_row(std::size_t size, unsigned seed) {
  std::vector<float> row = random_floats(size, seed, 2);
  std::mt19937 generator(seed + 1);
  for (std::size_t i = 0; i < 30 && size > 0; ++i)
    row[generator() % size] = 18.0F - 0.6F * static_cast<float>(i);
  return row;
}

/// As a model that is not sure.
inline std::vector<float> flat_row(std::size_t size, unsigned seed) {
  return random_floats(size, seed, 3);
}

inline std::vector<std::vector<float>> make_rows_of(std::size_t size) {
  const auto seed = static_cast<unsigned>(size);
  std::vector<std::vector<float>> rows{peaked_row(size, seed), flat_row(size, seed + 7)};
  std::vector<float> masked = flat_row(size, seed + 13);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 3 != 1) masked[i] = minus_inf;
  }
  rows.push_back(masked);
  std::vector<float> rising(size);  // the largest come last: the early reference is far too small
  for (std::size_t i = 0; i < size; ++i) rising[i] = static_cast<float>(i) * 0.125F - 100;
  rows.push_back(rising);
  std::vector<float> ties(size);
  for (std::size_t i = 0; i < size; ++i) ties[i] = static_cast<float>(i * 7 % 5);
  rows.push_back(ties);
  std::vector<float> extreme(size, -1e30F);
  for (std::size_t i = 0; i < size; i += 3) extreme[i] = 1e-40F;
  if (size > 1) extreme[size / 2] = 1e30F;
  rows.push_back(extreme);
  return rows;
}

/// Rows of every kind for one size, some of them masked in part. Made once: without optimisation
/// random numbers cost more than most kernels.
inline const std::vector<std::vector<float>>& rows_of(std::size_t size) {
  static std::map<std::size_t, std::vector<std::vector<float>>> made;
  const auto [rows, is_new] = made.try_emplace(size);
  if (is_new) rows->second = make_rows_of(size);
  return rows->second;
}

/// A copy of a row that starts `offset` floats past an aligned address.
class shifted_row {
 public:
  shifted_row(const std::vector<float>& row, std::size_t offset)
      : storage_(row.size() + 32, not_a_number), size_(row.size()) {
    const auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
    begin_ = (64 - address % 64) % 64 / sizeof(float) + offset;
    for (std::size_t i = 0; i < row.size(); ++i) storage_[begin_ + i] = row[i];
  }
  [[nodiscard]] std::span<float> span() { return std::span(storage_).subspan(begin_, size_); }

 private:
  std::vector<float> storage_;
  std::size_t size_;
  std::size_t begin_ = 0;
};

inline double largest_of(std::span<const float> row) {
  double largest = -HUGE_VAL;
  for (const float z : row) largest = std::max(largest, static_cast<double>(z));
  return largest;
}

/// Probabilities of a row with a finite largest logit, in double.
inline std::vector<double> probabilities_of(std::span<const float> row, double temperature = 1) {
  const double largest = largest_of(row);
  std::vector<double> p(row.size());
  double total = 0;
  for (std::size_t i = 0; i < row.size(); ++i)
    total += p[i] = std::exp((static_cast<double>(row[i]) - largest) / temperature);
  for (double& x : p) x /= total;
  return p;
}

inline double logsumexp_of(std::span<const float> row) {
  const double largest = largest_of(row);
  if (largest == -HUGE_VAL) return largest;
  double total = 0;
  for (const float z : row) total += std::exp(static_cast<double>(z) - largest);
  return largest + std::log(total);
}

/// The token at which the cumulative probability exceeds `uniform`, and how far `uniform` is from
/// the nearer end of that token's interval.
struct inverted {
  std::size_t token;
  double margin;
};
inline inverted invert(const std::vector<double>& p, double uniform) {
  double below = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] <= 0) continue;
    last = i;
    if (below + p[i] > uniform) return {i, std::min(uniform - below, below + p[i] - uniform)};
    below += p[i];
  }
  return {last, 0};
}

/// Logits of given probabilities.
inline std::vector<float> logarithms(const std::vector<double>& p) {
  std::vector<float> logits;
  for (const double x : p) logits.push_back(static_cast<float>(std::log(x)));
  return logits;
}

/// The row with the tokens at -inf that a truncation or a band does not keep.
template <class Kept>
std::vector<float> masked(std::span<const float> row, const Kept& kept) {
  std::vector<float> left(row.size(), minus_inf);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (kept.keeps(row[i], i)) left[i] = row[i];
  }
  return left;
}

/// Tokens by falling logit, equal ones by rising token; without -inf and NaN.
inline std::vector<std::size_t> ranked_tokens(std::span<const float> row) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] > minus_inf) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [row](std::size_t a, std::size_t b) {
    return row[a] > row[b] || (row[a] == row[b] && a < b);
  });
  return order;
}

}  // namespace outthink::test
