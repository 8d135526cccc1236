// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/verifiers/ask_verifier.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// How the scores of several verifiers become one.
enum class combination : std::uint8_t {
  weighted_mean,       ///< Σ w s / Σ w: the weighted sum where the weights add up to 1
  minimum,             ///< the smallest: the strictest verifier decides; weights do not count
  product_of_experts,  ///< Π s^w against Π (1 - s)^w, normalised: evidence adds up
};

/// @brief Scores by several verifiers together.
///
/// How it works: every verifier is asked about every trace; the scores of a step are combined.
/// The product of experts is σ(Σ w logit s): 1/2 is no evidence, and two experts who say 0.8 say
/// 0.94 together. A verifier that gives a step no score (NaN) is left out for that step; where all
/// do, the step has none.
///
/// Shapes and units: one score per step, in the verifiers' unit; the product needs scores in [0,
/// 1], which are taken as at least 1e-7 from 0 and 1. Requires: weights that are not negative and
/// not all 0, one per verifier; none of the verifiers abstains at compile time as `no_verifier`
/// does. Cost: the sum of the verifiers', charged to one verdict. Errors: `errc::invalid_argument`
/// for weights out of range, `errc::malformed_reply`; if one verifier fails on a trace, the verdict
/// is its failure. Determinism: the verifiers'. Numerics: double sums in the order of the
/// verifiers. Reference: G. Hinton 2002, "Training products of experts by minimizing contrastive
/// divergence", Neural Computation 14(8), with binary experts. Minimum and mean over reward models:
/// T. Coste et al. 2023, arXiv:2310.02743. Example: examples/verifier_cascade.cpp.
template <class... Verifiers>
requires(service_interface<std::remove_reference_t<Verifiers>>&&...) class ensemble {
  static_assert(sizeof...(Verifiers) > 0, "outthink: an ensemble needs a verifier");
  static_assert((outthink::detail::diagnose_verifier<std::remove_reference_t<Verifiers>>() && ...));
  static_assert(!(abstaining_verifier<std::remove_reference_t<Verifiers>> || ...),
                "outthink: an ensemble holds verifiers that score");

 public:
  using request = score_request;
  using response = verdict;
  using weights = std::array<double, sizeof...(Verifiers)>;

  /// All weigh the same.
  explicit ensemble(combination rule, Verifiers&&... verifiers)
      : ensemble(rule, equal_weights(), std::forward<Verifiers>(verifiers)...) {}
  ensemble(combination rule, const weights& weight, Verifiers&&... verifiers)
      : rule_(rule), weights_(weight), verifiers_(std::forward<Verifiers>(verifiers)...) {
    double sum = 0;
    for (const double one : weight) {
      require(one >= 0, "ensemble: weights must not be negative");
      sum += one;
    }
    require(sum > 0, "ensemble: one weight at least must be positive");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    const auto all =
        std::apply([&](auto&... one) { return std::array{detail::ask_verifier(one, requests)...}; },
                   verifiers_);
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      verdict& made = verdicts[i];
      for (const auto& answers : all) {
        made.spent += answers[i].spent;
        if (made.failure.empty()) made.failure = answers[i].failure;
      }
      if (!made.failure.empty()) continue;
      for (std::size_t step = 0; step < all[0][i].scores.size(); ++step) {
        std::array<float, sizeof...(Verifiers)> scores;
        for (std::size_t v = 0; v < scores.size(); ++v) scores[v] = all[v][i].scores[step];
        made.scores.push_back(combined(scores));
      }
    }
    return verdicts;
  }

 private:
  static weights equal_weights() {
    weights all;
    all.fill(1.0);
    return all;
  }

  [[nodiscard]] float combined(std::span<const float> scores) const {
    double sum = 0, weight = 0, least = std::numeric_limits<double>::infinity();
    for (std::size_t v = 0; v < scores.size(); ++v) {
      if (scores[v] != scores[v]) continue;
      const auto score = static_cast<double>(scores[v]);
      const bool logits = rule_ == combination::product_of_experts;
      const double w = weights_[v];
      if (w > 0) sum += w * (logits ? outthink::detail::sum_of_logits({&scores[v], 1}) : score);
      weight += rule_ == combination::minimum ? 1 : w;
      least = score < least ? score : least;
    }
    if (!(weight > 0)) return std::numeric_limits<float>::quiet_NaN();
    if (rule_ == combination::minimum) return static_cast<float>(least);
    if (rule_ == combination::weighted_mean) return static_cast<float>(sum / weight);
    return static_cast<float>(1 / (1 + __builtin_exp(-sum)));
  }

  combination rule_;
  weights weights_;
  std::tuple<Verifiers...> verifiers_;
};

template <class... Verifiers>
requires(service_interface<std::remove_reference_t<Verifiers>>&&...)
    ensemble(combination, Verifiers&&...)
->ensemble<Verifiers...>;
template <std::size_t N, class... Verifiers>
ensemble(combination, const std::array<double, N>&, Verifiers&&...) -> ensemble<Verifiers...>;

}  // namespace outthink::verifiers
