// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/fuse.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

using namespace outthink;
using kernels::fuse;
using kernels::fuse_space;
using kernels::keep_plausible;
using kernels::weighted_row;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;

namespace {

std::vector<float> logarithms(const std::array<double, 3>& p) {
  std::vector<float> row(p.size());
  for (std::size_t i = 0; i < p.size(); ++i) row[i] = static_cast<float>(std::log(p[i]));
  return row;
}

void check_probabilities(const std::vector<float>& fused, const std::array<double, 3>& expected) {
  const auto p = test::probabilities_of(fused);
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::fabs(p[i] - expected[i]) <= 6e-5);
}

}  // namespace

TEST_CASE("fuse agrees with double precision at every size and alignment, in both spaces") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      const auto a = test::flat_row(size, 3), b = test::flat_row(size, 4),
                 c = test::flat_row(size, 5);
      test::shifted_row shifted(a, size % 17), output(a, (size + 3) % 17);
      const std::array rows{weighted_row{shifted.span(), 1.5F}, weighted_row{b, -0.5F},
                            weighted_row{c, 0.25F}};
      for (const auto space : {fuse_space::logits, fuse_space::logprobs}) {
        fuse(rows, output.span(), space);
        CHECK_FALSE(test::wide_registers_in_use());
        const bool logs = space == fuse_space::logprobs;
        std::array<double, 3> normaliser{};
        for (std::size_t k = 0; k < 3 && logs && size > 0; ++k)
          normaliser[k] = test::logsumexp_of(rows[k].logits);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < size; ++i) {
          double expected = 0;
          for (std::size_t k = 0; k < 3; ++k)
            expected += static_cast<double>(rows[k].weight) *
                        (static_cast<double>(rows[k].logits[i]) - normaliser[k]);
          // Terms below 64 in magnitude, six roundings, and the error of logsumexp.
          if (!(std::fabs(static_cast<double>(output.span()[i]) - expected) <= 4e-5)) ++wrong;
        }
        CHECK(wrong == 0);
      }
      fuse(rows, shifted.span());  // the first row may be the result
      fuse(std::array{weighted_row{a, 1.5F}, rows[1], rows[2]}, output.span());
      CHECK(std::equal(output.span().begin(), output.span().end(), shifted.span().begin()));
    }
  });
}

TEST_CASE("fuse combines base and reward model as GenARM's examples") {
  for_each_target([] {
    const auto base = logarithms({.6, .3, .1}), reward = logarithms({.1, .8, .1});
    std::vector<float> fused(3);
    fuse(std::array{weighted_row{base, 1}, weighted_row{reward, 1}}, fused, fuse_space::logprobs);
    check_probabilities(fused, {.1935, .7742, .0323});
    fuse(std::array{weighted_row{base, 1}, weighted_row{reward, .5F}}, fused, fuse_space::logprobs);
    check_probabilities(fused, {.3875, .5480, .0646});
    fuse(std::array{weighted_row{base, .5F}, weighted_row{reward, .5F}}, fused);
    check_probabilities(fused, {.2934, .5868, .1198});
  });
}

TEST_CASE("fuse and keep_plausible contrast experts as SCMoE's example") {
  for_each_target([] {
    const std::vector<float> strong{3.0F, 2.8F, 1.0F, -1.0F}, weak{3.5F, 1.0F, 1.0F, -1.0F};
    std::vector<float> fused(4);
    fuse(std::array{weighted_row{strong, 1.5F}, weighted_row{weak, -0.5F}}, fused);
    keep_plausible(strong, 0.1, fused);
    CHECK(fused[0] == doctest::Approx(2.75));
    CHECK(fused[1] == doctest::Approx(3.70));
    CHECK(fused[2] == doctest::Approx(1.0));
    CHECK(fused[3] == minus_inf);
  });
}

TEST_CASE("keep_plausible masks the same tokens as a plain loop at every size") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      auto judge = test::flat_row(size, 3);
      if (size > 3) judge[size / 2] = not_a_number;
      const auto row = test::flat_row(size, 4);
      test::shifted_row shifted(judge, size % 17), output(row, (size + 3) % 17);
      keep_plausible(shifted.span(), 0.01, output.span());
      CHECK_FALSE(test::wide_registers_in_use());
      double largest = -HUGE_VAL;
      for (const float z : judge) {
        if (z == z) largest = std::max(largest, static_cast<double>(z));
      }
      const auto cut = static_cast<float>(largest + std::log(0.01));
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < size; ++i)
        wrong += output.span()[i] == (judge[i] >= cut ? row[i] : minus_inf) ? 0U : 1U;
      CHECK(wrong == 0);
    }
    std::vector<float> masked(20, minus_inf), fused(20, 1.0F);
    keep_plausible(masked, 0.5, fused);
    CHECK(fused == masked);
  });
}

TEST_CASE("fuse leaves out a row of weight 0 whatever it contains") {
  for_each_target([] {
    const std::vector<float> row = test::flat_row(37, 2), bad(37, not_a_number);
    std::vector<float> fused(37);
    fuse(std::array{weighted_row{row, 1}, weighted_row{bad, 0}}, fused);
    CHECK(fused == row);
    fuse(std::array{weighted_row{bad, 0}, weighted_row{row, 1}}, fused, fuse_space::logits);
    CHECK(fused == row);
  });
}
