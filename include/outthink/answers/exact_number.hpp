// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>

namespace outthink::answers {

/// @brief A rational number: numerator / denominator · 2^twos · 5^fives.
///
/// Numerator and denominator share no factor and have none of 2 and 5, so that a number has one
/// form, and 6.02e23 or 2^{1000} are as exact as 1/3. The denominator is positive; zero is 0 / 1.
/// Numerics: exact or refused: every operation says whether its result has such a form in 64 bits.
struct exact_number {
  std::int64_t numerator;
  std::int64_t denominator;
  std::int32_t twos;
  std::int32_t fives;

  friend bool operator==(const exact_number&, const exact_number&) = default;

  [[nodiscard]] constexpr bool zero() const noexcept { return numerator == 0; }
  [[nodiscard]] constexpr bool negative() const noexcept { return numerator < 0; }
  [[nodiscard]] constexpr bool one() const noexcept {
    return numerator == 1 && denominator == 1 && twos == 0 && fives == 0;
  }
  [[nodiscard]] constexpr exact_number negated() const noexcept {
    return {-numerator, denominator, twos, fives};
  }
};

inline constexpr exact_number zero{0, 1, 0, 0};
inline constexpr exact_number one{1, 1, 0, 0};

/// 10^exponent.
[[nodiscard]] constexpr exact_number power_of_ten(std::int32_t exponent) noexcept {
  return {1, 1, exponent, exponent};
}

/// The largest exponent of 2 or 5 in either direction.
inline constexpr std::int32_t most_twos = 1'000'000;

namespace detail {

/// Takes the factors 2 and 5 out of `n`, which is positive, and counts them.
constexpr void take_out_tens(std::int64_t& n, std::int32_t& twos, std::int32_t& fives,
                             std::int32_t sign) noexcept {
  const int zeros = std::countr_zero(static_cast<std::uint64_t>(n));
  n >>= zeros;
  twos += sign * zeros;
  for (; n % 5 == 0; n /= 5) fives += sign;
}

/// n · factor^times, or false if that does not fit.
constexpr bool scale(std::int64_t& n, std::int64_t factor, std::int32_t times) noexcept {
  if (times > 62) return false;
  for (; times > 0; --times)
    if (__builtin_mul_overflow(n, factor, &n)) return false;
  return true;
}

}  // namespace detail

/// numerator / denominator in its form; false if the denominator is 0 or a number has no negation.
constexpr bool make_number(std::int64_t numerator, std::int64_t denominator,
                           exact_number& made) noexcept {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  if (denominator == 0 || numerator == kLeast || denominator == kLeast) return false;
  made = zero;
  if (numerator == 0) return true;
  const bool negative = (numerator < 0) != (denominator < 0);
  numerator = numerator < 0 ? -numerator : numerator;
  denominator = denominator < 0 ? -denominator : denominator;
  detail::take_out_tens(numerator, made.twos, made.fives, 1);
  if (denominator != 1) {
    detail::take_out_tens(denominator, made.twos, made.fives, -1);
    const std::int64_t common = std::gcd(numerator, denominator);
    numerator /= common;
    denominator /= common;
  }
  made.numerator = negative ? -numerator : numerator;
  made.denominator = denominator;
  return true;
}

/// The product; false if it does not fit.
constexpr bool multiply(const exact_number& a, const exact_number& b,
                        exact_number& product) noexcept {
  exact_number made = zero;
  if (!a.zero() && !b.zero()) {
    const std::int64_t first = b.denominator == 1 ? 1 : std::gcd(a.numerator, b.denominator);
    const std::int64_t second = a.denominator == 1 ? 1 : std::gcd(b.numerator, a.denominator);
    if (__builtin_mul_overflow(a.numerator / first, b.numerator / second, &made.numerator) ||
        __builtin_mul_overflow(a.denominator / second, b.denominator / first, &made.denominator)) {
      return false;
    }
    made.twos = a.twos + b.twos;
    made.fives = a.fives + b.fives;
    const auto fits = [](std::int32_t n) { return n <= most_twos && n >= -most_twos; };
    if (!fits(made.twos) || !fits(made.fives)) return false;
  }
  product = made;
  return true;
}

/// The sum; false if it does not fit.
constexpr bool add(const exact_number& a, const exact_number& b, exact_number& sum) noexcept {
  if (a.zero() || b.zero()) {
    sum = a.zero() ? b : a;
    return true;
  }
  const std::int32_t twos = a.twos < b.twos ? a.twos : b.twos;
  const std::int32_t fives = a.fives < b.fives ? a.fives : b.fives;
  const auto scaled = [twos, fives](const exact_number& from, std::int64_t factor,
                                    std::int64_t& to) {
    return !__builtin_mul_overflow(from.numerator, factor, &to) &&
           detail::scale(to, 2, from.twos - twos) && detail::scale(to, 5, from.fives - fives);
  };
  std::int64_t left = 0, right = 0, numerator = 0, denominator = 0;
  if (!scaled(a, b.denominator, left) || !scaled(b, a.denominator, right) ||
      __builtin_add_overflow(left, right, &numerator) ||
      __builtin_mul_overflow(a.denominator, b.denominator, &denominator) ||
      !make_number(numerator, denominator, sum)) {
    return false;
  }
  sum.twos += sum.zero() ? 0 : twos;
  sum.fives += sum.zero() ? 0 : fives;
  return true;
}

/// The number to a whole power; false if it does not fit, or for 0 to a negative power.
constexpr bool power(exact_number base, std::int32_t exponent, exact_number& made) noexcept {
  if (exponent < 0) {
    if (base.zero()) return false;
    const bool negative = base.negative();
    const std::int64_t numerator = negative ? -base.numerator : base.numerator;
    base = {negative ? -base.denominator : base.denominator, numerator, -base.twos, -base.fives};
    exponent = -exponent;
  }
  exact_number result = one;
  for (;; exponent >>= 1) {
    if (exponent % 2 == 1 && !multiply(result, base, result)) return false;
    if (exponent <= 1) break;
    if (!multiply(base, base, base)) return false;
  }
  made = result;
  return true;
}

/// Most characters that `print` writes.
inline constexpr std::size_t longest_number = 80;

/// The number as a fraction of two whole numbers; false if they do not fit.
[[nodiscard]] constexpr bool as_fraction(const exact_number& number, std::int64_t& above,
                                         std::int64_t& below) noexcept {
  const auto positive = [](std::int32_t n) { return n > 0 ? n : 0; };
  above = number.numerator;
  below = number.denominator;
  return detail::scale(above, 2, positive(number.twos)) &&
         detail::scale(above, 5, positive(number.fives)) &&
         detail::scale(below, 2, positive(-number.twos)) &&
         detail::scale(below, 5, positive(-number.fives));
}

/// Writes the number, `-3/4` or, where that does not fit, `301*2^22*5^21`; returns its length.
inline std::size_t print(const exact_number& number, char* out) noexcept {
  char* at = out;
  const auto digits = [&at](std::int64_t n) { at = std::to_chars(at, at + 20, n).ptr; };
  std::int64_t above, below;
  const bool plain = as_fraction(number, above, below);
  if (!plain) {
    above = number.numerator;
    below = number.denominator;
  }
  const bool unit = !plain && below == 1 && (above == 1 || above == -1);
  if (!unit) digits(above);
  if (unit && above < 0) *at++ = '-';
  if (below != 1) {
    *at++ = '/';
    digits(below);
  }
  if (plain) return static_cast<std::size_t>(at - out);
  const auto factor = [&](char base, std::int32_t exponent, bool first) {
    if (exponent == 0) return;
    if (!first) *at++ = '*';
    *at++ = base;
    *at++ = '^';
    if (exponent < 0) *at++ = '(';
    digits(exponent);
    if (exponent < 0) *at++ = ')';
  };
  factor('2', number.twos, unit);
  factor('5', number.fives, unit && number.twos == 0);
  return static_cast<std::size_t>(at - out);
}

}  // namespace outthink::answers
