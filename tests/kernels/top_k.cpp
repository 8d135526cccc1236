// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/top_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::token_logit;
using kernels::top_k;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// Whether top_k gives the first k tokens of `order`, a full sort.
bool exact(std::span<const float> row, std::span<const std::size_t> order, std::size_t k) {
  std::vector<token_logit> found(k + 1, {77, 77});
  const std::size_t n = top_k(row, std::span(found).first(k));
  bool same = n == std::min(k, order.size()) && found[k] == token_logit{77, 77};
  for (std::size_t i = 0; i < n && same; ++i) {
    same = found[i].token == order[i] && found[i].logit == row[order[i]];
  }
  return same && !test::wide_registers_in_use();
}
bool exact(std::span<const float> row, std::size_t k) {
  return exact(row, test::ranked_tokens(row), k);
}

}  // namespace

TEST_CASE("top_k gives the head of a full sort at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        test::shifted_row shifted(row, size % 17);
        const auto order = test::ranked_tokens(row);
        for (const std::size_t k : test::sizes({0, 1, 2, 17, 40, 200}))
          CHECK(exact(shifted.span(), order, k));
      }
    }
  });
}

TEST_CASE("top_k of a vocabulary gives the head of a full sort for any k") {
  for (const std::size_t size : test::sizes({32'000, 151'936})) {
    std::vector<float> rising(size), constant(size, 2.5F), falling(size);
    for (std::size_t i = 0; i < size; ++i) rising[i] = static_cast<float>(i);
    for (std::size_t i = 0; i < size; ++i) falling[i] = -rising[i];
    for (const auto& row :
         {test::peaked_row(size, 3), test::flat_row(size, 3), rising, constant, falling}) {
      const auto order = test::ranked_tokens(row);
      for_each_target([&] {
        for (const std::size_t k : test::sizes({1, 20, 40, 256, 512, 513, 5000}))
          CHECK(exact(row, order, k));
      });
    }
  }
  for_each_target([] {
    const auto row = test::flat_row(5000, 6);
    CHECK(exact(row, 5000));
    CHECK(exact(row, 6000));
  });
}

TEST_CASE("top_k ranks equal logits by token, also when they fill the buffer many times") {
  for_each_target([] {
    std::vector<float> row(20'000);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<float>(i / 300 % 3);
    for (const std::size_t k : test::sizes({1, 40, 400, 512, 900, 7000})) CHECK(exact(row, k));
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i % 2 == 0 ? 0.0F : -0.0F;
    for (const std::size_t k : test::sizes({1, 40, 900})) CHECK(exact(row, k));
  });
}

TEST_CASE("top_k leaves out -inf and NaN, not +inf") {
  for_each_target([] {
    std::vector<float> row(600, minus_inf);
    row[3] = not_a_number;
    row[599] = -1e38F;
    row[200] = plus_inf;
    row[256] = 1e-40F;
    for (const std::size_t k : test::sizes({1, 2, 3, 40, 512, 513, 600})) CHECK(exact(row, k));
    CHECK(exact(std::vector<float>(600, not_a_number), 5));
    CHECK(exact(std::vector<float>(600, minus_inf), 5));
    CHECK(exact(std::vector<float>(600, minus_inf), 550));
    CHECK(exact(std::vector<float>{}, 5));
  });
}
