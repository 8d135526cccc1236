// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/entropy.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::entropy;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

kernels::entropy_moments reference(const std::vector<float>& row) {
  double mean = 0, square = 0;
  for (const double p : test::probabilities_of(row)) {
    if (p > 0) mean -= p * std::log(p);
  }
  for (const double p : test::probabilities_of(row)) {
    if (p > 0) square += p * (std::log(p) + mean) * (std::log(p) + mean);
  }
  return {mean, square};
}

}  // namespace

TEST_CASE("entropy and varentropy agree with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        const auto found = entropy(shifted.span());
        CHECK_FALSE(test::wide_registers_in_use());
        const auto expected = reference(row);
        // The mean exponent lies within 22 nats of the reference, or the true maximum was taken.
        CHECK(std::fabs(found.entropy - expected.entropy) <= 5e-5);
        CHECK(std::fabs(found.varentropy - expected.varentropy) <= 1e-5 * (1 + 22 * 22));
      }
    }
  });
}

TEST_CASE("entropy of a vocabulary is exact to 5e-5") {
  for_each_target([] {
    for (const auto& row : {test::peaked_row(128'256, 4), test::flat_row(128'256, 4)}) {
      const auto found = entropy(row), expected = reference(row);
      CHECK(std::fabs(found.entropy - expected.entropy) <= 5e-5);
      CHECK(std::fabs(found.varentropy - expected.varentropy) <= 1e-3);
    }
  });
}

TEST_CASE("entropy of the published examples") {
  for_each_target([] {
    const double bits = 1 / std::log(2.0);
    CHECK(entropy(test::logarithms({.97, .01, .01, .01})).entropy * bits ==
          doctest::Approx(0.24194).epsilon(1e-4));
    CHECK(entropy(test::logarithms({.25, .25, .25, .25})).entropy * bits ==
          doctest::Approx(2).epsilon(1e-6));
    CHECK(entropy(test::logarithms({.25, .25, .25, .25})).varentropy == doctest::Approx(0));
  });
}

TEST_CASE("entropy of rows without a distribution") {
  for_each_target([] {
    CHECK(entropy(std::vector<float>{}).entropy == 0);
    std::vector<float> row(70, minus_inf);
    CHECK(entropy(row).entropy == 0);
    CHECK(entropy(row).varentropy == 0);
    row[69] = -1e30F;
    CHECK(entropy(row).entropy == 0);
    row[1] = not_a_number;
    CHECK(std::isnan(entropy(row).entropy));
    row[1] = plus_inf;
    CHECK(std::isnan(entropy(row).entropy));
  });
}
