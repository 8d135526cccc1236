// SPDX-License-Identifier: MIT

namespace outthink::kernels::OUTTHINK_TARGET {

/// Whether whole vectors from a trace's begin on reach past its end without leaving the array.
[[gnu::always_inline]] inline bool is_inside(const reduce_steps_args& a, std::size_t t) noexcept {
  return a.offsets[t + 1] + lanes <= a.size;
}

/// `lanes` steps of a trace as doubles.
struct steps_vector {
  dvec low, high;
};

/// The `left` next steps, at most `lanes` of them; the lanes past them hold `absent`. Floats past
/// the trace are read if all vectors of it are `Inside` the array: a mask is cheaper than a branch
/// on the length that the processor cannot foresee.
template <bool Inside>
[[gnu::always_inline]] inline steps_vector load_steps(const float* from, std::size_t left,
                                                      double absent) noexcept {
  static constexpr double index[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  float padded[lanes];
  if constexpr (!Inside) {
    for (std::size_t i = 0; i < lanes; ++i) padded[i] = i < left ? from[i] : 0;
    from = padded;
  }
  const dvec count = broadcast_double(static_cast<double>(static_cast<std::int64_t>(left)));
  const dvec other = broadcast_double(absent);
  return {load_doubles(index) < count ? widen(from) : other,
          load_doubles(index + double_lanes) < count ? widen(from + double_lanes) : other};
}

/// The steps of one trace combined by `Operation`, whose neutral element is `neutral`.
template <bool Inside, class Operation>
[[gnu::always_inline]] inline double combine_steps(const float* from, std::size_t count,
                                                   double neutral) noexcept {
  constexpr Operation operation{};
  dvec low = broadcast_double(neutral), high = low;
  for (std::size_t i = 0; i < count; i += lanes) {
    const steps_vector x = load_steps<Inside>(from + i, count - i, neutral);
    low = operation(low, x.low);
    high = operation(high, x.high);
  }
  return combine_lanes(operation(low, high), operation);
}

template <bool Inside>
[[gnu::always_inline]] inline double smallest_step(const float* from, std::size_t count) noexcept {
  dvec low = broadcast_double(__builtin_inf()), high = low;
  dvec nan{};
  for (std::size_t i = 0; i < count; i += lanes) {
    const steps_vector x = load_steps<Inside>(from + i, count - i, __builtin_inf());
    low = x.low < low ? x.low : low;
    high = x.high < high ? x.high : high;
    nan = x.low != x.low ? x.low : nan;
    nan = x.high != x.high ? x.high : nan;
  }
  const double any_nan = combine_lanes(nan, adding{});
  const double least = combine_lanes(low < high ? low : high, taking_smaller{});
  return any_nan != any_nan ? any_nan : least;
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
    steps_vector x = load_steps<Inside>(from + i, count - i, Odds ? 0.5 : 1.0);
    if constexpr (Odds) {
      wrong += (x.low - x.low) + (x.high - x.high);  // NaN for NaN and the infinities alone
      x.low = x.low < least ? least : x.low;
      x.high = x.high < least ? least : x.high;
      x.low = x.low > 1.0 - least ? 1.0 - least : x.low;
      x.high = x.high > 1.0 - least ? 1.0 - least : x.high;
      under.product *= (1.0 - x.low) * (1.0 - x.high);
    } else {
      const dvec infinite = broadcast_double(__builtin_inf());
      wrong = x.low > 0.0 ? wrong : infinite;
      wrong = x.high > 0.0 ? wrong : infinite;
      wrong += (x.low - x.low) + (x.high - x.high);
    }
    over.product *= x.low * x.high;
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
    return combine_steps<Inside, multiplying>(from, count, 1.0);
  return combine_steps<Inside, adding>(from, count, 0.0) /
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
