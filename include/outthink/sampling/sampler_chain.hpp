// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/sampling/default_sampler.hpp>

#include <span>
#include <tuple>

namespace outthink {

/// @brief Runs its stages over the logits in order, then draws as `default_sampler`.
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
    if (options.temperature != 0)
      std::apply([&](auto&... stage) { (stage(logits, options), ...); }, stages_);
    return default_sampler{}(logits, options, uniform);
  }

 private:
  std::tuple<Stages...> stages_;
};

}  // namespace outthink
