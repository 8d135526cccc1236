// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/argmax.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

using namespace outthink;
using kernels::argmax;
using kernels::no_token;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

TEST_CASE("argmax finds the first largest logit at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const auto order = test::ranked_tokens(row);
        const auto found = argmax(shifted.span());
        CHECK_FALSE(test::wide_registers_in_use());
        if (order.empty()) continue;
        CHECK(found.token == order[0]);
        CHECK(found.logit == row[order[0]]);
      }
    }
  });
}

TEST_CASE("argmax finds a largest logit at any place") {
  for_each_target([] {
    std::vector<float> row(1300, -1.0F);
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = 2;
      CHECK(argmax(row).token == i);
      row[i] = -1;
    }
  });
}

TEST_CASE("argmax passes over NaN and gives no token where there is no number") {
  for_each_target([] {
    CHECK(argmax(std::vector<float>{}).token == no_token);
    CHECK(argmax(std::vector<float>{}).logit == minus_inf);
    for (const std::size_t size : test::sizes({1, 3, 16, 65, 700})) {
      std::vector<float> row(size, not_a_number);
      CHECK(argmax(row).token == no_token);
      row[size - 1] = minus_inf;
      CHECK(argmax(row).token == size - 1);
      row[size / 2] = -1e30F;
      CHECK(argmax(row).token == size / 2);
      row[size - 1] = plus_inf;
      CHECK(argmax(row).token == size - 1);
      CHECK(argmax(row).logit == plus_inf);
    }
    CHECK(argmax(std::vector<float>(100, minus_inf)).token == 0);
    CHECK(argmax(std::vector<float>{-0.0F, 0.0F}).token == 0);
  });
}
