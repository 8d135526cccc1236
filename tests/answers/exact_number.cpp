// SPDX-License-Identifier: MIT
#include <outthink/answers/exact_number.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>

using namespace outthink::answers;

namespace {

std::string shown(const exact_number& number) {
  std::array<char, longest_number> out;
  return {out.data(), print(number, out.data())};
}

exact_number fraction(std::int64_t above, std::int64_t below) {
  exact_number made;
  REQUIRE(make_number(above, below, made));
  return made;
}

}  // namespace

TEST_CASE("exact_number has one form for a number") {
  CHECK(fraction(1, 2) == fraction(-50, -100));
  CHECK(fraction(0, 7) == zero);
  CHECK(fraction(3, 3) == one);
  CHECK(fraction(120, 1) == exact_number{3, 1, 3, 1});
  CHECK(fraction(-7, 40) == exact_number{-7, 1, -3, -1});
  CHECK(fraction(1000, 1) == power_of_ten(3));
}

TEST_CASE("exact_number refuses a denominator of zero and what has no negation") {
  exact_number made = one;
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  CHECK_FALSE(make_number(1, 0, made));
  CHECK_FALSE(make_number(kLeast, 1, made));
  CHECK_FALSE(make_number(1, kLeast, made));
  CHECK(make_number(std::numeric_limits<std::int64_t>::max(), 1, made));
  CHECK(shown(made) == "9223372036854775807");
}

TEST_CASE("exact_number adds and multiplies as whole numbers over a common denominator do") {
  outthink::random_stream random({.key = 3, .place = 8});
  for (int i = 0; i < 20'000; ++i) {
    const auto draw = [&random] { return static_cast<std::int64_t>(random.below(2001)) - 1000; };
    const std::int64_t a = draw(), c = draw();
    const std::int64_t b = 1 + static_cast<std::int64_t>(random.below(1000));
    const std::int64_t d = 1 + static_cast<std::int64_t>(random.below(1000));
    exact_number made;
    REQUIRE(add(fraction(a, b), fraction(c, d), made));
    CHECK(made == fraction(a * d + c * b, b * d));
    REQUIRE(multiply(fraction(a, b), fraction(c, d), made));
    CHECK(made == fraction(a * c, b * d));
    std::int64_t above = 0, below = 0;
    REQUIRE(as_fraction(made, above, below));
    CHECK(std::gcd(above, below) == (above == 0 ? below : 1));
    CHECK(above * b * d == a * c * below);
  }
}

TEST_CASE("exact_number takes whole powers, negative ones too") {
  exact_number made;
  REQUIRE(power(fraction(-2, 3), 3, made));
  CHECK(made == fraction(-8, 27));
  REQUIRE(power(fraction(-2, 3), -3, made));
  CHECK(made == fraction(-27, 8));
  REQUIRE(power(zero, 2, made));
  CHECK(made == zero);
  CHECK_FALSE(power(zero, -1, made));
  REQUIRE(power(fraction(3, 1), 39, made));
  CHECK(shown(made) == "4052555153018976267");
  CHECK_FALSE(power(fraction(3, 1), 40, made));
  CHECK(power(fraction(2, 1), 1'000'000, made));
  CHECK_FALSE(power(fraction(2, 1), 1'000'001, made));
}

TEST_CASE("exact_number refuses a sum or product that does not fit") {
  const exact_number large = fraction(std::numeric_limits<std::int64_t>::max(), 1);
  exact_number made;
  CHECK_FALSE(multiply(large, large, made));
  CHECK_FALSE(add(large, one, made));
  CHECK_FALSE(add(power_of_ten(100), one, made));
  CHECK(add(power_of_ten(100), zero, made));
  CHECK(made == power_of_ten(100));
  CHECK(add(power_of_ten(100), power_of_ten(101), made));
  CHECK(made == exact_number{11, 1, 100, 100});
}

TEST_CASE("exact_number prints as a fraction, or by powers of 2 and 5 where that does not fit") {
  CHECK(shown(zero) == "0");
  CHECK(shown(fraction(-3, 4)) == "-3/4");
  CHECK(shown(fraction(5000, 1)) == "5000");
  CHECK(shown(exact_number{301, 1, 22, 21}) == "301*2^22*5^21");
  CHECK(shown(power_of_ten(100)) == "2^100*5^100");
  CHECK(shown(exact_number{-1, 1, -99, 0}) == "-2^(-99)");
  CHECK(shown(exact_number{7, 3, 0, -50}) == "7/3*5^(-50)");
  const exact_number longest{-9223372036854775807, 9223372036854775807, -1'000'000, -1'000'000};
  CHECK(shown(longest).size() <= longest_number);
}
