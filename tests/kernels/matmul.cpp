// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/matmul.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace {

using outthink::kernels::matmul;
using outthink::kernels::panel_columns;
using outthink::test::for_each_target;
using outthink::test::random_floats;

struct operands {
  std::size_t rows, depth, panels, input_stride, output_stride;
  std::vector<float> input, weights, output;

  operands(std::size_t rows_, std::size_t depth_, std::size_t panels_)
      : rows(rows_),
        depth(depth_),
        panels(panels_),
        input_stride(depth_ + 3),
        output_stride(panels_ * panel_columns + 5),
        input(random_floats(rows_ * input_stride, 1)),
        weights(random_floats(panels_ * panel_columns * depth_, 2)),
        output(random_floats(rows_ * output_stride, 3)) {}

  std::vector<float> multiply(std::size_t first, std::size_t count, bool accumulate) const {
    std::vector<float> product = output;
    matmul({.input = input.data() + first * input_stride,
            .weights = weights.data(),
            .output = product.data() + first * output_stride,
            .rows = count,
            .depth = depth,
            .panels = panels,
            .input_stride = input_stride,
            .output_stride = output_stride,
            .accumulate = accumulate});
    return product;
  }

  double expected(std::size_t row, std::size_t column) const {
    double sum = 0;
    for (std::size_t k = 0; k < depth; ++k)
      sum += static_cast<double>(input[row * input_stride + k]) *
             static_cast<double>(weights[(column / panel_columns * depth + k) * panel_columns +
                                         column % panel_columns]);
    return sum;
  }
};

}  // namespace

TEST_CASE("matmul agrees with a double-precision product and touches nothing else") {
  for_each_target([] {
    for (const std::size_t rows : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 17U, 33U})
      for (const std::size_t depth : {1U, 7U, 128U}) {
        const operands o(rows, depth, 2);
        const auto product = o.multiply(0, rows, false);
        CHECK_FALSE(outthink::test::wide_registers_in_use());
        const auto added = o.multiply(0, rows, true);
        for (std::size_t i = 0; i < product.size(); ++i) {
          const std::size_t row = i / o.output_stride;
          const std::size_t column = i % o.output_stride;
          if (column >= o.panels * panel_columns) {
            REQUIRE(product[i] == o.output[i]);
            continue;
          }
          const double tolerance = 1e-6 * static_cast<double>(depth);
          REQUIRE(std::fabs(static_cast<double>(product[i]) - o.expected(row, column)) < tolerance);
          REQUIRE(added[i] == o.output[i] + product[i]);
        }
      }
  });
}

TEST_CASE("matmul gives a row the same bits in every block of rows") {
  for_each_target([] {
    const operands o(40, 129, 3);
    const auto whole = o.multiply(0, 40, false);
    for (std::size_t first = 0; first < 40; ++first)
      for (std::size_t count = 1; count <= 40 - first; ++count) {
        const auto part = o.multiply(first, count, false);
        for (std::size_t i = first * o.output_stride; i < (first + count) * o.output_stride; ++i)
          if (i % o.output_stride < 3 * panel_columns && part[i] != whole[i]) FAIL("row differs");
      }
  });
}
