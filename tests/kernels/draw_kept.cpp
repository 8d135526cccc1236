// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/min_p.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::band;
using kernels::draw_kept;
using kernels::no_token;
using kernels::truncation;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// The band of the tokens with ranks from `begin` to before `end`.
band ranks_between(std::span<const float> row, const std::vector<std::size_t>& ranked,
                   std::size_t begin, std::size_t end) {
  const auto token = [&](std::size_t rank) { return static_cast<std::uint32_t>(ranked[rank]); };
  return {{row[token(end - 1)], token(end - 1)}, row[token(begin)], token(begin)};
}

}  // namespace

TEST_CASE("draw_kept inverts the distribution of any run of ranks in index order") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const auto ranked = test::ranked_tokens(row);
        const std::size_t count = ranked.size();
        if (count == 0) {
          CHECK(draw_kept(shifted.span(), band{}, 1, 0.5) == no_token);
          continue;
        }
        for (const band& kept : {band{}, ranks_between(row, ranked, 0, count / 2 + 1),
                                 ranks_between(row, ranked, count / 3, count),
                                 ranks_between(row, ranked, count / 2, count / 2 + 1)}) {
          const auto expected = test::probabilities_of(test::masked(row, kept), 0.75);
          for (const double u : {0.0, random.uniform(), 1 - 0x1p-53}) {
            const std::size_t token = draw_kept(shifted.span(), kept, 0.75F, u);
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

TEST_CASE("draw_kept of a truncation draws the token of the fused draw") {
  for_each_target([] {
    const auto row = test::peaked_row(20'000, 3);
    const auto kept = kernels::min_p(static_cast<float>(test::largest_of(row)), 0.05);
    for (const double u : {0.01, 0.3, 0.77, 0.99})
      CHECK(draw_kept(row, kept, 0.8F, u) == kernels::min_p_draw(row, 0.05, 0.8F, u));
  });
}

TEST_CASE("draw_kept reaches tokens far below those that a band drops") {
  for_each_target([] {
    std::vector<float> row(3000, -500.0F);
    row[100] = 500;
    row[2000] = -400;
    CHECK(draw_kept(row, band{{}, -400.0F, 0}, 0.01F, 0.9) == 2000);
    CHECK(draw_kept(row, band{{}, -450.0F, 0}, 1, 0.5) == 1500);
  });
}

// Fixed seed; with a random one each check would fail once in 10^6.
TEST_CASE("draw_kept has the frequencies of a band at a temperature") {
  for_each_target([] {
    const auto row = test::logarithms({.4, .1, .2, .3});
    const band kept{{row[1], 1}, row[3], 3};  // without the likeliest
    random_stream random({.key = 5, .place = 6});
    std::vector<std::uint64_t> counts(row.size());
    for (int i = 0; i < 20'000; ++i) ++counts[draw_kept(row, kept, 0.5F, random.uniform())];
    CHECK(test::chi_square_fit(counts, std::vector<double>{0, 1. / 14, 4. / 14, 9. / 14}) > 1e-6);
  });
}

TEST_CASE("draw_kept of rows and bands without a distribution") {
  for_each_target([] {
    std::vector<float> row(700, not_a_number);
    CHECK(draw_kept(row, truncation{}, 1, 0.5) == no_token);
    CHECK(draw_kept(std::vector<float>{}, truncation{}, 1, 0.5) == no_token);
    row[300] = -4;
    CHECK(draw_kept(row, truncation{}, 1, 0.5) == 300);
    CHECK(draw_kept(row, truncation{-3, 699}, 1, 0.5) == no_token);
    CHECK(draw_kept(row, truncation{-4, 299}, 1, 0.5) == no_token);
    CHECK(draw_kept(row, band{{}, -4, 301}, 1, 0.5) == no_token);
    row[400] = -5;
    CHECK(draw_kept(row, band{{}, -4, 301}, 0, 0.5) == 400);
    row[600] = plus_inf;
    CHECK(draw_kept(row, truncation{}, 1, 0.5) == 600);
    CHECK(draw_kept(row, band{{-4.5F, 0}, 0, 0}, 1, 0.5) == 300);
    CHECK(draw_kept(std::vector<float>(70, minus_inf), band{}, 1, 0.5) == no_token);
  });
}
