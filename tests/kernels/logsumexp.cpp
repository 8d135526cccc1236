// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/logsumexp.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::logsumexp;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

// The exponent of a weight has two roundings, of z - r and of its product with log2(e): for |z - r|
// up to 32 nats their error is 46 · 2^-24 · 2 · ln 2 = 4e-6 of the weight; the polynomial and the
// sums add less than 1e-6. Beyond 22 nats above r the true maximum is taken instead.
constexpr double kTolerance = 5e-6;

TEST_CASE("logsumexp agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const double expected = test::logsumexp_of(row);
        const double found = logsumexp(shifted.span());
        CHECK_FALSE(test::wide_registers_in_use());
        if (expected == -HUGE_VAL)
          CHECK(found == expected);
        else
          CHECK(std::fabs(found - expected) <= kTolerance);
      }
    }
  });
}

TEST_CASE("logsumexp of a vocabulary is within the tolerance, wherever the largest logit is") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(151'936, 5);
    CHECK(std::fabs(logsumexp(row) - test::logsumexp_of(row)) <= kTolerance);
    for (const float late : {20.0F, 60.0F, 1000.0F, 1e30F}) {
      row[100'000] = late;
      CHECK(std::fabs(logsumexp(row) - test::logsumexp_of(row)) <= kTolerance);
    }
    for (std::size_t i = 0; i < 300; ++i) row[i] = minus_inf;
    CHECK(std::fabs(logsumexp(row) - test::logsumexp_of(row)) <= kTolerance);
  });
}

TEST_CASE("logsumexp moves with a shift of all logits") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(3000, 5);
    for (float& z : row) z = std::round(z * 1024) / 1024;  // so that the shifts are exact
    const double base = logsumexp(row);
    for (const float shift : {64.0F, -512.0F}) {
      std::vector<float> moved = row;
      for (float& z : moved) z += shift;
      CHECK(logsumexp(moved) - static_cast<double>(shift) == doctest::Approx(base).epsilon(1e-12));
    }
  });
}

TEST_CASE("logsumexp of masked, infinite and undefined logits") {
  for_each_target([] {
    CHECK(logsumexp(std::vector<float>{}) == -HUGE_VAL);
    for (const std::size_t size : test::sizes({1, 15, 64, 1030})) {
      std::vector<float> row(size, minus_inf);
      CHECK(logsumexp(row) == -HUGE_VAL);
      row[size - 1] = 3;
      CHECK(logsumexp(row) == 3.0);
      row[size / 2] = plus_inf;
      CHECK(logsumexp(row) == HUGE_VAL);
      row[0] = not_a_number;
      CHECK(std::isnan(logsumexp(row)));
      CHECK(std::isnan(logsumexp(std::vector<float>(size, not_a_number))));
    }
  });
}
