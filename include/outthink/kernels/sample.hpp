// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/kernels/simd/nucleus.hpp>
#include <outthink/kernels/token_logit.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink::kernels {

/// A token that the text so far contains, and how often.
struct token_count {
  std::uint32_t token;
  std::uint32_t count;
};

/// Penalties on tokens that the text so far contains, each token once in `seen`.
struct token_penalties {
  float repetition = 1;  ///< divides positive logits, multiplies others; 1 is none
  float presence = 0;    ///< subtracted once
  float frequency = 0;   ///< subtracted for every occurrence
  std::span<const token_count> seen = {};  ///< [n]
};

/// What `sample` does to a row, in this order.
struct sample_options {
  std::span<const token_bias> bias = {};        ///< added to the logits
  std::span<const std::uint32_t> allowed = {};  ///< bit i % 32 of word i / 32: token i may be
                                                ///< drawn; empty allows all
  token_penalties penalties = {};               ///< applied after the bias
  std::uint32_t top_k = 0;                      ///< 0 keeps all
  double top_p = 1;                             ///< of what top_k keeps; 1 keeps all
  double min_p = 0;                             ///< relative to the likeliest; 0 keeps all
  float temperature = 1;                        ///< not positive: the largest logit
  bool temperature_first = false;               ///< top_p and min_p see the tempered distribution
};

/// A token and how likely it was.
struct sampled_token {
  std::size_t token;   ///< `no_token` if the row has none to give
  float logprob;       ///< in the distribution that it was drawn from
  double raw_logprob;  ///< under softmax of the logits as given; NaN unless asked for
};

/// Room for the logits that `sample` overwrites for a moment.
class sample_workspace {
 public:
  /// For up to `changes` biased and penalised tokens.
  explicit sample_workspace(std::size_t changes = 1024) : saved_(changes) {}
  [[nodiscard]] std::span<float> saved() noexcept { return saved_; }

 private:
  std::vector<float> saved_;
};

namespace detail {

struct sample_args {
  const std::uint32_t* allowed;
  std::size_t size;
  std::size_t top_k;
  double top_p;
  double min_p_distance;   ///< below the largest logit that is still kept
  float truncation_scale;  ///< log2(e) / temperature of the distribution that is truncated
  float scale;             ///< log2(e) / temperature
  double uniform;
};

}  // namespace detail
}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/sample.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

namespace detail {

/// Biases and penalises logits while it lives, then restores them.
class patched_logits {
 public:
  patched_logits(std::span<float> logits, const sample_options& options,
                 std::span<float> saved) noexcept
      : logits_(logits), options_(options), saved_(saved) {
    const token_penalties& p = options.penalties;
    float* save = saved.data();
    for (const token_bias& b : options.bias) {
      *save++ = logits[b.token];
      logits[b.token] += b.bias;
    }
    for (const token_count& seen : p.seen) {
      float& z = logits[seen.token];
      *save++ = z;
      z = z > 0 ? z / p.repetition : z * p.repetition;
      z -= p.presence + p.frequency * static_cast<float>(seen.count);
    }
  }
  patched_logits(const patched_logits&) = delete;
  patched_logits& operator=(const patched_logits&) = delete;

  ~patched_logits() {  // backwards: a token may have been changed twice
    const auto seen = options_.penalties.seen;
    const float* save = saved_.data() + seen.size() + options_.bias.size();
    for (std::size_t i = seen.size(); i-- > 0;) logits_[seen[i].token] = *--save;
    for (std::size_t i = options_.bias.size(); i-- > 0;) logits_[options_.bias[i].token] = *--save;
  }

 private:
  std::span<float> logits_;
  const sample_options& options_;
  std::span<float> saved_;
};

[[nodiscard]] inline sample_args chain_of(std::size_t size, const sample_options& o,
                                          double uniform) noexcept {
  const float scale = exponent_scale(o.temperature);
  const bool first = o.temperature_first && scale > 0;
  double distance = -HUGE_VAL;
  if (o.min_p > 0) distance = o.min_p < 1 ? std::log(o.min_p) : 0;
  if (first) distance *= static_cast<double>(o.temperature);
  return {o.allowed.empty() ? nullptr : o.allowed.data(),
          size,
          o.top_k,
          o.top_p,
          distance,
          first ? scale : log2_of_e,
          scale,
          uniform};
}

}  // namespace detail

/// The chain below without bias and penalties, which `options` must not ask for: on a row of any
/// type, which stays as it is.
template <logit_row Row>
[[nodiscard]] inline sampled_token sample(const Row& logits, const sample_options& options,
                                          double uniform) noexcept {
  const auto row = detail::span_of(logits);
  const detail::sample_args args = detail::chain_of(row.size(), options, uniform);
  const detail::drawn drawn =
      detail::dispatch([&](auto isa) { return sample(isa, row.data(), args); });
  return {drawn.token, static_cast<float>(std::log(drawn.probability)),
          std::numeric_limits<double>::quiet_NaN()};
}

/// @brief Biases, masks, penalises, truncates, tempers and draws: a whole sampler chain in about
/// one read of the row.
///
/// How it works: the few biased and penalised logits are overwritten and afterwards restored; top-k
/// finds its candidates from group maxima as `top_k`, top-p and min-p look at those alone. Without
/// top-k, min-p needs no more than the maxima, and top-p finds the nucleus as `top_p`.
/// Shapes and units: `logits` [vocabulary], floats alone, since a patched logit may be no narrower
/// number (`widen` others; without patches the form above takes them); `uniform` in [0, 1);
/// `options.allowed` [⌈vocabulary / 32⌉]. Requires: tokens of bias and penalties below the
/// vocabulary; a workspace for as many changes as the two have tokens. Cost: about one read of the
/// row with top-k up to 512 or without top-p; `raw_logprob` adds one read and one exponential a
/// token. Allocates nothing, 200 KiB of stack at most. Errors: none. Determinism: a function of the
/// arguments, the same on every target except for a `uniform` or a top_p within rounding (about
/// 1e-6) of a step. The tokens kept are drawn in index order: the result is that of `draw` on a row
/// in which all others are -inf. Numerics: as `top_k`, `top_p`, `min_p` and `draw`; at least the
/// likeliest token is kept. -inf and NaN are never drawn; with +inf in the row the first such token
/// is; a row without a logit above -inf that is allowed gives `no_token`. The logits are restored
/// bit for bit. Reference: the order is llama.cpp's default; repetition penalty as in N. Keskar et
/// al., "CTRL", 2019, arXiv:1909.05858, with the sign rule that implementations use.
[[nodiscard]] inline sampled_token sample(std::span<float> logits, const sample_options& options,
                                          double uniform, sample_workspace& workspace,
                                          bool raw_logprob = false) noexcept {
  double normaliser = 0;
  if (raw_logprob) normaliser = logsumexp(logits);
  sampled_token result{};
  {
    const detail::patched_logits patched(logits, options, workspace.saved());
    result = kernels::sample(std::span<const float>(logits), options, uniform);
  }
  if (raw_logprob && result.token != no_token)
    result.raw_logprob = static_cast<double>(logits[result.token]) - normaliser;
  return result;
}

}  // namespace outthink::kernels
