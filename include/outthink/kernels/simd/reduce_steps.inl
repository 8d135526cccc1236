// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Whether whole vectors from a trace's begin on reach past its end without leaving the array.
[[gnu::always_inline]] inline bool is_inside(const reduce_steps_args& a, std::size_t t) noexcept {
  return a.offsets[t + 1] + lanes <= a.size;
}

/// The `left` next steps, at most `lanes` of them; the lanes past them hold `absent`. Floats past
/// the trace are read if all vectors of it are `Inside` the array: a mask is cheaper than a branch
/// on the length that the processor cannot foresee.
template <bool Inside>
[[gnu::always_inline]] inline vec load_steps(const float* from, std::size_t left,
                                             float absent) noexcept {
  const vec x = Inside ? load(from) : load_first(from, left, absent);
  return lane_numbers() < static_cast<std::int32_t>(left) ? x : broadcast(absent);
}

/// The steps of one trace combined by `Operation`, whose neutral element is `neutral`.
template <bool Inside, class Operation>
[[gnu::always_inline]] inline double combine_steps(const float* from, std::size_t count,
                                                   float neutral) noexcept {
  constexpr Operation operation{};
  dvec low = broadcast_double(static_cast<double>(neutral)), high = low;
  for (std::size_t i = 0; i < count; i += lanes) {
    const vec x = load_steps<Inside>(from + i, count - i, neutral);
    low = operation(low, widen(lower_half(x)));
    high = operation(high, widen(upper_half(x)));
  }
  return combine_lanes(operation(low, high), operation);
}

/// The smallest step, NaN if any is.
template <bool Inside>
[[gnu::always_inline]] inline float smallest_step(const float* from, std::size_t count) noexcept {
  vec least = broadcast(__builtin_inff()), seen_nan{};
  for (std::size_t i = 0; i < count; i += lanes) {
    const vec x = load_steps<Inside>(from + i, count - i, __builtin_inff());
    seen_nan = x == x ? seen_nan : x;
    least = min(x, least);
  }
  return lanes_equal(seen_nan, seen_nan) == all_lanes ? combine_lanes(least, taking_smaller{})
                                                      : __builtin_nanf("");
}

/// A product of many positive floats: mantissa · 2^exponent, where a double would underflow. An
/// aggregate: a constructor that the compiler writes would be compiled for no target.
struct scaled_product {
  dvec product, exponent;
};

[[gnu::always_inline]] inline void normalise(scaled_product& x) noexcept {
  x.exponent += exponents(x.product);
  x.product = mantissas(x.product);
}

/// Products of a block of traces, waiting for their logarithms, which cost less together.
struct pending_logs {
  static constexpr std::size_t capacity = 64;
  double mantissa[capacity];
  double exponent[capacity];
  std::size_t trace[capacity];
  std::size_t count = 0;
};

/// Adds the product of one trace's scores, or of the odds p / (1 - p) of them, to `pending`.
/// Returns false, adding nothing, if a score is not positive and finite.
template <bool Inside, bool Odds>
[[gnu::always_inline]] inline bool multiply_steps(const float* from, std::size_t count,
                                                  pending_logs& pending) noexcept {
  const dvec least = broadcast_double(outthink::detail::least_doubt);
  scaled_product over{broadcast_double(1.0), dvec{}}, under{broadcast_double(1.0), dvec{}};
  dvec wrong{};
  std::size_t factors = 0;
  for (std::size_t i = 0; i < count; i += lanes) {
    // An odds of one half is one.
    const vec steps = load_steps<Inside>(from + i, count - i, Odds ? 0.5F : 1.0F);
    dvec low = widen(lower_half(steps)), high = widen(upper_half(steps));
    if constexpr (Odds) {
      wrong += (low - low) + (high - high);  // NaN for NaN and the infinities alone
      low = low < least ? least : low;
      high = high < least ? least : high;
      low = low > 1.0 - least ? 1.0 - least : low;
      high = high > 1.0 - least ? 1.0 - least : high;
      under.product *= (1.0 - low) * (1.0 - high);
    } else {
      const dvec infinite = broadcast_double(__builtin_inf());
      wrong = low > 0.0 ? wrong : infinite;
      wrong = high > 0.0 ? wrong : infinite;
      wrong += (low - low) + (high - high);
    }
    over.product *= low * high;
    // Two floats a step, 1e±45 each: three steps stay within the range of a double.
    if (++factors == 3) {
      factors = 0;
      normalise(over);
      if constexpr (Odds) normalise(under);
    }
  }
  if (!(combine_lanes(wrong, adding{}) == 0.0)) return false;
  normalise(over);
  double mantissa = combine_lanes(over.product, multiplying{});
  double exponent = combine_lanes(over.exponent, adding{});
  if constexpr (Odds) {
    normalise(under);
    mantissa /= combine_lanes(under.product, multiplying{});
    exponent -= combine_lanes(under.exponent, adding{});
  }
  pending.mantissa[pending.count] = mantissa;
  pending.exponent[pending.count] = exponent;
  return true;
}

/// Writes the results of the pending traces.
template <bool GeometricMean>
inline void settle(const reduce_steps_args& a, pending_logs& pending) noexcept {
  for (std::size_t i = 0; i < pending.capacity; i += double_lanes) {
    const dvec log =
        log_scaled(load_doubles(pending.mantissa + i), load_doubles(pending.exponent + i));
    store_doubles(pending.mantissa + i, log);
  }
  float large[pending_logs::capacity], rest[pending_logs::capacity];
  if constexpr (GeometricMean) {
    for (std::size_t i = 0; i < pending.count; ++i) {
      const std::size_t t = pending.trace[i];
      const double mean =
          pending.mantissa[i] / static_cast<double>(a.offsets[t + 1] - a.offsets[t]);
      large[i] = static_cast<float>(mean);
      rest[i] = static_cast<float>(mean - static_cast<double>(large[i]));
    }
    for (std::size_t i = pending.count; i < pending.capacity; ++i) large[i] = rest[i] = 0;
    for (std::size_t i = 0; i < pending.capacity; i += lanes) {
      const vec e = exp(load(large + i));
      store(large + i, fma(e, load(rest + i), e));
    }
  }
  for (std::size_t i = 0; i < pending.count; ++i) {
    const std::size_t t = pending.trace[i];
    a.reduced[t] = GeometricMean ? large[i] : static_cast<float>(pending.mantissa[i]);
    // The vectors' exponential ends at 2^127.4.
    if (GeometricMean && large[i] > 0x1p127F)
      a.reduced[t] =
          a.exceptional(a.scores + a.offsets[t], a.offsets[t + 1] - a.offsets[t], a.reduction);
  }
  pending.count = 0;
}

template <bool Odds, bool GeometricMean>
inline void reduce_by_log(const reduce_steps_args& a) noexcept {
  pending_logs pending;
  for (std::size_t i = 0; i < pending.capacity; ++i) {
    pending.mantissa[i] = 1;
    pending.exponent[i] = 0;
  }
  for (std::size_t t = 0; t < a.traces; ++t) {
    const std::size_t first = a.offsets[t], count = a.offsets[t + 1] - first;
    const float* const from = a.scores + first;
    if (count == 0) {
      a.reduced[t] = -__builtin_inff();
    } else if (is_inside(a, t) ? multiply_steps<true, Odds>(from, count, pending)
                               : multiply_steps<false, Odds>(from, count, pending)) {
      pending.trace[pending.count] = t;
      if (++pending.count == pending.capacity) settle<GeometricMean>(a, pending);
    } else {
      a.reduced[t] = a.exceptional(from, count, a.reduction);
    }
  }
  settle<GeometricMean>(a, pending);
}

template <bool Inside>
[[gnu::always_inline]] inline double reduce_trace(const float* from, std::size_t count,
                                                  step_reduction reduction) noexcept {
  if (reduction == step_reduction::min) return smallest_step<Inside>(from, count);
  if (reduction == step_reduction::product)
    return combine_steps<Inside, multiplying>(from, count, 1.0F);
  return combine_steps<Inside, adding>(from, count, 0.0F) /
         static_cast<double>(static_cast<std::int64_t>(count));
}

template <step_reduction Reduction>
inline void reduce_directly(const reduce_steps_args& a) noexcept {
  for (std::size_t t = 0; t < a.traces; ++t) {
    const float* const from = a.scores + a.offsets[t];
    const std::size_t count = a.offsets[t + 1] - a.offsets[t];
    if (count == 0) {
      a.reduced[t] = -__builtin_inff();
    } else if constexpr (Reduction == step_reduction::last) {
      a.reduced[t] = from[count - 1];
    } else {
      a.reduced[t] =
          static_cast<float>(is_inside(a, t) ? reduce_trace<true>(from, count, Reduction)
                                             : reduce_trace<false>(from, count, Reduction));
    }
  }
}

inline void reduce_steps(isa, const reduce_steps_args& a) noexcept {
  switch (a.reduction) {
    case step_reduction::last:
      reduce_directly<step_reduction::last>(a);
      break;
    case step_reduction::min:
      reduce_directly<step_reduction::min>(a);
      break;
    case step_reduction::product:
      reduce_directly<step_reduction::product>(a);
      break;
    case step_reduction::mean:
      reduce_directly<step_reduction::mean>(a);
      break;
    case step_reduction::log_product:
      reduce_by_log<false, false>(a);
      break;
    case step_reduction::geometric_mean:
      reduce_by_log<false, true>(a);
      break;
    case step_reduction::logit_sum:
      reduce_by_log<true, false>(a);
      break;
  }
}

}  // namespace outthink::kernels::OUTTHINK_TARGET
