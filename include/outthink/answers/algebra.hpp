// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/exact_number.hpp>
#include <outthink/answers/sums.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace outthink::answers {

/// @brief Sums with powers and roots.
///
/// How it works: roots of numbers are taken apart into primes, so √12 is 2·3^(1/2) and 1/√2 is
/// 1/2·2^(1/2); small powers of sums are multiplied out; 1 / (a + b) becomes (a - b) / (a² - b²)
/// where both squares are numbers; any other power of a sum is an atom, after the number before its
/// first term has been taken out. Variables count as positive: √(x²) is x.
/// Requires, Cost, Errors: as `sums`; dividing by zero fails.
/// Numerics: primes are looked for up to 1000; what is left of a number counts as one prime, or as
/// the square of one.
class algebra : public sums {
 public:
  [[nodiscard]] value divide(value a, value b) noexcept { return multiply(a, power(b, -1, 1)); }

  /// base^exponent.
  [[nodiscard]] value power(value base, value exponent) noexcept {
    std::int64_t above, below;
    const std::int64_t most = is_number(base) ? most_twos : 4096;
    if (small_fraction(exponent, most, above, below) && below <= 64)
      return power(base, above, below);
    // x^(-n) is 1/x^n; otherwise what the power is worth is not known and it stays as it is.
    if (exponent.count == 1 && term_of(exponent, 0).scale.negative())
      return power(power(base, negated(exponent)), -1, 1);
    const piece under = wrapped(base), over = print(exponent);
    return atom(text().join({view(under), "^(", view(over), ")"}));
  }

  /// base^(above / below) for |above| ≤ 4096, of a number 1,000,000, and 1 ≤ below ≤ 64.
  [[nodiscard]] value power(value base, std::int64_t above, std::int64_t below) noexcept {
    if (base.count == 0 && above < 0) fail();
    if (above == 0) return number(one);
    if (base.count == 0 || above == below) return base;
    return base.count == 1 ? power_of_term(term_of(base, 0), above, below)
                           : power_of_sum(base, above, below);
  }

  /// The value as a factor: in brackets, unless it is a single atom.
  [[nodiscard]] piece wrapped(value of) noexcept {
    const piece inner = print(of);
    return is_atom(of) ? inner : text().join({"(", view(inner), ")"});
  }

 private:
  value power_of_term(const term base, std::int64_t above, std::int64_t below) noexcept {
    if (base.count == 0) return power_of_number(base.scale, above, below);
    term made = begin_term();
    for (std::uint16_t i = 0; i < base.count && step(); ++i) {
      const factor x = factor_of(base, i);
      append_power(made, x.atom, x.above * above, x.below * below);
    }
    return multiply(push(nothing(), made), power_of_number(base.scale, above, below));
  }

  value power_of_number(exact_number base, std::int64_t above, std::int64_t below) noexcept {
    exact_number whole;
    if (below == 1 && answers::power(base, static_cast<std::int32_t>(above), whole))
      return number(whole);
    value result = number(one);
    if (base.negative()) {
      base = base.negated();
      if (below % 2 == 0) {
        result = root_of_minus_one(above, below);
      } else if (above % 2 != 0) {
        result = number(one.negated());
      }
    }
    result = times_primes(result, base.numerator, above, below);
    result = times_primes(result, base.denominator, -above, below);
    result = times_prime(result, 2, base.twos * above, below);
    return times_prime(result, 5, base.fives * above, below);
  }

  value root_of_minus_one(std::int64_t above, std::int64_t below) noexcept {
    if (below != 2) fail();
    const bool negative = ((above % 4) + 4) % 4 == 3;
    return multiply(number(negative ? one.negated() : one), atom("i"));
  }

  value times_prime(value product, std::int64_t prime, std::int64_t above,
                    std::int64_t below) noexcept {
    exact_number base = one;
    if (above == 0 || !step() || !make_number(prime, 1, base)) return product;
    std::array<char, longest_number> digits;
    const std::size_t length = answers::print(base, digits.data());
    return multiply(product,
                    power_of_atom(atom_index({digits.data(), length}, prime), above, below));
  }

  value times_primes(value product, std::int64_t n, std::int64_t above,
                     std::int64_t below) noexcept {
    constexpr std::int64_t kLargestTried = 1000;
    for (std::int64_t p = 3; p <= kLargestTried && p * p <= n && step(); p += 2) {
      std::int64_t times = 0;
      for (; n % p == 0; n /= p) ++times;
      product = times_prime(product, p, times * above, below);
    }
    if (n == 1) return product;
    const std::int64_t root = whole_root(n);
    return root * root == n ? times_prime(product, root, 2 * above, below)
                            : times_prime(product, n, above, below);
  }

  // The largest number whose square does not exceed n, which is positive.
  static std::int64_t whole_root(std::int64_t n) noexcept {
    const auto bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(n)));
    std::int64_t root = 0;
    for (std::int64_t bit = std::int64_t{1} << (bits - 1) / 2; bit > 0; bit >>= 1)
      if ((root + bit) <= n / (root + bit)) root += bit;
    return root;
  }

  value power_of_sum(value base, std::int64_t above, std::int64_t below) noexcept {
    constexpr std::int64_t kMultipliedOut = 8;
    if (below == 1 && above > 1 && above <= kMultipliedOut) {
      value product = base;
      for (std::int64_t i = 1; i < above && !failed(); ++i) product = multiply(product, base);
      return product;
    }
    sort(base);
    if (above == -1 && below == 1 && base.count == 2) {
      const value rational = with_rational_denominator(base);
      if (rational.count > 0) return rational;
    }
    exact_number scale = term_of(base, 0).scale, inverse = one;
    if (below % 2 == 0 && scale.negative()) scale = scale.negated();
    if (!answers::power(scale, -1, inverse)) fail();
    const piece primitive = wrapped(multiply(base, number(inverse)));
    const value powered = power_of_atom(atom_index(view(primitive), 0), above, below);
    return multiply(powered, power_of_number(scale, above, below));
  }

  /// 1 / (a + b) = (a - b) / (a² - b²) where both squares are numbers; nothing otherwise.
  value with_rational_denominator(value of) noexcept {
    const term& a = term_of(of, 0);
    const term& b = term_of(of, 1);
    const value first = push(nothing(), a);
    const value opposite = negated(push(nothing(), b));
    const value second = negated(opposite);
    const value norm = add(multiply(first, first), multiply(second, opposite));
    if (norm.count != 1 || term_of(norm, 0).count != 0) return nothing();
    return multiply(add(first, opposite), power(norm, -1, 1));
  }
};

}  // namespace outthink::answers
