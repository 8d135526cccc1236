// SPDX-License-Identifier: MIT
#include <outthink/answers/sums.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace outthink::answers;

namespace {

std::string shown(sums& of, sums::value value) {
  return std::string(of.view(of.print(value)));
}

}  // namespace

TEST_CASE("sums collects equal terms and prints in a fixed order") {
  sums s;
  const auto x = s.atom("x"), y = s.atom("y");
  const auto first = s.add(s.add(y, s.number(one)), s.multiply(x, x));
  const auto second = s.add(s.multiply(x, x), s.add(s.number(one), y));
  CHECK(shown(s, first) == "x^2+y+1");
  CHECK(shown(s, second) == "x^2+y+1");
  CHECK(shown(s, s.add(first, s.negated(second))) == "0");
  CHECK(shown(s, s.multiply(s.add(x, y), s.add(x, s.negated(y)))) == "x^2-y^2");
  CHECK_FALSE(s.failed());
}

TEST_CASE("sums says what a value is") {
  sums s;
  const auto x = s.atom("x"), two = s.number({1, 1, 1, 0});
  CHECK(s.is_number(two));
  CHECK(s.is_number(s.nothing()));
  CHECK_FALSE(s.is_number(x));
  CHECK(s.is_atom(x));
  CHECK_FALSE(s.is_atom(s.multiply(two, x)));
  CHECK(s.names_something(x));
  CHECK(s.names_something(s.multiply(x, s.atom("f"))));
  CHECK_FALSE(s.names_something(s.multiply(x, x)));
  CHECK_FALSE(s.names_something(two));
  CHECK(s.numeric(s.multiply(s.atom("pi"), two)));
  CHECK_FALSE(s.numeric(x));
  std::int64_t above = 0, below = 0;
  CHECK(s.small_fraction(two, 2, above, below));
  CHECK(above == 2);
  CHECK_FALSE(s.small_fraction(two, 1, above, below));
}

TEST_CASE("sums keeps two numbers whose sum does not fit as two terms") {
  sums s;
  const auto large = s.number(power_of_ten(100));
  const auto sum = s.add(large, s.number(one)), turned = s.add(s.number(one), large);
  CHECK(shown(s, sum) == shown(s, turned));
  CHECK(shown(s, s.add(sum, s.negated(large))) == "1");
}

TEST_CASE("sums fails, and stays within its memory, when too much is asked") {
  sums s;
  auto many = s.nothing();
  for (int i = 0; i < 500 && !s.failed(); ++i) many = s.add(many, s.atom(std::to_string(i) + "a"));
  CHECK(s.failed());
  sums t;
  auto wide = t.add(t.atom("x"), t.number(one));
  for (int i = 0; i < 50 && !t.failed(); ++i)
    wide = t.multiply(wide, t.add(t.atom("x" + std::to_string(i)), t.number(one)));
  CHECK(t.failed());
}

TEST_CASE("sums forgets what came after a mark") {
  sums s;
  const auto x = s.atom("x");
  const auto mark = s.used();
  for (int i = 0; i < 1000; ++i) {
    const auto square = s.multiply(x, x);
    CHECK(square.count == 1);
    s.forget(mark);
  }
  CHECK_FALSE(s.failed());
}
