// SPDX-License-Identifier: MIT
#include <outthink/core/step_reduction.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using outthink::reduce_steps;
using outthink::step_reduction;

namespace {

constexpr step_reduction kAll[] = {step_reduction::last, step_reduction::min,
                                   step_reduction::product, step_reduction::mean};
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("reduce_steps takes the last, the smallest, the product or the mean") {
  const std::vector<float> scores{0.5F, 0.25F, 0.75F};
  CHECK(reduce_steps(scores, step_reduction::last) == 0.75F);
  CHECK(reduce_steps(scores, step_reduction::min) == 0.25F);
  CHECK(reduce_steps(scores, step_reduction::product) == 0.09375F);
  CHECK(reduce_steps(scores, step_reduction::mean) == 0.5F);
}

TEST_CASE("reduce_steps of one score is that score") {
  for (const step_reduction how : kAll) CHECK(reduce_steps(std::vector{0.3F}, how) == 0.3F);
}

TEST_CASE("reduce_steps of equal scores") {
  const std::vector<float> halves(4, 0.5F);
  CHECK(reduce_steps(halves, step_reduction::min) == 0.5F);
  CHECK(reduce_steps(halves, step_reduction::mean) == 0.5F);
  CHECK(reduce_steps(halves, step_reduction::product) == 0.0625F);
}

TEST_CASE("reduce_steps of no score is below every score") {
  for (const step_reduction how : kAll) CHECK(reduce_steps({}, how) == -kInfinity);
}

TEST_CASE("reduce_steps gives NaN exactly if it reads one") {
  const std::vector<float> early{kNaN, 0.5F, 0.25F};
  const std::vector<float> middle{0.5F, kNaN, 0.25F};
  const std::vector<float> late{0.5F, 0.25F, kNaN};
  for (const step_reduction how : kAll) CHECK(std::isnan(reduce_steps(late, how)));
  for (const std::vector<float>& scores : {early, middle}) {
    CHECK(reduce_steps(scores, step_reduction::last) == 0.25F);
    CHECK(std::isnan(reduce_steps(scores, step_reduction::min)));
    CHECK(std::isnan(reduce_steps(scores, step_reduction::product)));
    CHECK(std::isnan(reduce_steps(scores, step_reduction::mean)));
  }
}

TEST_CASE("reduce_steps carries minus infinity through") {
  const std::vector<float> scores{0.5F, -kInfinity, 0.25F};
  CHECK(reduce_steps(scores, step_reduction::min) == -kInfinity);
  CHECK(reduce_steps(scores, step_reduction::mean) == -kInfinity);
  CHECK(reduce_steps(scores, step_reduction::product) == -kInfinity);
}

TEST_CASE("reduce_steps accumulates in double: a mean of a million tenths is a tenth") {
  const std::vector<float> scores(1'000'000, 0.1F);
  CHECK(reduce_steps(scores, step_reduction::mean) == 0.1F);
}
