// SPDX-License-Identifier: MIT
#include <outthink/kernels/effective_sample_size.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using outthink::kernels::effective_sample_size;
using weights = std::vector<double>;

TEST_CASE("effective_sample_size is n for equal weights and 1 for a single one, in any unit") {
  for (std::size_t n = 1; n <= 67; ++n) {
    for (const double unit : {1.0, 1e-300, 1e300, 4.9e-324}) {
      weights all(n, unit);
      CHECK(effective_sample_size(all) == static_cast<double>(n));
      for (double& w : all) w = 0;
      all[n / 2] = unit;
      CHECK(effective_sample_size(all) == 1);
    }
  }
}

TEST_CASE("effective_sample_size lies between for uneven weights") {
  CHECK(effective_sample_size(weights{0.5, 0.25, 0.25}) == doctest::Approx(8.0 / 3));
  CHECK(effective_sample_size(weights{2, 1, 1}) == effective_sample_size(weights{1, 2, 1}));
}

TEST_CASE("effective_sample_size of nothing is 0, with NaN or infinity NaN") {
  CHECK(effective_sample_size({}) == 0);
  CHECK(effective_sample_size(weights{0, 0}) == 0);
  CHECK(std::isnan(effective_sample_size(weights{1, std::numeric_limits<double>::quiet_NaN()})));
  CHECK(std::isnan(effective_sample_size(weights{1, std::numeric_limits<double>::infinity()})));
}
