// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/xtc.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::band;
using kernels::xtc;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

std::vector<bool> kept_of(std::span<const float> row, double threshold) {
  const band kept = xtc(row, {.probability = 1, .threshold = threshold}, 0.5);
  std::vector<bool> all;
  for (std::size_t i = 0; i < row.size(); ++i) all.push_back(kept.keeps(row[i], i));
  return all;
}

}  // namespace

TEST_CASE("xtc keeps the sets of the published examples") {
  for_each_target([] {
    const auto row = test::logarithms({.4, .3, .2, .1});
    CHECK(kept_of(row, .09) == std::vector{false, false, false, true});
    CHECK(kept_of(row, .19) == std::vector{false, false, true, true});
    CHECK(kept_of(row, .29) == std::vector{false, true, true, true});
    CHECK(kept_of(row, .39) == std::vector{true, true, true, true});
  });
}

TEST_CASE("xtc drops the same tokens as a full sort at every size and alignment") {
  for_each_target([] {
    int compared = 0;
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        const auto probabilities = test::probabilities_of(row, 1.5);
        const auto ranked = test::ranked_tokens(row);
        for (const double threshold : {0.3, 0.1, 0.01, 1e-4}) {
          double margin = 1;
          std::size_t choices = 0;
          for (const std::size_t token : ranked) {
            margin = std::min(margin, std::fabs(probabilities[token] / threshold - 1));
            choices += probabilities[token] >= threshold ? 1U : 0U;
          }
          if (margin < 1e-5) continue;
          ++compared;
          const band kept = xtc(shifted.span(),
                                {.probability = 1, .threshold = threshold, .temperature = 1.5F}, 0);
          std::size_t wrong = 0;
          for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
            const bool expected = choices < 2 || rank + 1 >= choices;
            wrong += kept.keeps(row[ranked[rank]], ranked[rank]) == expected ? 0U : 1U;
          }
          CHECK(wrong == 0);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
    CHECK(compared > 1500);
  });
}

TEST_CASE("xtc keeps the highest token of equal choices") {
  for_each_target([] {
    const std::vector<float> row(4, 1.0F);
    CHECK(kept_of(row, .2) == std::vector{false, false, false, true});
  });
}

TEST_CASE("xtc acts as often as it is asked to, and spares tokens") {
  const auto row = test::logarithms({.4, .3, .2, .1});
  CHECK(xtc(row, {.probability = 0, .threshold = .1}, 0) == band{});
  CHECK(xtc(row, {.probability = .5, .threshold = .1}, .5) == band{});
  CHECK(xtc(row, {.probability = .5, .threshold = .15}, .4999) == band{{}, row[2], 2});
  CHECK(xtc(row, {.probability = 1, .threshold = .51}, 0) == band{});
  const std::array<std::uint32_t, 2> kept{2, 3}, dropped{3, 1};
  CHECK(xtc(row, {.probability = 1, .threshold = .15, .spared = kept}, 0) == band{{}, row[2], 2});
  CHECK(xtc(row, {.probability = 1, .threshold = .15, .spared = dropped}, 0) == band{});
}

TEST_CASE("xtc of rows without a distribution drops nothing") {
  for_each_target([] {
    CHECK(xtc(std::vector<float>{}, {.probability = 1}, 0) == band{});
    std::vector<float> row(70, minus_inf);
    CHECK(xtc(row, {.probability = 1}, 0) == band{});
    row[5] = not_a_number;
    row[69] = 3;
    CHECK(xtc(row, {.probability = 1}, 0) == band{});
    row[7] = 3;
    CHECK(xtc(row, {.probability = 1}, 0) == band{{}, 3, 69});
    row[50] = plus_inf;
    CHECK(xtc(row, {.probability = 1}, 0) == band{});
  });
}
