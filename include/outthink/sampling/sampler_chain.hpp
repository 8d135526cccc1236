// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/sampling/temperature.hpp>
#include <outthink/sampling/top_k.hpp>
#include <outthink/sampling/top_p.hpp>

#include <cmath>
#include <cstddef>
#include <span>
#include <tuple>

namespace outthink {

/// Position of the largest logit; of equal ones the lowest. 0 for an empty span; NaN is never it.
[[nodiscard]] inline token_id most_likely(std::span<const float> logits) noexcept {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (logits[i] > logits[best] || logits[best] != logits[best]) best = i;
  }
  return static_cast<token_id>(best);
}

/// @brief Draws from softmax(logits) by inverting the cumulative distribution in index order.
///
/// Shapes and units: `logits` [vocabulary], `uniform` in [0, 1).
/// Requires: at least one finite logit and no NaN. Cost: two passes with one exponential per token.
/// Numerics: sums in double; rounding at the end of the distribution gives the last token that has
/// a positive probability.
[[nodiscard]] inline token_id draw(std::span<const float> logits, double uniform) noexcept {
  const float largest = logits[static_cast<std::size_t>(most_likely(logits))];
  double total = 0;
  for (const float z : logits) total += static_cast<double>(std::exp(z - largest));
  double left = uniform * total;
  std::size_t last = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const auto weight = static_cast<double>(std::exp(logits[i] - largest));
    if (weight <= 0) continue;
    last = i;
    left -= weight;
    if (left < 0) break;
  }
  return static_cast<token_id>(last);
}

/// Natural log-probability of `token` under softmax(logits).
[[nodiscard]] inline double log_probability(std::span<const float> logits,
                                            token_id token) noexcept {
  const float largest = logits[static_cast<std::size_t>(most_likely(logits))];
  double total = 0;
  for (const float z : logits) total += static_cast<double>(std::exp(z - largest));
  return static_cast<double>(logits[static_cast<std::size_t>(token)] - largest) - std::log(total);
}

/// @brief Runs its stages over the logits in order and draws from what is left.
///
/// A temperature of 0 takes the most likely token instead, before any stage.
/// Requires: stages callable as `stage(std::span<float> logits, const sampling_options&)`.
/// Cost: that of the stages and of one draw. Errors: those of the stages.
/// Determinism: the token is a function of logits, options and `uniform`.
template <class... Stages>
class sampler_chain {
 public:
  constexpr sampler_chain() = default;
  constexpr explicit sampler_chain(Stages... stages) requires(sizeof...(Stages) > 0)
      : stages_(stages...) {}

  [[nodiscard]] token_id operator()(std::span<float> logits, const sampling_options& options,
                                    double uniform) {
    if (options.temperature == 0) return most_likely(logits);
    std::apply([&](auto&... stage) { (stage(logits, options), ...); }, stages_);
    return draw(logits, uniform);
  }

 private:
  std::tuple<Stages...> stages_;
};

/// The chain that `sampling_options` describes.
using default_sampler = sampler_chain<top_k, temperature, top_p>;

}  // namespace outthink
