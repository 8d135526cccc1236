// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/min_p.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace outthink;
using kernels::min_p;
using kernels::min_p_draw;
using kernels::no_token;
using test::for_each_target;
using test::not_a_number;
using test::plus_inf;

TEST_CASE("min_p keeps the sets of the published examples") {
  const auto row = test::logarithms({.1, .2, .3, .4});
  const auto kept = [&row](double p) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < row.size(); ++i) n += min_p(row[3], p).keeps(row[i], i) ? 1U : 0U;
    return n;
  };
  CHECK(kept(0) == 4);
  CHECK(kept(.24) == 4);
  CHECK(kept(.26) == 3);
  CHECK(kept(.51) == 2);
  CHECK(kept(.76) == 1);
  CHECK(kept(1) == 1);
  CHECK(kept(2) == 1);
}

TEST_CASE("min_p_draw inverts the kept tokens' distribution in index order") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        if (test::largest_of(row) == -HUGE_VAL) {
          CHECK(min_p_draw(shifted.span(), 0.05, 1, 0.5) == no_token);
          continue;
        }
        for (const double p : {0.0, 0.001, 0.05, 1.0}) {
          const auto kept = min_p(static_cast<float>(test::largest_of(row)), p);
          const auto expected = test::probabilities_of(test::masked(row, kept), 0.75);
          for (const double u : {0.0, random.uniform(), 1 - 0x1p-53}) {
            const std::size_t token = min_p_draw(shifted.span(), p, 0.75F, u);
            const auto inverted = test::invert(expected, u);
            if (inverted.margin > 5e-6) CHECK(token == inverted.token);
            REQUIRE(token < size);
            CHECK(expected[token] > 0);
          }
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

// Fixed seed; with a random one each check would fail once in 10^6.
TEST_CASE("min_p_draw has the frequencies of the kept tokens at a temperature") {
  for_each_target([] {
    const auto row = test::logarithms({.1, .2, .3, .4});
    random_stream random({.key = 5, .place = 6});
    std::vector<std::uint64_t> counts(row.size());
    for (int i = 0; i < 20'000; ++i) ++counts[min_p_draw(row, .26, 1, random.uniform())];
    CHECK(test::chi_square_fit(counts, std::vector<double>{0, .2 / .9, .3 / .9, .4 / .9}) > 1e-6);
  });
}

TEST_CASE("min_p_draw of rows without a distribution") {
  for_each_target([] {
    std::vector<float> row(700, not_a_number);
    CHECK(min_p_draw(row, 0.1, 1, 0.5) == no_token);
    CHECK(min_p_draw(std::vector<float>{}, 0.1, 1, 0.5) == no_token);
    row[300] = -4;
    CHECK(min_p_draw(row, 0.1, 1, 0.5) == 300);
    row[600] = plus_inf;
    CHECK(min_p_draw(row, 0.1, 1, 0.5) == 600);
    CHECK(min_p_draw(test::flat_row(500, 1), 0.1, 0, 0.5) ==
          kernels::argmax(test::flat_row(500, 1)).token);
  });
}
