// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "chain_reference.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/top_p.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::no_token;
using kernels::top_p;
using kernels::top_p_draw;
using kernels::truncation;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

// Masses are exact to 1e-5: a p closer than that to a step may give the set of its other side.
constexpr double kMargin = 1e-5;

bool keeps(const truncation& kept, std::span<const float> row,
           const std::vector<std::size_t>& tokens) {
  std::vector<bool> expected(row.size());
  for (const std::size_t token : tokens) expected[token] = true;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (kept.keeps(row[i], i) != expected[i]) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("top_p keeps the head of a full sort at every size and alignment") {
  for_each_target([] {
    int compared = 0;
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        for (const double p : {0.0, 0.1234, 0.5678, 0.9512}) {
          const auto nucleus = test::nucleus_of(row, p, 0.75);
          const auto kept = top_p(shifted.span(), p, 0.75F);
          if (nucleus.margin < kMargin && p > 0) continue;
          ++compared;
          CHECK(keeps(kept, row, nucleus.tokens));
        }
        CHECK(top_p(shifted.span(), 1) == truncation{});
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
    CHECK(compared > 1500);
  });
}

TEST_CASE("top_p of a vocabulary keeps the head of a full sort") {
  for_each_target([] {
    for (const auto& row : {test::peaked_row(128'256, 3), test::flat_row(151'936, 3)}) {
      const auto probabilities = test::probabilities_of(row);
      for (const double p : {0.3, 0.9, 0.95}) {
        // Steps lie so close together here that rounding decides which of them p meets: the mass
        // kept is compared, and that no token could be left out.
        const auto kept = top_p(row, p);
        double mass = 0, smallest = 1;
        for (std::size_t i = 0; i < row.size(); ++i) {
          if (!kept.keeps(row[i], i)) continue;
          mass += probabilities[i];
          smallest = std::min(smallest, probabilities[i]);
        }
        CHECK(mass >= p - kMargin);
        CHECK(mass - smallest < p + kMargin);
      }
    }
  });
}

TEST_CASE("top_p divides equal logits by token") {
  for_each_target([] {
    const std::vector<float> row(8000, 2.5F);
    CHECK(top_p(row, 0.25 - 1e-6) == truncation{2.5F, 1999});
    CHECK(top_p(row, 0) == truncation{2.5F, 0});
    std::vector<float> two = row;
    two[7000] = 2.5F + 8 * std::log(2.0F);  // as likely as 256 of the others
    CHECK(top_p(two, (256 + 99.5) / (256 + 7999)) == truncation{2.5F, 99});
  });
}

TEST_CASE("top_p_draw gives only tokens of the nucleus") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        if (test::largest_of(row) == -HUGE_VAL) {
          CHECK(top_p_draw(shifted.span(), 0.9, 1, 0.5) == no_token);
          continue;
        }
        for (const double p : {0.0, 0.001, 0.5678, 0.9512, 1.0}) {
          const auto nucleus = test::nucleus_of(row, p + kMargin, 0.75);
          const auto allowed = test::only(row, nucleus.tokens);
          for (const double u : {0.0, random.uniform(), 1 - 0x1p-53}) {
            const std::size_t token = top_p_draw(shifted.span(), p, 0.75F, u);
            REQUIRE(token < size);
            CHECK(allowed[token] > minus_inf);
          }
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

// Fixed seeds; with random ones each check would fail once in 10^6.
TEST_CASE("top_p_draw has the frequencies of the nucleus") {
  for_each_target([] {
    std::vector<float> row;
    for (int i = 0; i < 40; ++i) row.push_back(0.0931F * static_cast<float>(i * i % 41));
    row.push_back(minus_inf);
    for (const double p : {0.05, 0.3, 0.6, 0.95}) {
      const auto nucleus = test::nucleus_of(row, p, 1.5);
      CHECK(nucleus.margin > kMargin);
      const auto expected = test::probabilities_of(test::only(row, nucleus.tokens), 1.5);
      random_stream random({.key = 5, .place = 6});
      std::vector<std::uint64_t> counts(row.size());
      for (int i = 0; i < 30'000; ++i) ++counts[top_p_draw(row, p, 1.5F, random.uniform())];
      CHECK(test::chi_square_fit(counts, expected) > 1e-6);
    }
  });
}

TEST_CASE("top_p of rows without a distribution") {
  for_each_target([] {
    std::vector<float> row(700, not_a_number);
    CHECK(top_p_draw(row, 0.9, 1, 0.5) == no_token);
    CHECK(top_p(row, 0.9) == truncation{});
    CHECK(top_p_draw(std::vector<float>{}, 0.9, 1, 0.5) == no_token);
    row[300] = -4;
    CHECK(top_p_draw(row, 0.9, 1, 0.5) == 300);
    CHECK(top_p(row, 0.9) == truncation{-4, 300});
    row[400] = -5;
    CHECK(top_p_draw(row, 0.999, 1, 0.9) == 400);
    row[600] = plus_inf;
    CHECK(top_p_draw(row, 0.9, 1, 0.5) == 600);
    CHECK(top_p(row, 0.9) == truncation{plus_inf, 600});
    std::vector<float> late = test::flat_row(5000, 1);
    late[4000] = 100;
    CHECK(top_p_draw(late, 0.9, 1, 0.5) == 4000);
    CHECK(top_p_draw(late, 0.9, 0, 0.5) == 4000);
  });
}
