// SPDX-License-Identifier: MIT
#include "divergence_reference.hpp"
#include <outthink/kernels/js_divergence.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::js_divergence;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

TEST_CASE("js_divergence agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      const auto rows = test::rows_of(size);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const std::size_t j : {i, (i + 1) % rows.size(), (i + 2) % rows.size()}) {
          const auto &p = rows[i], &q = rows[j];
          if (test::largest_of(p) == -HUGE_VAL || test::largest_of(q) == -HUGE_VAL) continue;
          test::shifted_row shifted_p(p, size % 17), shifted_q(q, (size + 5) % 17);
          const double found = js_divergence(shifted_p.span(), shifted_q.span());
          CHECK_FALSE(test::wide_registers_in_use());
          CHECK(std::fabs(found - test::js_of(p, q)) <= 2e-5);
          if (i == j) CHECK(found == 0);
        }
      }
    }
  });
}

TEST_CASE("js_divergence of simple examples") {
  for_each_target([] {
    const auto p = test::logarithms({.5, .5}), q = test::logarithms({.9, .1});
    const double expected = test::js_of(p, q);
    CHECK(expected == doctest::Approx(0.1020).epsilon(1e-3));
    CHECK(js_divergence(p, q) == doctest::Approx(expected).epsilon(1e-5));
    CHECK(js_divergence(q, p) == doctest::Approx(expected).epsilon(1e-5));
    const std::vector<float> left{0, minus_inf, 0, minus_inf}, right{minus_inf, 5, minus_inf, 5};
    CHECK(js_divergence(left, right) == doctest::Approx(std::log(2.0)).epsilon(1e-6));
  });
}

TEST_CASE("js_divergence of vocabularies is exact to 2e-6, near zero too") {
  for_each_target([] {
    const auto p = test::peaked_row(128'256, 4), other = test::flat_row(128'256, 9);
    for (const float noise : {0.001F, 0.1F, 1.0F}) {
      auto q = p;
      for (std::size_t i = 0; i < q.size(); ++i) q[i] += noise * other[i];
      CHECK(std::fabs(js_divergence(p, q) - test::js_of(p, q)) <= 2e-6);
      CHECK(std::fabs(js_divergence(other, q) - test::js_of(other, q)) <= 2e-6);
    }
  });
}

TEST_CASE("js_divergence of rows without a distribution is NaN") {
  for_each_target([] {
    const std::vector<float> good(70, 1.0F);
    CHECK(std::isnan(js_divergence(std::vector<float>{}, std::vector<float>{})));
    for (const float bad : {minus_inf, not_a_number, plus_inf}) {
      std::vector<float> row(70, bad == minus_inf ? bad : 0.0F);
      row[33] = bad;
      CHECK(std::isnan(js_divergence(row, good)));
      CHECK(std::isnan(js_divergence(good, row)));
      CHECK(std::isnan(js_divergence(row, row)));
    }
  });
}
