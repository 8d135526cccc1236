// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <span>

namespace outthink {

/// How the scores of a trace's steps become one score.
enum class step_reduction {
  last,            ///< the last step's: right where a score predicts the final outcome
  min,             ///< the smallest: right where a score judges its own step
  product,         ///< the product; scores must lie in [0, 1]
  mean,            ///< the average
  log_product,     ///< the sum of logarithms: the order of `product`, without its underflow
  geometric_mean,  ///< e^(log_product / steps): `product` without its taste for short traces
  logit_sum,       ///< the sum of ln(s / (1 - s)): independent evidence for and against, added
};

namespace detail {

/// ln of a product of numbers that are not negative, taken of many factors at once: more exact than
/// a sum of logarithms, and most of them are saved. Between two logarithms the product stays within
/// 1e±245, whatever the floats.
class log_of_product {
 public:
  void multiply(double factor) noexcept {
    product_ *= factor < 0 ? std::numeric_limits<double>::quiet_NaN() : factor;
    if (product_ >= 1e-200 && product_ <= 1e200) return;
    log_ += __builtin_log(product_);
    product_ = 1;
  }
  [[nodiscard]] double value() const noexcept { return log_ + __builtin_log(product_); }

 private:
  double product_ = 1;
  double log_ = 0;
};

/// Scores are taken as at least this far from 0 and 1 before their logit, or one certain step would
/// decide alone; the distance is that of published particle filters over step scores.
inline constexpr double least_doubt = 1e-7;

inline double sum_of_logs(std::span<const float> scores) noexcept {
  log_of_product all;
  for (const float s : scores) all.multiply(static_cast<double>(s));
  return all.value();
}

inline double sum_of_logits(std::span<const float> scores) noexcept {
  log_of_product right, wrong;
  for (const float s : scores) {
    auto p = static_cast<double>(s);
    p = p < least_doubt ? least_doubt : p > 1 - least_doubt ? 1 - least_doubt : p;
    right.multiply(p);
    wrong.multiply(1 - p);
  }
  return right.value() - wrong.value();
}

}  // namespace detail

/// @brief Reduces the scores of a trace's steps to one.
///
/// Shapes and units: `scores` [steps], in the verifier's unit.
/// Requires: nothing; without a score the result is minus infinity, below every other. Logarithms
/// want scores in [0, 1]: of a negative score `log_product` and `geometric_mean` are NaN, and
/// `logit_sum` takes every score as at least 1e-7 from 0 and from 1.
/// Cost: O(steps). Errors: none.
/// Numerics: float result of double accumulation; a NaN among the scores gives NaN for every
/// reduction that reads it; a score of 0 gives a `log_product` of minus infinity.
/// Reference: C. Snell et al. 2024 (arXiv:2408.03314) use `last`, H. Lightman et al. 2023
/// (arXiv:2305.20050) `product` and `min`; Liu et al. 2025 (arXiv:2502.06703) call the mean `avg`
/// and give an empty trace -1. I. Puri et al. 2025 (arXiv:2502.01618) weigh particles by logits.
[[nodiscard]] constexpr float reduce_steps(std::span<const float> scores,
                                           step_reduction reduction) noexcept {
  if (scores.empty()) return -std::numeric_limits<float>::infinity();
  if (reduction == step_reduction::last) return scores.back();
  const auto steps = static_cast<double>(scores.size());
  double result = reduction == step_reduction::mean ? 0.0 : static_cast<double>(scores.front());
  switch (reduction) {
    case step_reduction::min:
      for (const float s : scores)
        result = (s < result || s != s) ? static_cast<double>(s) : result;
      break;
    case step_reduction::product:
      for (const float s : scores.subspan(1)) result *= static_cast<double>(s);
      break;
    case step_reduction::mean:
      for (const float s : scores) result += static_cast<double>(s);
      result /= steps;
      break;
    case step_reduction::log_product:
      result = detail::sum_of_logs(scores);
      break;
    case step_reduction::geometric_mean:
      result = __builtin_exp(detail::sum_of_logs(scores) / steps);
      break;
    case step_reduction::logit_sum:
      result = detail::sum_of_logits(scores);
      break;
    case step_reduction::last:
      break;
  }
  return static_cast<float>(result);
}

}  // namespace outthink
