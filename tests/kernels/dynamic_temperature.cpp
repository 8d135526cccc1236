// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/dynamic_temperature.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::dynamic_temperature;
using kernels::temperature_range;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

double reference(std::span<const float> row, const temperature_range& range) {
  double entropy = 0, count = 0;
  for (const float z : row) count += z > minus_inf ? 1 : 0;
  for (const double p : test::probabilities_of(row)) entropy -= p > 0 ? p * std::log(p) : 0;
  const double share = count > 1 ? entropy / std::log(count) : 0;
  const auto low = static_cast<double>(range.lowest), high = static_cast<double>(range.highest);
  return low + (high - low) * std::pow(share, static_cast<double>(range.exponent));
}

}  // namespace

// 5e-5 is the stated error of the entropy; with exponents of 1 and 2 and a range of 1.5 it changes
// the temperature by at most 3 · 5e-5 / ln 2.
TEST_CASE("dynamic_temperature agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        for (const float exponent : {1.0F, 2.0F}) {
          const temperature_range range{0.25F, 1.75F, exponent};
          const auto found = static_cast<double>(dynamic_temperature(shifted.span(), range));
          CHECK(std::fabs(found - reference(row, range)) <= 2.2e-4);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("dynamic_temperature goes from the lowest to the highest temperature") {
  for_each_target([] {
    CHECK(dynamic_temperature(std::vector<float>(500, 3.0F), {.lowest = .2F, .highest = 2}) ==
          doctest::Approx(2));
    std::vector<float> sure(500, -200.0F);
    sure[40] = 10;
    CHECK(dynamic_temperature(sure, {.lowest = .2F, .highest = 2}) == doctest::Approx(.2));
    // Half of four equal tokens masked: two equal ones are all that can be.
    CHECK(dynamic_temperature(std::vector{1.0F, minus_inf, 1.0F, minus_inf}, {}) ==
          doctest::Approx(1.5));
    // Entropy 1 of 2 bits: half way, or a quarter of it with an exponent of 2.
    const std::vector<float> half{0, 0, -300, -300};
    CHECK(dynamic_temperature(half, {.lowest = 0, .highest = 1}) == doctest::Approx(.5));
    CHECK(dynamic_temperature(half, {.lowest = 0, .highest = 1, .exponent = 2}) ==
          doctest::Approx(.25));
  });
}

TEST_CASE("dynamic_temperature of rows without a distribution") {
  for_each_target([] {
    CHECK(dynamic_temperature(std::vector<float>{}, {}) == 0.5F);
    std::vector<float> row(70, minus_inf);
    CHECK(dynamic_temperature(row, {}) == 0.5F);
    row[69] = 4;
    CHECK(dynamic_temperature(row, {.exponent = 0.1F}) == 0.5F);
    row[5] = not_a_number;
    CHECK(std::isnan(dynamic_temperature(row, {})));
    row[5] = plus_inf;
    CHECK(std::isnan(dynamic_temperature(row, {})));
  });
}
