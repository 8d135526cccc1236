// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/gumbel_max.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace outthink;
using kernels::gumbel_max;
using kernels::no_token;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

std::uint64_t key_of(random_stream& random) {
  const auto high = static_cast<std::uint64_t>(random.uniform() * 0x1p32);
  return high << 32 | static_cast<std::uint64_t>(random.uniform() * 0x1p32);
}

}  // namespace

// Fixed seeds; with random ones each check would fail once in 10^6.
TEST_CASE("gumbel_max has the frequencies of softmax at a temperature") {
  for_each_target([] {
    std::vector<float> row;
    for (int i = 0; i < 37; ++i) row.push_back(0.0931F * static_cast<float>(i * i % 41));
    row.push_back(minus_inf);
    row.push_back(not_a_number);
    std::vector<float> clean = row;
    clean[38] = minus_inf;
    for (const float temperature : {0.5F, 1.0F, 3.0F}) {
      random_stream random({.key = 5, .place = 6});
      std::vector<std::uint64_t> counts(row.size());
      for (int i = 0; i < 30'000; ++i) ++counts[gumbel_max(row, temperature, key_of(random))];
      CHECK(test::chi_square_fit(
                counts, test::probabilities_of(clean, static_cast<double>(temperature))) > 1e-6);
      CHECK_FALSE(test::wide_registers_in_use());
    }
    std::vector<std::uint64_t> counts(20);
    for (std::uint64_t key = 0; key < 10'000; ++key)  // neighbouring keys do as well
      ++counts[gumbel_max(std::vector<float>(20, 1.0F), 1, key)];
    CHECK(test::chi_square_fit(counts, std::vector<double>(20, 0.05)) > 1e-6);
  });
}

TEST_CASE("gumbel_max has the frequencies of softmax over a vocabulary") {
  for_each_target([] {
    const auto row = test::flat_row(2'503, 3);
    const auto p = test::probabilities_of(row);
    random_stream random({.key = 7, .place = 8});
    std::vector<std::uint64_t> counts(20);
    std::vector<double> expected(20);
    for (std::size_t i = 0; i < p.size(); ++i) expected[i * 20 / p.size()] += p[i];
    for (int i = 0; i < 5'000; ++i) ++counts[gumbel_max(row, 1, key_of(random)) * 20 / p.size()];
    CHECK(test::chi_square_fit(counts, expected) > 1e-6);
  });
}

TEST_CASE("gumbel_max gives one token for one key, on every target and for shifted logits") {
  std::vector<float> row = test::flat_row(3001, 3), shifted = row;
  for (float& z : row) z = std::round(z * 1024) / 1024;  // so that the shift is exact
  for (std::size_t i = 0; i < row.size(); ++i) shifted[i] = row[i] + 64;
  random_stream random({.key = 9, .place = 10});
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t key = key_of(random);
    kernels::limit_target(kernels::simd_target::avx512);
    const std::size_t token = gumbel_max(row, 1, key);
    for_each_target([&] {
      CHECK(gumbel_max(row, 1, key) == token);
      CHECK(gumbel_max(shifted, 1, key) == token);
    });
  }
}

TEST_CASE("gumbel_max gives only tokens of positive probability, at every size") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const std::size_t token = gumbel_max(shifted.span(), 0.75F, size * 77 + 5);
        if (test::largest_of(row) == -HUGE_VAL) {
          CHECK(token == no_token);
        } else {
          REQUIRE(token < size);
          CHECK(test::probabilities_of(row, 0.75)[token] > 0);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("gumbel_max of special rows") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(5000, 9);
    for (const float late : {200.0F, 1e30F, plus_inf}) {
      row[4000] = late;
      CHECK(gumbel_max(row, 1, 5) == 4000);
      CHECK(gumbel_max(row, 0, 5) == 4000);
    }
    CHECK(gumbel_max(std::vector<float>{}, 1, 5) == no_token);
    CHECK(gumbel_max(std::vector<float>(70, not_a_number), 1, 5) == no_token);
    CHECK(gumbel_max(std::vector<float>(70, minus_inf), 1, 5) == no_token);
  });
}
