// SPDX-License-Identifier: MIT
#include <outthink/answers/algebra.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace outthink::answers;

namespace {

std::string root(std::int64_t of, std::int64_t above, std::int64_t below) {
  algebra a;
  exact_number number;
  REQUIRE(make_number(of, 1, number));
  const auto made = a.power(a.number(number), above, below);
  return a.failed() ? "failed" : std::string(a.view(a.print(made)));
}

}  // namespace

TEST_CASE("algebra takes roots of numbers apart") {
  CHECK(root(4, 1, 2) == "2");
  CHECK(root(12, 1, 2) == "2*3^(1/2)");
  CHECK(root(12, -1, 2) == "1/6*3^(1/2)");
  CHECK(root(16, 1, 3) == "2*2^(1/3)");
  CHECK(root(-8, 1, 3) == "-2");
  CHECK(root(-4, 1, 2) == "2*i");
  CHECK(root(-4, 3, 2) == "-8*i");
  CHECK(root(1018081, 1, 2) == "1009");
  CHECK(root(3, 100, 1) == "3^100");
  CHECK(root(0, -1, 1) == "failed");
  CHECK(root(-4, 1, 4) == "failed");
}

TEST_CASE("algebra multiplies small powers of sums out and keeps others as atoms") {
  algebra a;
  const auto x = a.atom("x"), sum = a.add(a.multiply(a.number({1, 1, 1, 0}), x), a.number(one));
  CHECK(a.view(a.print(a.power(sum, 2, 1))) == "4*x^2+4*x+1");
  CHECK(a.view(a.print(a.power(sum, -1, 1))) == "1/2*(x+1/2)^(-1)");
  CHECK(a.view(a.print(a.power(sum, 1, 2))) == "(x+1/2)^(1/2)*2^(1/2)");
  CHECK(a.view(a.print(a.power(sum, 9, 1))) == "512*(x+1/2)^9");
  CHECK_FALSE(a.failed());
}

TEST_CASE("algebra makes denominators of roots rational") {
  algebra a;
  const auto root_of_two = a.power(a.number({1, 1, 1, 0}), 1, 2);
  const auto made = a.divide(a.number(one), a.add(a.number(one), root_of_two));
  CHECK(a.view(a.print(made)) == "2^(1/2)-1");
}

TEST_CASE("algebra keeps powers whose exponent is no number") {
  algebra a;
  const auto x = a.atom("x"), n = a.atom("n");
  CHECK(a.view(a.print(a.power(x, a.add(n, a.number(one))))) == "x^(n+1)");
  CHECK(a.view(a.print(a.power(x, a.negated(n)))) == "x^(n)^(-1)");
  CHECK(a.view(a.print(a.power(x, a.number({3, 1, -1, 0})))) == "x^(3/2)");
  CHECK(a.view(a.print(a.power(x, a.nothing()))) == "1");
}
