// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/candidates.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// What one pass over a row tells of a model's confidence.
struct row_statistics {
  float largest;          ///< the largest logit
  double logsumexp;       ///< ln Σ e^z
  double entropy;         ///< -Σ p ln p, nats
  double confidence;      ///< DeepConf: minus the mean logprob of the k likeliest tokens
  double self_certainty;  ///< KL(uniform || p), nats
  std::size_t likeliest;  ///< tokens written to `likeliest`
};

namespace detail {

/// Σ w, Σ w t and Σ t with w = 2ᵗ and t relative to the reference.
struct statistics_sums {
  float reference;
  float largest;
  double sum;
  double weighted;
  double exponents;
  std::size_t likeliest;
};

}  // namespace detail
}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/statistics.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Measures a row in one pass: largest logit, logsumexp, entropy, the k likeliest tokens
/// with their logprobs, DeepConf's confidence, self-certainty, and the logprobs of given tokens.
///
/// How it works: the sums of `entropy`, Σ t for the self-certainty -Σ ln p / V - ln V, and the
/// group maxima of `top_k` in the same pass.
/// Shapes and units: `logits` [V]; `likeliest` [k], k ≤ 512, is filled with tokens and logprobs,
/// the likeliest first; `tokens` and `logprobs` [n]; nats. Requires: tokens below V; no more tokens
/// than logprobs; a larger k counts as 512. Cost: one read and one exponential a token; allocates
/// nothing, 80 KiB of stack at most. Errors: none. Determinism: a function of the arguments and the
/// target. Numerics: absolute errors at most 1e-5 nats, 5e-5 where the likeliest token is not among
/// the first 256 and far above them. A -inf logit makes the self-certainty +inf. A row without a
/// logit above -inf gives -inf for `largest` and `logsumexp`, 0 for the others, no likeliest
/// tokens, and logprobs of NaN; NaN or +inf anywhere gives NaN for the sums. Reference: Y. Fu et
/// al., "Deep think with confidence", 2025, arXiv:2508.15260 (its k is 20); Z. Kang et al.,
/// "Scalable best-of-N selection via self-certainty", 2025, arXiv:2502.18581.
template <logit_row Row>
inline row_statistics statistics(const Row& logits, std::span<token_logit> likeliest = {},
                                 std::span<const std::uint32_t> tokens = {},
                                 std::span<float> logprobs = {}) noexcept {
  const auto row = detail::span_of(logits);
  const std::size_t wanted = std::min(likeliest.size(), detail::most_ranked);
  const auto s = detail::dispatch(
      [&](auto isa) { return statistics(isa, row.data(), row.size(), likeliest.data(), wanted); });
  const double mean = s.weighted / s.sum;
  const double normaliser = static_cast<double>(s.reference) + std::log(s.sum);
  row_statistics r{s.largest, normaliser, std::log(s.sum) - detail::ln_of_2 * mean,
                   0,         0,          s.likeliest};
  if (s.largest > -HUGE_VALF) {
    const auto vocabulary = static_cast<double>(row.size());
    r.self_certainty =
        std::log(s.sum) - detail::ln_of_2 * s.exponents / vocabulary - std::log(vocabulary);
  }
  for (token_logit& t : likeliest.first(s.likeliest)) {
    const double logprob = static_cast<double>(t.logit) - normaliser;
    t.logit = static_cast<float>(logprob);
    r.confidence -= logprob / static_cast<double>(s.likeliest);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    logprobs[i] =
        static_cast<float>(static_cast<double>(static_cast<float>(row[tokens[i]])) - normaliser);
  return r;
}

}  // namespace outthink::kernels
