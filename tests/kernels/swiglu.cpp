// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/swiglu.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace {

/// SiLU of `gates`, each times `up`.
std::vector<float> activate(const std::vector<float>& gates, float up) {
  std::vector<float> both = gates;
  both.resize(2 * gates.size(), up);
  std::vector<float> output(gates.size());
  outthink::kernels::swiglu({.gate_up = both.data(),
                             .output = output.data(),
                             .rows = 1,
                             .size = gates.size(),
                             .input_stride = both.size(),
                             .output_stride = output.size()});
  return output;
}

}  // namespace

TEST_CASE("swiglu is within 4 ulp of the exact product for gates between -87 and 100") {
  outthink::test::for_each_target([] {
    std::vector<float> gates;
    for (float g = -87; g < 100; g += 0.00317F) gates.push_back(g);
    const auto found = activate(gates, 1.0F);
    CHECK_FALSE(outthink::test::wide_registers_in_use());
    double largest = 0;
    for (std::size_t i = 0; i < gates.size(); ++i) {
      const auto g = static_cast<double>(gates[i]);
      const double expected = g / (1 + std::exp(-g));
      const double ulp = std::ldexp(1.0, std::ilogb(expected) - 23);
      largest = std::max(largest, std::fabs(static_cast<double>(found[i]) - expected) / ulp);
    }
    CAPTURE(largest);
    CHECK(largest < 4);
  });
}

TEST_CASE("swiglu vanishes for very negative gates and passes large ones") {
  outthink::test::for_each_target([] {
    const auto found = activate({-100, -1e30F, -88, 0, 100, 3e38F}, 2.0F);
    for (std::size_t i = 0; i < 3; ++i) CHECK(std::fabs(found[i]) < 1e-6F);
    CHECK(found[3] == 0);
    CHECK(found[4] == 200);
    CHECK(found[5] == std::numeric_limits<float>::infinity());
  });
}

TEST_CASE("swiglu serves every size and several rows") {
  outthink::test::for_each_target([] {
    for (std::size_t size = 0; size <= 67; ++size) {
      const auto input =
          outthink::test::random_floats(2 * (2 * size + 1), static_cast<unsigned>(size));
      std::vector<float> output(2 * (size + 1), 9.0F);
      outthink::kernels::swiglu({input.data(), output.data(), 2, size, 2 * size + 1, size + 1});
      for (std::size_t r = 0; r < 2; ++r) {
        for (std::size_t i = 0; i < size; ++i) {
          const auto g = static_cast<double>(input[r * (2 * size + 1) + i]);
          const auto u = static_cast<double>(input[r * (2 * size + 1) + size + i]);
          REQUIRE(std::fabs(static_cast<double>(output[r * (size + 1) + i]) -
                            g / (1 + std::exp(-g)) * u) < 2e-6);
        }
        REQUIRE(output[r * (size + 1) + size] == 9.0F);
      }
    }
  });
}
