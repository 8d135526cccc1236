// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/pass_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace outthink::test {

/// A matrix and its words, written as one string of '0' and '1' a solution.
struct owned_passes {
  std::vector<std::string> rows;
  std::vector<std::uint64_t> words;

  explicit owned_passes(std::vector<std::string> bits) : rows(std::move(bits)) {
    const std::size_t size = kernels::words_for_tests(tests());
    words.resize(rows.size() * size);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t t = 0; t < tests(); ++t)
        if (rows[i][t] == '1') kernels::set_pass(std::span(words).subspan(i * size, size), t);
  }
  [[nodiscard]] std::size_t tests() const { return rows.empty() ? 0 : rows[0].size(); }
  [[nodiscard]] kernels::pass_matrix view() const { return {words, rows.size(), tests()}; }
};

/// Solutions of which many pass the same tests.
inline owned_passes random_passes(unsigned seed, std::size_t solutions, std::size_t tests) {
  std::mt19937 generator(seed);
  std::vector<std::string> kinds(1 + solutions / 3, std::string(tests, '0'));
  for (std::string& kind : kinds)
    for (char& bit : kind) bit = generator() % 2 == 0 ? '0' : '1';
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < solutions; ++i) rows.push_back(kinds[generator() % kinds.size()]);
  return owned_passes(rows);
}

}  // namespace outthink::test
