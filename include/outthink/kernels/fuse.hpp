// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/logsumexp.hpp>

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::kernels {

/// One model's logits and their weight in a sum.
struct weighted_row {
  std::span<const float> logits;
  float weight;
};

namespace detail {

struct fuse_args {
  const float* logits;
  float* output;
  std::size_t size;
  float weight;
  float offset;     ///< subtracted from the logits before they are weighted
  bool accumulate;  ///< output += instead of output =
};

struct mask_args {
  const float* logits;
  float* output;
  std::size_t size;
  float threshold;
};

}  // namespace detail
}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/fuse.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// Whether `fuse` adds the logits as they are, or their log-probabilities.
enum class fuse_space { logits, logprobs };

/// @brief Adds several models' logits or log-probabilities with weights.
///
/// How it works: fused = Σ weight_k · z_k, or Σ weight_k · (z_k - ln Σ e^z_k). One primitive of
/// many methods: GenARM (weights 1 and 1/β), UniR (all 1), contrastive decoding and SCMoE (1 + β
/// and -β), classifier-free guidance (γ and 1 - γ). Shapes and units: each row and `fused`
/// [vocabulary], floats alone (`widen` others). Requires: equal sizes; `fused` overlaps no row but
/// may be the first. Cost: one read and one write for each row; in log-probability space another
/// read with exponentials. Allocates nothing. Errors: none. Without rows nothing is written.
/// Determinism: a function of the arguments and the target; rows are added in order. Numerics:
/// single precision. A weight of 0 leaves its row out, whatever it contains; else -inf, +inf and
/// NaN go through the sum as in IEEE 754: -inf with a negative weight gives +inf, so mask the
/// result with `keep_plausible`. A row without a logit above -inf counts as its logits. Reference:
/// Y. Xu et al., "GenARM", 2024, arXiv:2410.08193; C. Shi et al., "Unchosen experts can contribute
/// too", 2024, arXiv:2405.14507; X. Li et al., "Contrastive decoding", 2022, arXiv:2210.15097.
inline void fuse(std::span<const weighted_row> rows, std::span<float> fused,
                 fuse_space space = fuse_space::logits) noexcept {
  bool accumulate = false;
  for (const weighted_row& row : rows) {
    double offset = 0;
    if (space == fuse_space::logprobs && row.weight != 0) offset = logsumexp(row.logits);
    if (offset == -HUGE_VAL) offset = 0;
    const detail::fuse_args args{row.logits.data(),          fused.data(), fused.size(), row.weight,
                                 static_cast<float>(offset), accumulate};
    detail::dispatch([&](auto isa) { fuse(isa, args); });
    accumulate = true;
  }
}

/// @brief Masks tokens that one model finds implausible: those with p < α · max p become -inf.
///
/// How it works: z < max z + ln α of `judge` sets `fused` to -inf, also where `judge` is NaN.
/// Shapes and units: `judge` and `fused` [vocabulary], floats alone. Requires: equal sizes; α in
/// (0, 1]. Cost: two reads of `judge`, a read and a write of `fused`; allocates nothing. Errors:
/// none. Determinism: a function of the arguments, the same on every target. Numerics: the
/// threshold is computed in double and rounded once; the likeliest token stays. A judge without a
/// logit above -inf masks everything. Reference: the plausibility constraint of X. Li et al., 2022,
/// arXiv:2210.15097, equation 2.
inline void keep_plausible(std::span<const float> judge, double alpha,
                           std::span<float> fused) noexcept {
  const auto largest = static_cast<double>(argmax(judge).logit);
  const double cut = largest + (alpha < 1 ? std::log(alpha) : 0);
  constexpr double kLowest = -0x1.fffffep127;
  const detail::mask_args args{judge.data(), fused.data(), fused.size(),
                               static_cast<float>(cut > kLowest ? cut : kLowest)};
  detail::dispatch([&](auto isa) { keep_plausible(isa, args); });
}

}  // namespace outthink::kernels
