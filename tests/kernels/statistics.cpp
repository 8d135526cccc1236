// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/statistics.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::statistics;
using kernels::token_logit;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

constexpr double kTolerance = 5e-5;

void check(const std::vector<float>& row, std::span<const float> given, std::size_t k) {
  const double normaliser = test::logsumexp_of(row);
  const auto order = test::ranked_tokens(row);
  const std::vector<std::uint32_t> tokens{0, static_cast<std::uint32_t>(row.size() - 1)};
  std::vector<token_logit> likeliest(k);
  std::array<float, 2> logprobs{};
  const auto s = statistics(given, likeliest, tokens, logprobs);
  CHECK_FALSE(test::wide_registers_in_use());
  CHECK(static_cast<double>(s.largest) == test::largest_of(row));
  CHECK(std::fabs(s.logsumexp - normaliser) <= kTolerance);
  double entropy = 0, sum = 0, confidence = 0;
  for (const float z : row) {
    const double logprob = static_cast<double>(z) - normaliser;
    if (std::exp(logprob) > 0) entropy -= std::exp(logprob) * logprob;
    sum += logprob;
  }
  CHECK(std::fabs(s.entropy - entropy) <= kTolerance);
  const auto size = static_cast<double>(row.size());
  const double certainty = -sum / size - std::log(size);
  if (std::isinf(certainty))
    CHECK(s.self_certainty == HUGE_VAL);
  else
    CHECK(std::fabs(s.self_certainty - certainty) <= kTolerance + 1e-6 * std::fabs(certainty));
  REQUIRE(s.likeliest == std::min(k, order.size()));
  for (std::size_t i = 0; i < s.likeliest; ++i) {
    const double logprob = static_cast<double>(row[order[i]]) - normaliser;
    confidence -= logprob / static_cast<double>(s.likeliest);
    CHECK(likeliest[i].token == order[i]);
    CHECK(std::fabs(static_cast<double>(likeliest[i].logit) - logprob) <=
          kTolerance + 1e-7 * std::fabs(logprob));
  }
  CHECK(std::fabs(s.confidence - confidence) <= kTolerance + 1e-7 * std::fabs(confidence));
  for (std::size_t i = 0; i < 2; ++i) {
    const double logprob = static_cast<double>(row[tokens[i]]) - normaliser;
    if (std::isinf(logprob))
      CHECK(logprobs[i] == minus_inf);
    else
      CHECK(std::fabs(static_cast<double>(logprobs[i]) - logprob) <=
            kTolerance + 1e-7 * std::fabs(logprob));
  }
}

std::vector<float> logarithms(const std::vector<double>& p) {
  std::vector<float> row(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) row[i] = static_cast<float>(std::log(p[i]));
  return row;
}

}  // namespace

TEST_CASE("statistics agree with double precision at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        check(row, shifted.span(), 5);
      }
    }
  });
}

TEST_CASE("statistics of a vocabulary, also with a late large logit") {
  for_each_target([] {
    std::vector<float> row = test::flat_row(151'936, 4);
    check(row, row, 20);
    row[140'000] = 70;
    check(row, row, 20);
    check(test::peaked_row(128'256, 4), test::peaked_row(128'256, 4), 20);
  });
}

TEST_CASE("statistics of the published examples") {
  for_each_target([] {
    std::vector<token_logit> likeliest(2);
    CHECK(statistics(logarithms({.7, .1, .1, .1}), likeliest).self_certainty ==
          doctest::Approx(0.429813).epsilon(1e-5));
    CHECK(statistics(logarithms({.7, .1, .1, .1}), likeliest).confidence ==
          doctest::Approx(1.329630).epsilon(1e-5));
    CHECK(statistics(logarithms({.97, .01, .01, .01})).self_certainty ==
          doctest::Approx(2.075198).epsilon(1e-5));
    CHECK(std::fabs(statistics(std::vector<float>(4, 1.0F)).self_certainty) <= 1e-6);
  });
}

TEST_CASE("statistics of rows without a distribution") {
  for_each_target([] {
    std::vector<token_logit> likeliest(3);
    for (const auto& row : {std::vector<float>{}, std::vector<float>(70, minus_inf)}) {
      const auto s = statistics(row, likeliest);
      CHECK(s.largest == minus_inf);
      CHECK(s.logsumexp == -HUGE_VAL);
      CHECK(s.entropy == 0);
      CHECK(s.confidence == 0);
      CHECK(s.self_certainty == 0);
      CHECK(s.likeliest == 0);
    }
    for (const float bad : {not_a_number, plus_inf}) {
      std::vector<float> row(600, 1.0F);
      row[500] = bad;
      CHECK(std::isnan(statistics(row, likeliest).entropy));
      CHECK(std::isnan(statistics(row, likeliest).self_certainty));
    }
  });
}
