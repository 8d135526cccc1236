// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/step_reduction.hpp>
#include <outthink/kernels/simd/doubles.hpp>

#include <cstddef>
#include <span>

namespace outthink::kernels {

/// Operands of `reduce_steps`, for its bodies.
struct reduce_steps_args {
  const float* scores;         ///< [size]
  std::size_t size;            ///< scores of all traces
  const std::size_t* offsets;  ///< [traces + 1]
  std::size_t traces;          ///< may be 0
  step_reduction reduction;    ///< how steps become one score
  float* reduced;              ///< [traces]

  /// Reduces a trace with a 0, a NaN, …: a pointer, so that no copy of a function of the core is
  /// compiled for one target and kept for all.
  float (*exceptional)(const float* scores, std::size_t steps, step_reduction) noexcept;
};

namespace detail {

inline float reduce_exceptional(const float* scores, std::size_t steps,
                                step_reduction reduction) noexcept {
  return outthink::reduce_steps({scores, steps}, reduction);
}

}  // namespace detail

}  // namespace outthink::kernels

#define OUTTHINK_KERNEL <outthink/kernels/simd/reduce_steps.inl>
#include <outthink/kernels/simd/for_each_target.inl>

namespace outthink::kernels {

/// @brief Reduces the step scores of many traces of different lengths, each to one score.
///
/// How it works: trace t has the scores [offsets[t], offsets[t + 1]); what becomes of them is what
/// `outthink::reduce_steps` makes of one trace. A trace is read a vector at a time with absent
/// steps masked, so that short traces cost no branch on their length; logarithms are taken once a
/// trace, of a product with its exponent kept apart, and of many traces together. Shapes and units:
/// `scores` [offsets.back()], `offsets` [traces + 1] ascending, `reduced` [traces]. Requires:
/// `offsets` has an element more than `reduced`, or both are empty. A trace without a step becomes
/// minus infinity. Cost: O(scores + traces); no allocation. Errors: none. Determinism: a trace's
/// bits depend on its own scores and the instruction set alone. Numerics: accumulated in double and
/// rounded once, so within one ulp of the exact result (for `geometric_mean` four ulp, and 0
/// below 1.2e-38); for `logit_sum` and `log_product` within 1e-15 · steps besides, which shows
/// where logarithms cancel, and for `mean` within 2⁻⁵² times the sum of magnitudes. NaN, infinite
/// and negative scores as in `outthink::reduce_steps`; but factors of a `product` are taken in
/// another order, which shows where some of them, outside [0, 1], leave a double's range together.
inline void reduce_steps(std::span<const float> scores, std::span<const std::size_t> offsets,
                         step_reduction reduction, std::span<float> reduced) noexcept {
  const reduce_steps_args args{scores.data(),
                               scores.size(),
                               offsets.data(),
                               reduced.size(),
                               reduction,
                               reduced.data(),
                               &detail::reduce_exceptional};
  detail::dispatch([&](auto isa) { reduce_steps(isa, args); });
}

}  // namespace outthink::kernels
