// SPDX-License-Identifier: MIT
#include <outthink/analysis/parallel_scaling.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using outthink::parallel_scaling;

TEST_CASE(
    "parallel_scaling: eight streams are worth 1.81 times the parameters on code, 1.69 on text") {
  CHECK(std::abs(parallel_scaling{.k = 0.39}.equivalent_parameters(8) - 1.81) < 0.005);
  CHECK(std::abs(parallel_scaling{.k = 0.33}.equivalent_parameters(8) - 1.69) < 0.005);
  CHECK(std::abs(parallel_scaling{.k = 0.39}.equivalent_parameters(2) - 1.27) < 0.005);
  CHECK(std::abs(parallel_scaling{.k = 0.39}.equivalent_parameters(4) - 1.54) < 0.005);
  CHECK(parallel_scaling{}.equivalent_parameters(1) == 1);
}

TEST_CASE("parallel_scaling: streams give the loss of the larger model that they are worth") {
  const parallel_scaling law{.floor = 0.6912, .scale = 1e9, .exponent = 0.189, .k = 0.3935};
  for (const double streams : {1.0, 2.0, 8.0}) {
    const double larger = 1e9 * law.equivalent_parameters(streams);
    CHECK(law.loss(1e9, streams) == doctest::Approx(law.loss(larger, 1)));
  }
  CHECK(law.loss(1e9, 1) == doctest::Approx(1.6912));
  CHECK(law.loss(1e9, 4) < law.loss(1e9, 2));
  CHECK(law.loss(1e30, 1) == doctest::Approx(law.floor).epsilon(1e-3));
}
