// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/band.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/simd/band.hpp>
#include <outthink/kernels/simd/weights.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace outthink::kernels {

/// Exclude top choices: how often, and what counts as a choice.
struct xtc_options {
  double probability = 0.5;  ///< of dropping anything at all
  double threshold = 0.1;    ///< a token at least this likely is a top choice
  float temperature = 1;     ///< of the distribution that is looked at; not positive counts as 1
  std::span<const std::uint32_t> spared = {};  ///< tokens, such as the end of a text or of a line:
                                               ///< if one would be dropped, nothing is
};

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/xtc.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Excludes top choices: now and then, the band without all tokens that are likely enough
/// but the least likely of them.
///
/// How it works: if `uniform` is below `options.probability`, of the tokens with p ≥ threshold the
/// one ranked last stays, those ranked before it go, and all less likely ones stay; with fewer than
/// two such tokens, as for every threshold above 0.5, nothing goes. Draw with `draw_kept`.
/// Shapes and units: `logits` [vocabulary]; `uniform` in [0, 1), not the number that the draw uses.
/// Requires: at most 2³² tokens; spared tokens below the vocabulary.
/// Cost: two reads of the row, one with exponentials, or nothing where nothing is to be dropped;
/// allocates nothing, 112 KiB of stack at most. Errors: none.
/// Determinism: a function of the arguments, the same on every target except for a token whose
/// probability lies within a factor of 1 ± 1e-6 of the threshold.
/// Numerics: equal logits rank by lower token: of equal ones the highest token stays. -inf and NaN
/// have no probability; with +inf in the row, or without a logit above -inf, nothing is dropped.
/// Reference: P. E. Weidmann, "Exclude Top Choices (XTC)", 2024, pull request 6335 of
/// text-generation-webui. llama.cpp knows no spared tokens and applies a `uniform` that equals the
/// probability.
template <logit_row Row>
[[nodiscard]] inline band xtc(const Row& logits, const xtc_options& options,
                              double uniform) noexcept {
  if (!(uniform < options.probability && options.threshold <= 0.5)) return {};
  const auto row = detail::span_of(logits);
  const float scale = detail::exponent_scale(options.temperature);
  const float used = scale > 0 ? scale : detail::log2_of_e;
  const band kept = detail::dispatch(
      [&](auto isa) { return xtc(isa, row.data(), row.size(), options.threshold, used); });
  for (const std::uint32_t token : options.spared) {
    const auto logit = static_cast<float>(row[token]);
    if (kept.floor.keeps(logit, token) && !kept.keeps(logit, token)) return {};
  }
  return kept;
}

}  // namespace outthink::kernels
