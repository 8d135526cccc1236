// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/two_pass_softmax.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::two_pass_softmax;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// The stated bound and, for rows that go to `softmax`, its own.
void check_probabilities(std::span<const float> row, std::span<const float> found,
                         double temperature) {
  const auto expected = test::probabilities_of(row, temperature);
  const double largest = test::largest_of(row);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    double bound = 1e-6;
    if (temperature != 1) bound += 0x1p-22 * std::min(std::fabs(largest), 1e5) / temperature;
    if (std::fabs(largest) / temperature > 19'900)
      bound += 0x1p-22 * (largest - static_cast<double>(row[i])) / temperature;
    if (!(std::fabs(static_cast<double>(found[i]) - expected[i]) <= expected[i] * bound + 1e-30))
      ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("two_pass_softmax agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        for (const float temperature : {1.0F, 0.5F}) {
          test::shifted_row shifted(row, size % 17), out(row, (size + 5) % 17);
          two_pass_softmax(shifted.span(), out.span(), temperature);
          CHECK_FALSE(test::wide_registers_in_use());
          check_probabilities(row, out.span(), static_cast<double>(temperature));
          two_pass_softmax(shifted.span(), shifted.span(), temperature);
          const auto twice = shifted.span();
          CHECK(std::equal(twice.begin(), twice.end(), out.span().begin()));
        }
      }
    }
  });
}

TEST_CASE("two_pass_softmax needs no maximum: a common shift changes nothing") {
  for_each_target([] {
    auto row = test::random_floats(1000, 5, 20);
    for (float& z : row) z = std::round(z * 64) / 64;  // so that the shifted logits are exact
    std::vector<float> out(row.size());
    for (const float shift : {0.0F, 1000.0F, -1000.0F, 15'000.0F, 30'000.0F, -1e6F}) {
      std::vector<float> shifted = row;
      for (float& z : shifted) z += shift;
      two_pass_softmax(shifted, out);
      double sum = 0;
      for (const float p : out) sum += static_cast<double>(p);
      CHECK(std::fabs(sum - 1) <= 1e-6);
      if (std::fabs(shift) < 50'000) check_probabilities(shifted, out, 1);
    }
  });
}

TEST_CASE("two_pass_softmax writes nothing past the row") {
  for_each_target([] {
    for (std::size_t size = 0; size < 40; ++size) {
      const auto row = test::flat_row(size, 3);
      std::vector<float> out(size + 20, 7.0F);
      two_pass_softmax(row, std::span(out).first(size));
      for (std::size_t i = size; i < out.size(); ++i) CHECK(out[i] == 7.0F);
    }
  });
}

TEST_CASE("two_pass_softmax of a large row, masked in part, sums to one") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(200'000, 8), out(row.size());
    for (std::size_t i = 0; i < 50'000; ++i) row[i] = i % 2 == 0 ? minus_inf : -1e30F;
    row[150'000] = 90;
    row[199'999] = 95;
    two_pass_softmax(row, out);
    check_probabilities(row, out, 1);
    for (std::size_t i = 0; i < 50'000; ++i) REQUIRE(out[i] == 0);
    double sum = 0;
    for (const float p : out) sum += static_cast<double>(p);
    CHECK(std::fabs(sum - 1) <= 1e-6);
  });
}

TEST_CASE("two_pass_softmax of rows without a distribution") {
  for_each_target([] {
    for (const std::size_t size : test::sizes({1, 15, 64, 1030})) {
      std::vector<float> row(size, minus_inf), out(size, 9.0F);
      two_pass_softmax(row, out);
      CHECK(out == std::vector<float>(size, 0.0F));
      row[size / 2] = not_a_number;
      two_pass_softmax(row, out);
      for (const float p : out) CHECK(std::isnan(p));
      row[size / 2] = plus_inf;
      two_pass_softmax(row, out);
      for (const float p : out) CHECK(std::isnan(p));
      for (const float equal : {1e30F, -1e30F, 1e-40F}) {
        two_pass_softmax(std::vector<float>(size, equal), out);
        for (const float p : out) CHECK(p == doctest::Approx(1.0 / static_cast<double>(size)));
      }
    }
  });
}
