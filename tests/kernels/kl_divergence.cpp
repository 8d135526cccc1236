// SPDX-License-Identifier: MIT
#include "divergence_reference.hpp"
#include <outthink/kernels/kl_divergence.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::kl_divergence;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

void check_close(double found, const test::reference_divergence& expected) {
  if (expected.value == HUGE_VAL) {
    CHECK(found == HUGE_VAL);
  } else {
    // The stated bound; the references lie within 23 nats of the normalisers.
    CHECK(std::fabs(found - expected.value) <= 1e-5 + 1e-6 * (expected.distance + 46));
    CHECK(found >= 0);
  }
}

}  // namespace

TEST_CASE("kl_divergence agrees with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      const auto rows = test::rows_of(size);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const std::size_t j : {i, (i + 1) % rows.size(), (i + 2) % rows.size()}) {
          const auto &p = rows[i], &q = rows[j];
          if (test::largest_of(p) == -HUGE_VAL || test::largest_of(q) == -HUGE_VAL) continue;
          test::shifted_row shifted_p(p, size % 17), shifted_q(q, (size + 5) % 17);
          const auto found = kl_divergence(shifted_p.span(), shifted_q.span());
          CHECK_FALSE(test::wide_registers_in_use());
          check_close(found.forward, test::kl_of(p, q));
          check_close(found.reverse, test::kl_of(q, p));
        }
      }
    }
  });
}

TEST_CASE("kl_divergence of published and simple examples") {
  for_each_target([] {
    const auto p = test::logarithms({.36, .48, .16}),
               q = test::logarithms({1. / 3, 1. / 3, 1. / 3});
    const auto found = kl_divergence(p, q);
    CHECK(found.forward == doctest::Approx(0.0852996).epsilon(1e-4));
    CHECK(found.reverse == doctest::Approx(0.097455).epsilon(1e-4));
    CHECK(kl_divergence(p, p).forward == doctest::Approx(0));
  });
}

TEST_CASE("kl_divergence of vocabularies does not depend on what a row's logits have in common") {
  for_each_target([] {
    const auto p = test::peaked_row(128'256, 4), other = test::flat_row(128'256, 9);
    auto q = p;
    for (std::size_t i = 0; i < q.size(); ++i) q[i] += 0.1F * other[i];
    const auto forward = test::kl_of(p, q).value, reverse = test::kl_of(q, p).value;
    for (const float shift : {0.0F, 512.0F}) {
      for (float& z : q) z += shift;
      const auto found = kl_divergence(p, q);
      CHECK(std::fabs(found.forward - forward) <= 1e-5 + 1e-4 * (shift > 0 ? 1 : 0));
      CHECK(std::fabs(found.reverse - reverse) <= 1e-5 + 1e-4 * (shift > 0 ? 1 : 0));
    }
  });
}

TEST_CASE("kl_divergence is infinite exactly where one row masks what the other does not") {
  for_each_target([] {
    std::vector<float> p = test::flat_row(3000, 1), q = test::flat_row(3000, 2);
    p[40] = q[40] = minus_inf;
    CHECK(std::isfinite(kl_divergence(p, q).forward));
    CHECK(std::isfinite(kl_divergence(p, q).reverse));
    q[2999] = minus_inf;
    CHECK(kl_divergence(p, q).forward == HUGE_VAL);
    CHECK(std::isfinite(kl_divergence(p, q).reverse));
    p[2999] = -1e30F;  // its probability is no float, but not 0
    CHECK(kl_divergence(p, q).forward == HUGE_VAL);
    p[2999] = minus_inf;
    CHECK(std::isfinite(kl_divergence(p, q).forward));
  });
}

TEST_CASE("kl_divergence of rows without a distribution is NaN") {
  for_each_target([] {
    const std::vector<float> good(70, 1.0F);
    CHECK(std::isnan(kl_divergence(std::vector<float>{}, std::vector<float>{}).forward));
    for (const float bad : {minus_inf, not_a_number, plus_inf}) {
      std::vector<float> row(70, bad == minus_inf ? bad : 0.0F);
      row[33] = bad;
      CHECK(std::isnan(kl_divergence(row, good).forward));
      CHECK(std::isnan(kl_divergence(row, good).reverse));
      CHECK(std::isnan(kl_divergence(good, row).forward));
      CHECK(std::isnan(kl_divergence(good, row).reverse));
      CHECK(std::isnan(kl_divergence(row, row).forward));
    }
  });
}
