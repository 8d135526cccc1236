// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/draw_by_rejection.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace outthink;
using kernels::draw_by_rejection;
using kernels::no_token;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

// Fixed seeds; with random ones each check would fail once in 10^6. A bias of the envelope, up to
// 6 percent, would be seen: the same draws without rejection fail at 1e-30.
TEST_CASE("draw_by_rejection has the frequencies of softmax at a temperature") {
  for_each_target([] {
    std::vector<float> row;
    for (int i = 0; i < 24; ++i) row.push_back(0.0317F * static_cast<float>(i * i % 29));
    row.push_back(minus_inf);
    row.push_back(not_a_number);
    std::vector<float> clean = row;
    clean[25] = minus_inf;
    for (const float temperature : {0.5F, 1.0F, 3.0F}) {
      random_stream random({.key = 5, .place = 6});
      std::vector<std::uint64_t> counts(row.size());
      for (int i = 0; i < 100'000; ++i)
        ++counts[draw_by_rejection(row, temperature, random.uniform())];
      CHECK(test::chi_square_fit(
                counts, test::probabilities_of(clean, static_cast<double>(temperature))) > 1e-6);
      CHECK_FALSE(test::wide_registers_in_use());
    }
  });
}

TEST_CASE("draw_by_rejection has the frequencies of draw over a vocabulary") {
  for_each_target([] {
    const auto row = test::flat_row(5'003, 3);
    const auto p = test::probabilities_of(row);
    random_stream random({.key = 7, .place = 8});
    std::vector<std::uint64_t> counts(20);
    std::vector<double> expected(20);
    for (std::size_t i = 0; i < p.size(); ++i) expected[i * 20 / p.size()] += p[i];
    for (int i = 0; i < 10'000; ++i)
      ++counts[draw_by_rejection(row, 1, random.uniform()) * 20 / p.size()];
    CHECK(test::chi_square_fit(counts, expected) > 1e-6);
  });
}

TEST_CASE("draw_by_rejection gives only tokens of positive probability, at every size") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const auto p = test::probabilities_of(row, 0.75);
        for (const double u : {0.0, random.uniform(), 1 - 0x1p-53}) {
          const std::size_t token = draw_by_rejection(shifted.span(), 0.75F, u);
          if (test::largest_of(row) == -HUGE_VAL) {
            CHECK(token == no_token);
          } else {
            REQUIRE(token < size);
            CHECK(p[token] > 0);
          }
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("draw_by_rejection of special rows is that of draw") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(5000, 9);
    for (const float late : {90.0F, 200.0F, 1e30F, plus_inf}) {
      row[4000] = late;
      CHECK(draw_by_rejection(row, 1, 0.5) == 4000);
    }
    CHECK(draw_by_rejection(row, 0, 0.5) == 4000);
    CHECK(draw_by_rejection(std::vector<float>{}, 1, 0.5) == no_token);
    CHECK(draw_by_rejection(std::vector<float>(70, not_a_number), 1, 0.5) == no_token);
    std::vector<float> masked(5000, minus_inf);
    masked[4321] = 1e30F;
    CHECK(draw_by_rejection(masked, 1, 0.7) == 4321);
  });
}
