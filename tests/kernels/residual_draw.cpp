// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/residual_draw.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace outthink;
using kernels::accepts_draft;
using kernels::no_token;
using kernels::residual_draw;
using test::for_each_target;
using test::not_a_number;

namespace {

std::vector<float> floats(const std::vector<double>& p) {
  std::vector<float> row(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) row[i] = static_cast<float>(p[i]);
  return row;
}

}  // namespace

TEST_CASE("residual_draw inverts the positive differences' distribution at every size") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const std::size_t size : test::interesting_sizes()) {
      if (size < 2) continue;
      const auto p = floats(test::probabilities_of(test::flat_row(size, 3)));
      const auto q = floats(test::probabilities_of(test::flat_row(size, 4)));
      test::shifted_row target(p, size % 17), draft(q, (size + 3) % 17);
      std::vector<double> expected(size);
      double total = 0;
      for (std::size_t i = 0; i < size; ++i)
        total += expected[i] = std::max(0.0, static_cast<double>(p[i] - q[i]));
      for (double& x : expected) x /= total;
      for (const double u : {0.0, random.uniform(), random.uniform(), 1 - 0x1p-53}) {
        const std::size_t token = residual_draw(target.span(), draft.span(), u);
        const auto inverted = test::invert(expected, u);
        if (inverted.margin > 1e-5) CHECK(token == inverted.token);  // sums of floats
        REQUIRE(token < size);
        CHECK(p[token] > q[token]);
      }
      CHECK_FALSE(test::wide_registers_in_use());
    }
  });
}

// Fixed seeds; with random ones each check would fail once in 10^6.
TEST_CASE("accepting or drawing the residual has the target's frequencies") {
  for_each_target([] {
    const std::vector<float> p{.5F, .3F, .2F, 0}, q{.2F, .5F, .2F, .1F};
    random_stream random({.key = 5, .place = 6});
    std::vector<std::uint64_t> counts(4), residual(4);
    std::uint64_t accepted = 0;
    for (int i = 0; i < 30'000; ++i) {
      const std::size_t proposed = test::invert({.2, .5, .2, .1}, random.uniform()).token;
      if (accepts_draft(p[proposed], q[proposed], random.uniform())) {
        ++accepted;
        ++counts[proposed];
      } else {
        const std::size_t token = residual_draw(p, q, random.uniform());
        ++counts[token];
        ++residual[token];
      }
    }
    CHECK(test::chi_square_fit(counts, std::vector<double>{.5, .3, .2, 0}) > 1e-6);
    CHECK(residual[0] == 30'000 - accepted);  // the only token that p likes better
    // The acceptance rate is the sum of min(p, q) = 0.7: five standard deviations are 0.0132.
    CHECK(std::fabs(static_cast<double>(accepted) / 30'000 - 0.7) <= 0.0132);
  });
}

TEST_CASE("residual_draw where nothing is left draws from the target, or nothing") {
  for_each_target([] {
    const std::vector<float> p{.25F, .5F, .25F};
    CHECK(residual_draw(p, p, 0.2) == 0);
    CHECK(residual_draw(p, p, 0.6) == 1);
    CHECK(residual_draw(p, p, 0.8) == 2);
    CHECK(residual_draw(std::vector<float>(40, 0.0F), std::vector<float>(40, 0.5F), 0.5) ==
          no_token);
    CHECK(residual_draw(std::vector<float>{}, std::vector<float>{}, 0.5) == no_token);
    CHECK(residual_draw(std::vector<float>{not_a_number, .5F}, std::vector<float>{.1F, .2F}, 0) ==
          1);
    CHECK_FALSE(accepts_draft(not_a_number, .5F, 0));
    CHECK_FALSE(accepts_draft(0, .5F, 0));
    CHECK(accepts_draft(.5F, .5F, 1 - 0x1p-53));
  });
}
