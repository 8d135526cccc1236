// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/log_softmax.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::log_softmax;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

TEST_CASE("log_softmax agrees with double precision at every size and alignment, also in place") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        const double normaliser = test::logsumexp_of(row);
        test::shifted_row shifted(row, size % 17), out(row, (size + 5) % 17);
        log_softmax(shifted.span(), out.span());
        CHECK_FALSE(test::wide_registers_in_use());
        log_softmax(shifted.span(), shifted.span());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < size; ++i) {
          const float found = out.span()[i];
          if (found != shifted.span()[i]) ++wrong;
          if (row[i] == minus_inf) {
            wrong += found == minus_inf ? 0U : 1U;
            continue;
          }
          // The normaliser's 5e-6 and two roundings.
          const double expected = static_cast<double>(row[i]) - normaliser;
          if (!(std::fabs(static_cast<double>(found) - expected) <=
                5e-6 + 0x1p-23 * std::fabs(expected)))
            ++wrong;
        }
        CHECK(wrong == 0);
      }
    }
  });
}

TEST_CASE("log_softmax of rows without a distribution") {
  for_each_target([] {
    std::vector<float> row(70, minus_inf), out(70);
    log_softmax(row, out);
    CHECK(out == row);
    row[3] = 1;
    row[69] = plus_inf;
    log_softmax(row, out);
    CHECK(out[3] == minus_inf);
    CHECK(std::isnan(out[69]));
    row[1] = not_a_number;
    log_softmax(row, out);
    for (const float x : out) CHECK(std::isnan(x));
  });
}
