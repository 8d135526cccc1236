// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/draw.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

using namespace outthink;
using kernels::draw;
using kernels::no_token;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

TEST_CASE("draw inverts the cumulative distribution in index order") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        if (test::largest_of(row) == -HUGE_VAL) {
          CHECK(draw(shifted.span(), 1, 0.5) == no_token);
          continue;
        }
        const auto p = test::probabilities_of(row, 0.75);
        for (const double u : {0.0, random.uniform(), random.uniform(), 1 - 0x1p-53}) {
          const std::size_t token = draw(shifted.span(), 0.75F, u);
          const auto expected = test::invert(p, u);
          // Weights are exact to 5e-6, hence also the ends of a token's interval.
          if (expected.margin > 5e-6) CHECK(token == expected.token);
          REQUIRE(token < size);
          CHECK(p[token] > 0);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

// A draw differs from the reference where `uniform` falls within the error, at most 5e-6, of an end
// of one of the intervals that it lies in: with 1000 draws per row at most a handful, whatever the
// target. Uniforms are fixed.
TEST_CASE("draw gives the token of the double precision reference for all but 1 in 200 numbers") {
  for (const auto& row : {test::peaked_row(32'000, 3), test::flat_row(32'000, 3)}) {
    std::vector<double> up_to = test::probabilities_of(row);
    std::partial_sum(up_to.begin(), up_to.end(), up_to.begin());
    for_each_target([&] {
      random_stream random({.key = 3, .place = 4});
      int different = 0;
      for (int i = 0; i < 1000; ++i) {
        const double u = random.uniform();
        const auto reference = std::upper_bound(up_to.begin(), up_to.end(), u) - up_to.begin();
        if (draw(row, 1, u) != static_cast<std::size_t>(reference)) ++different;
      }
      CHECK(different <= 5);
    });
  }
}

// Fixed seed; with a random one each check would fail once in 10^6.
TEST_CASE("draw has the frequencies of softmax at a temperature") {
  for_each_target([] {
    const std::vector<float> row{0, 1, minus_inf, 2, -1, 0.5F, not_a_number, 1.5F};
    std::vector<float> clean = row;
    clean[6] = minus_inf;
    for (const float temperature : {0.7F, 1.0F, 2.0F}) {
      random_stream random({.key = 5, .place = 6});
      std::vector<std::uint64_t> counts(row.size());
      for (int i = 0; i < 20'000; ++i) ++counts[draw(row, temperature, random.uniform())];
      CHECK(test::chi_square_fit(
                counts, test::probabilities_of(clean, static_cast<double>(temperature))) > 1e-6);
    }
  });
}

TEST_CASE("draw takes the largest logit where the temperature asks for it") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(3000, 9);
    row[1234] = 50;
    row[2000] = 50;
    for (const float temperature : {0.0F, -1.0F, 1e-45F, 1e-30F, not_a_number}) {
      CHECK(draw(row, temperature, 0.25) == 1234);
    }
    CHECK(draw(std::vector<float>(40, minus_inf), 0, 0.5) == no_token);
  });
}

TEST_CASE("draw finds a late large logit and never NaN") {
  for_each_target([] {
    std::vector<float> row(5000, 0.0F);
    for (const float late : {60.0F, 200.0F, 1e30F, plus_inf}) {
      row[4000] = late;
      row[100] = not_a_number;
      CHECK(draw(row, 1, 0.5) == 4000);
    }
    CHECK(draw(std::vector<float>{}, 1, 0.5) == no_token);
    CHECK(draw(std::vector<float>(70, not_a_number), 1, 0.5) == no_token);
    std::vector<float> masked(5000, minus_inf);
    masked[4321] = -7;
    CHECK(draw(masked, 1, 0.0) == 4321);
    CHECK(draw(masked, 1, 1 - 0x1p-53) == 4321);
  });
}
