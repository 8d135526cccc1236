// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/kernels/statistics.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink {

/// What tells how sure a model is of a token; all in nats, higher is surer.
enum class token_statistic : std::uint8_t {
  likeliest_tokens,  ///< DeepConf: minus the mean logprob of the likeliest tokens
  self_certainty,    ///< KL(uniform || p)
  negative_entropy,  ///< Σ p ln p
  logprob,           ///< ln p of the token itself: the mean is minus the log of the perplexity
};

/// @brief Measures how sure a model was of a token, from the logits it was drawn from.
///
/// How it works: one pass of `kernels::statistics`.
/// Shapes and units: `logits` [V], raw: before temperature, bias or truncation, which all change
/// the statistics; nats. Requires: `likeliest` in [1, 512]; a token below V. Cost: O(V). Errors:
/// `errc::invalid_argument` for `likeliest` out of range. Determinism and numerics: those of
/// `kernels::statistics`. Reference: Y. Fu et al. 2025, arXiv:2508.15260 (DeepConf: 20 likeliest
/// tokens); Z. Kang et al. 2025, arXiv:2502.18581 (self-certainty). Example:
/// tests/verifiers/confidence.cpp.
struct token_confidence {
  token_statistic statistic = token_statistic::likeliest_tokens;
  std::size_t likeliest = 20;  ///< tokens of `likeliest_tokens`

  float operator()(std::span<const float> logits, std::uint32_t token) const {
    std::array<kernels::token_logit, 512> ranked;
    require(likeliest > 0 && likeliest <= ranked.size(),
            "token_confidence.likeliest must lie in [1, 512]");
    const bool ranks = statistic == token_statistic::likeliest_tokens;
    float logprob = 0;
    const auto row = kernels::statistics(logits, std::span(ranked).first(ranks ? likeliest : 0),
                                         {&token, 1}, {&logprob, 1});
    if (ranks) return static_cast<float>(row.confidence);
    if (statistic == token_statistic::self_certainty) return static_cast<float>(row.self_certainty);
    if (statistic == token_statistic::negative_entropy) return static_cast<float>(-row.entropy);
    return logprob;
  }
};

}  // namespace outthink
