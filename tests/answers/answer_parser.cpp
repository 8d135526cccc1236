// SPDX-License-Identifier: MIT
#include <outthink/answers/answer_parser.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace outthink::answers;

namespace {

std::string form(std::string_view text) {
  answer_parser parser(text, percent_sign::hundredths);
  const std::string_view read = parser.read();
  return read.empty() ? "none" : std::string(read);
}

}  // namespace

TEST_CASE("answer_parser keeps the order of tuples and intervals and sorts sets") {
  CHECK(form("(2, 1)") == "(2,1)");
  CHECK(form("[1,2)") == "[1,2)");
  CHECK(form("\\left( -\\infty, 3 \\right]") == "(-infinity,3]");
  CHECK(form("\\langle 1,2\\rangle") == "<1,2>");
  CHECK(form("\\{3, 1, 2, 1.0\\}") == "{1,2,3}");
  CHECK(form("\\{\\}") == "{}");
  CHECK(form("\\emptyset") == "{}");
  CHECK(form("\\{7\\}") == "7");
  CHECK(form("\\{(1,2),(0,1)\\}") == "{(0,1),(1,2)}");
  CHECK(form("\\lfloor x \\rfloor") == "floor(x)");
}

TEST_CASE("answer_parser takes answers in a row as a set") {
  CHECK(form("2, 1") == "{1,2}");
  CHECK(form("x=2 \\text{ or } x=1") == "{1,2}");
  CHECK(form("1, 2, \\text{ and } 3") == "{1,2,3}");
  CHECK(form("\\pm 2") == "{-2,2}");
  CHECK(form("1 \\pm \\sqrt2, 7") == "{-2^(1/2)+1,2^(1/2)+1,7}");
  CHECK(form("3 \\mp 1") == "{2,4}");
  CHECK(form("(\\pm 1, 2)") == "{(-1,2),(1,2)}");
  CHECK(form("\\{\\pm 2\\}") == "{-2,2}");
}

TEST_CASE("answer_parser reads matrices as brackets of rows") {
  CHECK(form("\\begin{pmatrix} 1 & 2 \\\\ 3 & \\frac{8}{2} \\end{pmatrix}") == "[[1,2],[3,4]]");
  CHECK(form("\\begin{bmatrix}1&2\\\\3&4\\\\\\end{bmatrix}") == "[[1,2],[3,4]]");
  CHECK(form("\\begin{array}{cc}1&2\\\\3&4\\end{array}") == "[[1,2],[3,4]]");
  CHECK(form("\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}") == "[1,2]");
  CHECK(form("\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}") == "det([[1,2],[3,4]])");
  CHECK(form("2\\begin{pmatrix} x \\\\ 2 \\end{pmatrix}") == "2*[x,2]");
  CHECK(form("\\begin{align}1&2\\end{align}") == "none");
  CHECK(form("\\begin{pmatrix} 1 & 2") == "none");
}

TEST_CASE("answer_parser gives the value of a named thing and moves equations to one side") {
  CHECK(form("x = 5") == "5");
  CHECK(form("f(x) = 2x+1") == "2*x+1");
  CHECK(form("(x,y) = (1,2)") == "(1,2)");
  CHECK(form("2x = 6") == "3");
  CHECK(form("x = 1/2 = 0.5") == "1/2");
  CHECK(form("x \\in [1,2)") == "[1,2)");
  CHECK(form("3 = x+y") == "x+y-3=0");
  CHECK(form("-34x-45y+20z-100=0") == form("34x+45y-20z+100=0"));
  CHECK(form("x^2=0") == "x^2=0");
}

TEST_CASE("answer_parser turns inequalities one way") {
  CHECK(form("x > 5") == "5<x");
  CHECK(form("5 < x") == "5<x");
  CHECK(form("3 \\ge x > 1") == "1<x<=3");
  CHECK(form("x \\ne 2") == "x!=2");
  CHECK(form("1<2<3<4<5") == "none");
}

TEST_CASE("answer_parser sorts unions") {
  CHECK(form("(5,6) \\cup (1,2)") == form("(1,2)\\cup(5,6)"));
  CHECK(form("A \\setminus B") != form("B \\setminus A"));
  CHECK(form("A \\cup B \\cap C") == "none");
}

TEST_CASE("answer_parser leaves out units behind numbers only") {
  CHECK(form("5 \\text{ cm}^2") == "5");
  CHECK(form("5 \\text{ m}/\\text{s}^{-2}") == "5");
  CHECK(form("2\\pi \\text{ square units}") == "2*pi");
  CHECK(form("(3 cm, 4 cm)") == "(3,4)");
  CHECK(form("x \\text{ is even}") == "none");
}

TEST_CASE("answer_parser refuses what is no answer in this sense") {
  for (const char* text : {"", ",", "(1,2", "1,2)", "\\{1,2", "(1;2)", "{1,2]", "\\sum_1 x", "5 #"})
    CHECK(form(text) == "none");
}
