// SPDX-License-Identifier: MIT
#include <outthink/analysis/length_slope.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using outthink::length_slope;

namespace {

struct answers {
  std::vector<double> lengths;
  std::vector<std::uint8_t> right;
  std::vector<std::uint32_t> tiers;

  void add(double length, bool is_right, std::uint32_t tier) {
    lengths.push_back(length);
    right.push_back(is_right ? 1 : 0);
    tiers.push_back(tier);
  }
  [[nodiscard]] outthink::slope_estimate by_tier() const {
    return length_slope(lengths, right, tiers);
  }
  [[nodiscard]] outthink::slope_estimate pooled() const {
    return length_slope(lengths, right, std::vector<std::uint32_t>(tiers.size()));
  }
};

/// 6,000 answers: the length of tier t is about `shift` · t, ln odds fall by .4 a unit of length.
answers drawn(double shift, double easier) {
  std::mt19937 generator(12);
  const auto uniform = [&] { return static_cast<double>(generator()) * 0x1p-32; };
  answers made;
  for (int i = 0; i < 6000; ++i) {
    const auto tier = static_cast<std::uint32_t>(i % 3);
    const double length = shift * tier + 2 * uniform();
    const double log_odds = easier * tier + 0.3 - 0.4 * length;
    made.add(length, uniform() < 1 / (1 + std::exp(-log_odds)), tier);
  }
  return made;
}

}  // namespace

// Within 4 standard errors: a false alarm once in 16,000, at a fixed seed.
TEST_CASE("length_slope recovers the slope that made the answers") {
  for (const double shift : {0.0, 1.0, 3.0}) {
    const auto made = drawn(shift, 0.5).by_tier();
    CHECK(std::abs(made.slope + 0.4) < 4 * made.standard_error);
    CHECK(made.standard_error > 0.03);
    CHECK(made.standard_error < 0.06);
  }
}

// Simpson's paradox: tiers with longer answers are easier, so that length looks useful overall.
TEST_CASE("length_slope by tier is negative where the pooled one is positive") {
  const answers made = drawn(2, 2);
  CHECK(made.pooled().slope > 4 * made.pooled().standard_error);
  CHECK(made.by_tier().slope < -4 * made.by_tier().standard_error);
}

// Two lengths make it a table: the slope is the log odds ratio, its error √(Σ 1 / count).
TEST_CASE("length_slope of two lengths is the log odds ratio") {
  answers table;
  for (int i = 0; i < 30; ++i) table.add(1, i < 12, 0);
  for (int i = 0; i < 50; ++i) table.add(2, i < 35, 0);
  const auto made = table.by_tier();
  CHECK(made.slope == doctest::Approx(std::log(35.0 / 15) - std::log(12.0 / 18)));
  CHECK(made.standard_error ==
        doctest::Approx(std::sqrt(1.0 / 12 + 1.0 / 18 + 1.0 / 35 + 1.0 / 15)));
  for (int i = 0; i < 9; ++i) table.add(i, true, 4);  // all right: says nothing
  CHECK(table.by_tier().slope == doctest::Approx(made.slope));
}

TEST_CASE("length_slope is NaN where there is no finite slope, and refuses different sizes") {
  answers parted, equal;
  for (int i = 0; i < 10; ++i) parted.add(i, i < 5, 0);
  for (int i = 0; i < 10; ++i) equal.add(3, i < 5, 0);
  CHECK(std::isnan(parted.by_tier().slope));
  CHECK(std::isnan(equal.by_tier().slope));
  CHECK(std::isnan(length_slope({}, {}, {}).slope));
  CHECK_THROWS_AS(static_cast<void>(length_slope(parted.lengths, parted.right, {})),
                  outthink::error);
}
