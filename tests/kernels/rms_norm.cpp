// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/rms_norm.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

TEST_CASE("rms_norm agrees with double precision at every size and leaves the rest alone") {
  outthink::test::for_each_target([] {
    for (std::size_t size = 1; size <= 67; ++size) {
      const std::size_t stride = size + 2;
      const auto input = outthink::test::random_floats(3 * stride, static_cast<unsigned>(size));
      const auto weight = outthink::test::random_floats(size, 99);
      std::vector<float> output(3 * stride, 7.0F);
      outthink::kernels::rms_norm({.input = input.data(),
                                   .weight = weight.data(),
                                   .output = output.data(),
                                   .rows = 3,
                                   .size = size,
                                   .input_stride = stride,
                                   .output_stride = stride,
                                   .epsilon = 1e-5F});
      CHECK_FALSE(outthink::test::wide_registers_in_use());
      for (std::size_t r = 0; r < 3; ++r) {
        double squares = 0;
        for (std::size_t i = 0; i < size; ++i)
          squares += std::pow(static_cast<double>(input[r * stride + i]), 2);
        const double factor =
            1 / std::sqrt(squares / static_cast<double>(size) + static_cast<double>(1e-5F));
        for (std::size_t i = 0; i < size; ++i) {
          const double expected =
              static_cast<double>(input[r * stride + i]) * factor * static_cast<double>(weight[i]);
          CHECK(std::fabs(static_cast<double>(output[r * stride + i]) - expected) <=
                5e-7 * std::fabs(expected));
        }
        CHECK(output[r * stride + size] == 7.0F);
      }
    }
  });
}

TEST_CASE("rms_norm of zeros is zero") {
  outthink::test::for_each_target([] {
    const std::vector<float> zeros(20, 0.0F);
    std::vector<float> output(20, 1.0F);
    outthink::kernels::rms_norm({zeros.data(), zeros.data(), output.data(), 1, 20, 20, 20, 1e-5F});
    CHECK(output == zeros);
  });
}
