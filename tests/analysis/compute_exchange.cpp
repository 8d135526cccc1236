// SPDX-License-Identifier: MIT
#include <outthink/analysis/compute_exchange.hpp>

#include <doctest/doctest.h>

#include <initializer_list>

using outthink::compute_exchange;

TEST_CASE("compute_exchange of a model 14 times as large, at the three published ratios") {
  CHECK(compute_exchange(14, 0.16) == doctest::Approx(257.75));
  CHECK(compute_exchange(14, 0.79) == doctest::Approx(63.367).epsilon(1e-5));
  CHECK(compute_exchange(14, 22) == doctest::Approx(15.773).epsilon(1e-4));
}

TEST_CASE("compute_exchange makes both models cost the same") {
  for (const double m : {1.0, 3.0, 40.0}) {
    for (const double ratio : {0.01, 1.0, 50.0}) {
      const double parameters = 7, trained = 1000, generated = ratio * trained;
      const double small =
          6 * parameters * trained + 2 * parameters * generated * compute_exchange(m, ratio);
      const double large = m * (6 * parameters * trained + 2 * parameters * generated);
      CHECK(small == doctest::Approx(large));
    }
  }
}
