// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/typical.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::band;
using kernels::truncation;
using kernels::typical;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

constexpr double kMass = 1e-5;      // masses are exact to this
constexpr double kDistance = 2e-5;  // twice the stated error of the mean logit, in temperatures

/// Checks that what is kept are the tokens whose surprise is nearest to the entropy, and as few as
/// have the mass: everything in double precision from -ln p and H.
void check_typical(std::span<const float> row, const band& kept, double p, double temperature) {
  const auto probabilities = test::probabilities_of(row, temperature);
  const double largest = test::largest_of(row);
  double entropy = 0, log_of_total = 0;
  for (const float z : row)
    log_of_total += std::exp((static_cast<double>(z) - largest) / temperature);
  log_of_total = std::log(log_of_total);
  std::vector<double> surprise;
  for (std::size_t i = 0; i < row.size(); ++i) {
    surprise.push_back(log_of_total - (static_cast<double>(row[i]) - largest) / temperature);
    if (probabilities[i] > 0) entropy += probabilities[i] * surprise[i];
  }
  double mass = 0, farthest = 0, nearest_dropped = HUGE_VAL;
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!(row[i] > minus_inf)) continue;
    const double distance = std::fabs(surprise[i] - entropy);
    if (kept.keeps(row[i], i)) {
      ++count;
      mass += probabilities[i];
      farthest = std::max(farthest, distance);
    } else {
      nearest_dropped = std::min(nearest_dropped, distance);
    }
  }
  double last = 0;  // the most that the token taken last can have
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double distance = std::fabs(surprise[i] - entropy);
    if (kept.keeps(row[i], i) && distance >= farthest - kDistance)
      last = std::max(last, probabilities[i]);
  }
  CHECK(count > 0);
  CHECK(mass >= p - kMass);
  CHECK(mass - last < std::max(p, 0.0) + kMass);
  CHECK(farthest <= nearest_dropped + kDistance);
}

}  // namespace

TEST_CASE("typical keeps the sets of the published examples") {
  for_each_target([] {
    const auto sure = test::logarithms({.97, .01, .01, .01});
    CHECK(typical(sure, .5).keeps(sure[0], 0));
    CHECK_FALSE(typical(sure, .5).keeps(sure[1], 1));
    const auto row = test::logarithms({.4, .2, .2, .2});
    const band kept = typical(row, .5);  // without the likeliest
    CHECK_FALSE(kept.keeps(row[0], 0));
    for (std::size_t i = 1; i < 4; ++i) CHECK(kept.keeps(row[i], i));
  });
}

TEST_CASE("typical keeps the tokens nearest to the entropy at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        for (const double p : {0.0, 0.1234, 0.5678, 0.9512})
          check_typical(row, typical(shifted.span(), p, 0.75F), p, 0.75);
        CHECK(typical(shifted.span(), 1) == band{});
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("typical of a vocabulary keeps the tokens nearest to the entropy") {
  for_each_target([] {
    for (const auto& row : {test::peaked_row(128'256, 3), test::flat_row(151'936, 3)}) {
      for (const double p : {0.05, 0.5, 0.95}) check_typical(row, typical(row, p), p, 1);
    }
  });
}

TEST_CASE("typical takes the lower of equal tokens below the mean, the higher above it") {
  for_each_target([] {
    std::vector<float> row(8000, 2.5F);
    CHECK(typical(row, 0.25 - 1e-6) == band{{2.5F, 1999}, 2.5F, 0});

    // One token has half of the mass, 4000 equal ones the rest: the mean is in the middle.
    std::vector<float> halves(4001, 0.0F);
    halves[1000] = std::log(4000.0F);
    check_typical(halves, typical(halves, 0.3), 0.3, 1);
    check_typical(halves, typical(halves, 0.7), 0.7, 1);
    // Two thirds: the 4000 are farther away, the lower ones of them are taken first.
    halves[1000] = std::log(8000.0F);
    const band low = typical(halves, 2. / 3 + 1. / 12 - 1e-5);
    CHECK(low.floor == truncation{0, 999});  // the likely one is in between
    CHECK(low.keeps(halves[1000], 1000));

    // Most of the mass is in 6000 equal tokens, the largest: the higher ones are taken first.
    std::vector<float> top(9000, -3.0F);
    for (std::size_t i = 0; i < 6000; ++i) top[i] = 3;
    const double z = 6000 * std::exp(3.0) + 3000 * std::exp(-3.0);
    const band high = typical(top, 1500 * std::exp(3.0) / z - 1e-6);
    CHECK(high.ceiling == 3);
    CHECK(high.first == 4500);
    CHECK_FALSE(high.keeps(-3, 8000));
  });
}

TEST_CASE("typical of rows without a distribution") {
  for_each_target([] {
    std::vector<float> row(700, not_a_number);
    CHECK(typical(row, 0.9) == band{});
    CHECK(typical(std::vector<float>{}, 0.9) == band{});
    row[300] = -4;
    CHECK(typical(row, 0.9).keeps(-4, 300));
    row[400] = -5;
    CHECK(typical(row, 0.999).keeps(-5, 400));
    CHECK_FALSE(typical(row, 0.7).keeps(-5, 400));
    row[600] = plus_inf;
    CHECK(typical(row, 0.9).keeps(plus_inf, 600));
    CHECK_FALSE(typical(row, 0.9).keeps(-4, 300));
    CHECK(typical(std::vector<float>(70, minus_inf), 0.5) == band{});
    std::vector<float> late = test::flat_row(5000, 1);
    late[4000] = 100;
    CHECK(test::masked(late, typical(late, 0.9)) == test::masked(late, truncation{100, 4000}));
    CHECK(typical(late, 0.9, 0) == typical(late, 0.9, 1));
  });
}
