// SPDX-License-Identifier: MIT
#include <outthink/core/step_reduction.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using outthink::reduce_steps;
using outthink::step_reduction;

namespace {

constexpr step_reduction kAll[] = {step_reduction::last,        step_reduction::min,
                                   step_reduction::product,     step_reduction::mean,
                                   step_reduction::log_product, step_reduction::geometric_mean,
                                   step_reduction::logit_sum};
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
  for (const auto how : {step_reduction::last, step_reduction::min, step_reduction::product,
                         step_reduction::mean, step_reduction::geometric_mean})
    CHECK(reduce_steps(std::vector{0.3F}, how) == 0.3F);
}

TEST_CASE("reduce_steps of equal scores") {
  const std::vector<float> halves(4, 0.5F);
  CHECK(reduce_steps(halves, step_reduction::min) == 0.5F);
  CHECK(reduce_steps(halves, step_reduction::mean) == 0.5F);
  CHECK(reduce_steps(halves, step_reduction::product) == 0.0625F);
}

TEST_CASE("reduce_steps takes the logarithm of the product, its root, or the sum of logits") {
  const std::vector<float> scores{0.5F, 0.25F, 0.75F};
  CHECK(reduce_steps(scores, step_reduction::log_product) == std::log(0.09375F));
  CHECK(std::fabs(reduce_steps(scores, step_reduction::geometric_mean) - std::cbrt(0.09375F)) <
        1e-7F);
  CHECK(std::fabs(reduce_steps(scores, step_reduction::logit_sum)) < 1e-7F);  // ln(1 · 1/3 · 3)
}

TEST_CASE("reduce_steps: the log_product of a long trace does not underflow") {
  const std::vector<float> scores(10'000, 0.1F);
  CHECK(reduce_steps(scores, step_reduction::product) == 0);
  CHECK(reduce_steps(scores, step_reduction::log_product) ==
        doctest::Approx(10'000 * std::log(0.1)).epsilon(1e-7));
  CHECK(reduce_steps(scores, step_reduction::geometric_mean) == 0.1F);
}

TEST_CASE("reduce_steps: logarithms of a negative score are NaN, of zero minus infinity") {
  const std::vector<float> negative{-0.5F, -0.5F, 0.5F}, zero{0.5F, 0.0F, 0.5F};
  CHECK(std::isnan(reduce_steps(negative, step_reduction::log_product)));
  CHECK(std::isnan(reduce_steps(negative, step_reduction::geometric_mean)));
  CHECK(reduce_steps(zero, step_reduction::log_product) == -kInfinity);
  CHECK(reduce_steps(zero, step_reduction::geometric_mean) == 0);
}

TEST_CASE("reduce_steps: logit_sum takes certain scores as almost certain") {
  const std::vector<float> certain{1.0F}, both{1.0F, 0.0F};
  CHECK(reduce_steps(certain, step_reduction::logit_sum) ==
        doctest::Approx(std::log((1 - 1e-7) / 1e-7)).epsilon(1e-6));
  CHECK(std::fabs(reduce_steps(both, step_reduction::logit_sum)) < 1e-9F);
  CHECK(std::isnan(reduce_steps(std::vector{0.5F, kNaN}, step_reduction::logit_sum)));
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
