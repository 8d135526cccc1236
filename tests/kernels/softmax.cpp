// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/softmax.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::softmax;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// The stated bound; below 1e-30 results may be flushed to zero.
void check_probabilities(std::span<const float> row, std::span<const float> found,
                         double temperature) {
  const auto expected = test::probabilities_of(row, temperature);
  const double largest = test::largest_of(row);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double distance = std::min(largest - static_cast<double>(row[i]), 1e3) + 32 * temperature;
    const double bound = 5e-7 + distance / temperature * 0x1p-22;
    if (!(std::fabs(static_cast<double>(found[i]) - expected[i]) <= expected[i] * bound + 1e-30))
      ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("softmax agrees with double precision at every size, alignment and temperature") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        for (const float temperature : {1.0F, 0.5F, 3.0F}) {
          test::shifted_row shifted(row, size % 17), out(row, (size + 5) % 17);
          softmax(shifted.span(), out.span(), temperature);
          CHECK_FALSE(test::wide_registers_in_use());
          check_probabilities(row, out.span(), static_cast<double>(temperature));
          softmax(shifted.span(), shifted.span(), temperature);
          check_probabilities(row, shifted.span(), static_cast<double>(temperature));
        }
      }
    }
  });
}

TEST_CASE("softmax writes nothing past the row") {
  for_each_target([] {
    for (std::size_t size = 0; size < 40; ++size) {
      const auto row = test::flat_row(size, 3);
      std::vector<float> out(size + 20, 7.0F);
      softmax(row, std::span(out).first(size));
      for (std::size_t i = size; i < out.size(); ++i) CHECK(out[i] == 7.0F);
    }
  });
}

TEST_CASE("softmax of a vocabulary sums to one and survives a late large logit") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(32'000, 8), out(row.size());
    for (const float late : {0.0F, 40.0F, 300.0F}) {
      row[20'000] = late;
      softmax(row, out);
      check_probabilities(row, out, 1);
      double sum = 0;
      for (const float p : out) sum += static_cast<double>(p);
      CHECK(std::fabs(sum - 1) <= 2e-6);
    }
  });
}

TEST_CASE("softmax of rows without a distribution") {
  for_each_target([] {
    for (const std::size_t size : test::sizes({1, 15, 64, 1030})) {
      std::vector<float> row(size, minus_inf), out(size, 9.0F);
      softmax(row, out);
      CHECK(out == std::vector<float>(size, 0.0F));
      row[size / 2] = not_a_number;
      softmax(row, out);
      for (const float p : out) CHECK(std::isnan(p));
      row[size / 2] = plus_inf;
      softmax(row, out);
      for (const float p : out) CHECK(std::isnan(p));
      std::vector<float> equal(size, 1e30F);
      softmax(equal, out);
      for (const float p : out) CHECK(p == 1.0F / static_cast<float>(size));
    }
  });
}
