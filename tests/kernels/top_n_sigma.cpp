// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/top_n_sigma.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::top_n_sigma;
using kernels::truncation;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// Standard deviation of the finite logits, in two passes.
double deviation_of(std::span<const float> row) {
  double count = 0, mean = 0, square = 0;
  for (const float z : row) {
    if (!std::isfinite(z)) continue;
    count += 1;
    mean += static_cast<double>(z);
  }
  mean /= count;
  for (const float z : row) {
    const double d = static_cast<double>(z) - mean;
    if (std::isfinite(z)) square += d * d;
  }
  return std::sqrt(square / count);
}

std::vector<bool> kept_of(std::span<const float> row, double n) {
  const truncation kept = top_n_sigma(row, n);
  std::vector<bool> all;
  for (std::size_t i = 0; i < row.size(); ++i) all.push_back(kept.keeps(row[i], i));
  return all;
}

}  // namespace

TEST_CASE("top_n_sigma keeps the sets of the published examples") {
  for_each_target([] {
    const auto row = test::logarithms({.1, .2, .3, .4});
    CHECK(kept_of(row, 0) == std::vector{false, false, false, true});
    CHECK(kept_of(row, 1) == std::vector{false, false, true, true});
    CHECK(kept_of(row, 3) == std::vector{true, true, true, true});
    CHECK(static_cast<double>(top_n_sigma(row, 1).threshold) ==
          doctest::Approx(-1.436917).epsilon(1e-6));
  });
}

// 1e-5 σ is the stated error of σ; the threshold is rounded to a float.
TEST_CASE("top_n_sigma's threshold agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        const double largest = test::largest_of(row);
        if (largest == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        const double sigma = deviation_of(row);
        for (const double n : {0.0, 0.5, 1.0, 2.5}) {
          const auto found = static_cast<double>(top_n_sigma(shifted.span(), n).threshold);
          const double cut = largest - n * sigma;
          CHECK(std::fabs(found - cut) <= 1e-5 * n * sigma + 0x1p-23 * std::fabs(cut) + 1e-44);
          CHECK(found <= largest);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("top_n_sigma of a vocabulary does not depend on what its logits have in common") {
  for_each_target([] {
    for (const float shift : {0.0F, 4096.0F, -65536.0F}) {
      auto row = test::flat_row(128'256, 4);
      for (float& z : row) z = std::round(z * 64) / 64 + shift;  // exact sums
      const double sigma = deviation_of(row);
      const double cut = test::largest_of(row) - 1.5 * sigma;
      CHECK(std::fabs(static_cast<double>(top_n_sigma(row, 1.5).threshold) - cut) <=
            1e-5 * 1.5 * sigma + 0x1p-23 * std::fabs(cut));
    }
  });
}

TEST_CASE("top_n_sigma takes the largest floats and a row of equals") {
  for_each_target([] {
    std::vector<float> row(600, -3e38F);
    row[500] = 3e38F;
    const double cut = 3e38 - 0.5 * deviation_of(row);
    CHECK(static_cast<double>(top_n_sigma(row, 0.5).threshold) ==
          doctest::Approx(cut).epsilon(1e-5));
    CHECK(top_n_sigma(row, 1e6) == truncation{});
    CHECK(top_n_sigma(std::vector<float>(1000, 1e30F), 2) == truncation{1e30F, ~0U});
  });
}

TEST_CASE("top_n_sigma of rows without a distribution") {
  for_each_target([] {
    CHECK(top_n_sigma(std::vector<float>{}, 1) == truncation{});
    std::vector<float> row(70, minus_inf);
    CHECK(top_n_sigma(row, 1) == truncation{});
    row[3] = not_a_number;
    CHECK(top_n_sigma(row, 1) == truncation{});
    row[69] = -7;
    CHECK(top_n_sigma(row, 1) == truncation{-7, ~0U});
    row[50] = plus_inf;
    CHECK(top_n_sigma(row, 1) == truncation{plus_inf, ~0U});
  });
}
