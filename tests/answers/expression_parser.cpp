// SPDX-License-Identifier: MIT
#include <outthink/answers/expression_parser.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace outthink::answers;

namespace {

/// The smallest derived class: brackets only group.
class grouping : public expression_parser<grouping> {
 public:
  explicit grouping(std::string_view text) noexcept
      : expression_parser(text, percent_sign::hundredths) {}

  std::string read() {
    start();
    const piece shown = algebra_.print(sum());
    return at(symbol::end) ? std::string(algebra_.view(shown)) : "none";
  }

 private:
  friend class expression_parser<grouping>;

  value bracket() noexcept {
    advance();
    const value inner = sum();
    return accept(symbol::close) ? inner : fail();
  }
  value matrix() noexcept { return fail(); }
};

std::string form(std::string_view text) {
  return grouping(text).read();
}

}  // namespace

TEST_CASE("expression_parser knows what binds closer") {
  CHECK(form("1+2*3^2") == "19");
  CHECK(form("-2^2") == "-4");
  CHECK(form("2/3/4") == "1/6");
  CHECK(form("6/2x") == "3*x");
  CHECK(form("2^-1") == "1/2");
  CHECK(form("2 \\cdot -3") == "-6");
  CHECK(form("1 - -x") == "none");
}

TEST_CASE("expression_parser takes arguments with and without braces") {
  CHECK(form("\\frac12") == "1/2");
  CHECK(form("\\frac1{72}") == "1/72");
  CHECK(form("\\frac ab") == "a*b^(-1)");
  CHECK(form("\\sqrt23") == "none");
  CHECK(form("\\sqrt2x") == "2^(1/2)*x");
  CHECK(form("sqrt(12)") == "2*3^(1/2)");
  CHECK(form("\xE2\x88\x9A"
             "12") == "2*3^(1/2)");
  CHECK(form("\\sqrt[3]{16}") == "2*2^(1/3)");
  CHECK(form("x^10") == "x^10");
  CHECK(form("\\binom52") == "binom(5,2)");
}

TEST_CASE("expression_parser reads mixed numbers where the fraction is below one") {
  CHECK(form("1 1/4") == "5/4");
  CHECK(form("2\\frac{1}{3}") == "7/3");
  CHECK(form("-1\\frac12") == "-3/2");
  CHECK(form("2\\frac{4}{3}") == "8/3");
  CHECK(form("2\\frac{x}{3}") == "2/3*x");
  CHECK(form("1 2") == "none");
}

TEST_CASE("expression_parser reads functions and their arguments") {
  CHECK(form("\\sin^2 x") == "sin(x)^2");
  CHECK(form("\\sin 2x + 1") == "sin(2*x)+1");
  CHECK(form("\\log_{10} (x)") == "log_10(x)");
  CHECK(form("\\log_2 8") == "log_2(8)");
  CHECK(form("exp(-x)") == form("1/e^x"));
  CHECK(form("f'(x)") == "f'*x");
  CHECK(form("|x-1|") == "|x-1|");
  CHECK(form("|-3|") == "3");
  CHECK(form("5!") == "120");
  CHECK(form("n!") == "n!");
  CHECK(form("x_1+x_{n+1}") == "x_(n+1)+x_1");
  CHECK(form("101_2") == "(101)_2");
}

TEST_CASE("expression_parser leaves degrees and currencies out and counts percents") {
  CHECK(form("30^\\circ") == "30");
  CHECK(form("30^{\\circ}") == "30");
  CHECK(form("\\$5") == "5");
  CHECK(form("12.5\\%") == "1/8");
}

TEST_CASE("expression_parser refuses what nests too deep or is no expression") {
  CHECK(form(std::string(20, '(') + "x" + std::string(20, ')')) == "none");
  CHECK(form(std::string(8, '(') + "x" + std::string(8, ')')) == "x");
  CHECK(form("x^" + std::string(900, '-') + "1") == "none");
  CHECK(form("") == "none");
  CHECK(form("1/0") == "none");
  CHECK(form("x+") == "none");
  CHECK(form("word") == "none");
}
