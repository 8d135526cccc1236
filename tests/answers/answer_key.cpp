// SPDX-License-Identifier: MIT
#include <outthink/answers/answer_key.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using outthink::answer_key;
using outthink::answers::percent_sign;

namespace {

// Answers on a line are one answer; no two lines are. Many were judged wrong, one way or the other,
// by published graders: brackets dropped, so that an open interval equalled a closed one; products
// for mixed numbers; 1/2^99 equal to 1/2^98 within a tolerance; lists compared by their first
// element; raw strings compared, so that 0.5 was not 1/2.
const std::vector<std::vector<std::string>> answers{
    {"1/2", "0.5", ".5", "\\frac{1}{2}", "\\dfrac12", "\\tfrac{2}{4}", "50%", "50\\%", "5e-1",
     "$\\frac{1}{2}$", "\\boxed{\\frac{1}{2}}", "x = 0.50", "\\frac{-1}{-2}", "2^{-1}", "0.5 cm",
     "\\(\\frac12\\)", "**1/2**", "The answer is $\\boxed{\\frac{1}{2}}$."},
    {"-1/2", "-0.5", "-\\frac{1}{2}", "\\frac{-1}{2}", "\\frac{1}{-2}",
     "\xE2\x88\x92"
     "1/2"},
    {"1000", "1,000", "1{,}000", "1\\,000", "1,\\!000", "1000.0", "10^3", "1e3", "\\$1,000"},
    {"1.0001", "10001/10000"},
    {"1", "1.0", "100\\%", "x=1", "\\text{1}", "\\frac{\\pi}{\\pi}"},
    {"33.3", "333/10"},
    {"100/3", "\\frac{100}{3}", "33\\frac13", "33 1/3", "33.\\overline{3}"},
    {"0.0833333333333333"},
    {"1/12", "\\frac{1}{12}"},
    {"5/2", "2.5", "2\\frac{1}{2}", "2 1/2"},
    {"71/6", "11 5/6"},
    {"2/3", "2\\cdot\\frac{1}{3}"},
    {"1/2^{99}", "\\frac{1}{2^{99}}"},
    {"1/2^{98}"},
    {"\\frac{1}{2004!}"},
    {"\\frac{1}{2006!}"},
    {"6.02 \\times 10^{23}", "6.02e23", "602000000000000000000000"},
    {"123456789012345678901234567891", "123,456,789,012,345,678,901,234,567,891"},
    {"123456789012345678901234567892"},
    {"\\sqrt{12}", "2\\sqrt{3}", "2\\sqrt3", "sqrt(12)", "\\frac{6}{\\sqrt{3}}", "12^{1/2}"},
    {"\\frac{\\sqrt{2}}{2}", "\\frac{1}{\\sqrt{2}}", "\\sqrt{\\frac{1}{2}}", "\\sqrt{0.5}"},
    {"\\sqrt2-1", "\\frac{1}{1+\\sqrt{2}}"},
    {"1 - \\frac{1}{\\mathrm{e}}", "1-e^{-1}"},
    {"1 + \\frac{1}{\\mathrm{e}}"},
    {"0.5 + \\frac{\\pi}{8}", "\\pi \\div 8 + 1 \\div 2", "\\frac{4+\\pi}{8}"},
    {"3+4i", "4i+3"},
    {"\\frac{2^{2005}+1}{3 \\cdot 2^{2006}}"},
    {"\\frac{1}{3 \\cdot 2^{2006}}"},
    {"(1,2)", "( 1, 2.0 )", "\\left(1,2\\right)", "(x,y)=(1,2)"},
    {"[1,2]", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"},
    {"[1,2)", "x \\in [1,2)"},
    {"(2,1)"},
    {"(1,4.5)", "(1,\\frac{9}{2})"},
    {"(0, 1)", "D = (0, 1)"},
    {"(0, 1.5)"},
    {"\\{1,2\\}", "{2, 1}", "1,2", "2 and 1", "x=1 or x=2", "x = 1, 2"},
    {"1,-2"},
    {"1,-3"},
    {"1,2,3", "n=3, 2, 1"},
    {"n=2, 3, 4"},
    {"19, 46, \\text{ and } 82", "82, 46, 19"},
    {"21, 36, and 82"},
    {"\\pm 2021", "2021, -2021"},
    {"2021"},
    {"12:00"},
    {"1:00"},
    {"1, 2, \\ldots, n"},
    {"1, 3, 5, \\ldots, 2n-1"},
    {"(-\\infty,3)\\cup(5,\\infty)", "\\left(5,\\infty\\right) \\cup \\left(-\\infty,3\\right)"},
    {"(-\\infty,3]\\cup(5,\\infty)"},
    {"\\emptyset", "\\{\\}", "\\varnothing"},
    {"\\frac{x}{7}+\\frac{2}{7}", "\\frac{x+2}{7}", "y = \\frac{2+x}{7}"},
    {"x^2+2x+1", "(x+1)^2", "1+x^2+2x"},
    {"-34x-45y+20z-100=0", "34x+45y-20z+100=0"},
    {"\\frac{\\sqrt{\\sqrt{11}+\\sqrt{194}}}{2\\sqrt{33}+15}",
     "\\frac{\\sqrt{\\sqrt{11}+\\sqrt{194}}}{15+2\\sqrt{33}}"},
    {"\\begin{pmatrix}-\\frac{7}{4}&-2\\\\4&\\frac{1}{4}\\end{pmatrix}",
     "(\\begin{pmatrix}-\\frac{7}{4}&-2\\\\4&\\frac{1}{4}\\\\\\end{pmatrix})",
     "[[-1.75,-2],[4,0.25]]"},
    {"x > 5", "5 < x"},
    {"x \\ge 5"},
    {"101_2", "101_{2}"},
    {"101"},
    {"101_3"},
    {"A", "(A)", "\\text{(A)}", "\\textbf{A}", "$A$"},
    {"B", "(B)"},
    {"north", "North", "\\text{north}", "\\text{North}.", "**north**"},
    {"yes", "Yes.", "\\text{Yes}"},
    {"no"},
    {"on"},
    {"no solution", "No  solution", "\\text{no solution}"},
    {"2xy", "2yx", "xy\\cdot2"},
    {"F_n = \\sum_{k=0}^{n-1} F_k F_{n-k-1}"},
    {"F_n = \\sum_{k=0}^{n-2} F_k F_{n-k-2}"},
};

/// A text near those of the table: bytes at random, or a mixture of answers with some changed.
std::string mutated(outthink::random_stream& random) {
  const auto below = [&random](std::size_t n) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(n)));
  };
  const auto any = [&]() -> const std::string& {
    const auto& line = answers[below(answers.size())];
    return line[below(line.size())];
  };
  std::string made;
  if (below(4) == 0) {
    for (std::size_t length = below(80); length > 0; --length)
      made += static_cast<char>(below(256));
    return made;
  }
  constexpr std::string_view kSigns = "0123456789xeiE+-*/^_(){}[]|,.;:=<>!%&$\\ '~";
  made = any();
  for (std::size_t changes = below(6); changes > 0; --changes) {
    const std::size_t at = below(made.size() + 1), kind = below(3);
    if (kind == 0) made.erase(at, 1 + below(3));
    if (kind == 1) made.insert(at, 1, kSigns[below(kSigns.size())]);
    if (kind == 2) made.insert(at, any().substr(0, below(12)));
  }
  return made;
}

}  // namespace

TEST_CASE("answer_key gives answers that mean the same one key, and others another") {
  std::vector<std::string> keys;
  for (const std::vector<std::string>& same : answers) {
    const std::string key = answer_key(same.front());
    CAPTURE(key);
    for (const std::string& other : same) {
      CAPTURE(other);
      CHECK(answer_key(other) == key);
    }
    for (const std::string& earlier : keys) CHECK(earlier != key);
    keys.push_back(key);
  }
}

TEST_CASE("a key is its own key") {
  for (const std::vector<std::string>& same : answers) {
    const std::string key = answer_key(same.front());
    CHECK(answer_key(key) == key);
  }
}

TEST_CASE("answer_key reads a percent sign as it is told") {
  CHECK(answer_key("12.5\\%") == "1/8");
  CHECK(answer_key("12.5\\%", {.percent = percent_sign::unit}) == "25/2");
  CHECK(answer_key("12.5", {.percent = percent_sign::unit}) == "25/2");
  CHECK(answer_key("x = 50\\%", {.percent = percent_sign::unit}) == "50");
  CHECK(answer_key("50 percent") == "1/2");
}

TEST_CASE("answer_key reads choices where the problem offers them") {
  for (const char* text : {"B", "b", "(B)", "B.", "B) 12", "\\textbf{(B)}\\ 12", "\\boxed{B}"})
    CHECK(answer_key(text, {.choices = 4}) == "B");
  CHECK(answer_key("b") == "b");
  CHECK(answer_key("12", {.choices = 4}) == "12");
  CHECK(answer_key("E", {.choices = 4}) == "E");
}

TEST_CASE("answer_key reads commas in brackets as between elements") {
  CHECK(answer_key("1,234") == "1234");
  CHECK(answer_key("(1,234)") == "(1,234)");
  CHECK(answer_key("(1,234), 5") == "{(1,234),5}");
  CHECK(answer_key("\\{100,200\\}") == "{100,200}");
  CHECK(answer_key("(1{,}234, 5)") == "(1234,5)");
}

TEST_CASE("answer_key takes any bytes, and nearly every key is its own") {
  outthink::random_stream random({.key = 5, .place = 12});
  constexpr int kTexts = 20'000;
  int changed = 0;
  for (int i = 0; i < kTexts; ++i) {
    const std::string text = mutated(random);
    const std::string key = answer_key(text);
    CHECK(key == answer_key(text));
    changed += answer_key(key) != key;
  }
  // Denominators that change sides twice, and texts at the edge of what fits.
  CHECK(changed <= kTexts / 2000);
}

TEST_CASE("answer_key takes texts that nest, repeat or grow without end") {
  const auto repeated = [](std::string_view what, std::size_t size) {
    std::string made;
    while (made.size() < size) made += what;
    return made;
  };
  for (const char* unit : {"(",
                           "{",
                           "[",
                           "\\{",
                           "\\frac{",
                           "\\sqrt",
                           "\\text{",
                           "\\boxed{",
                           "\\pm",
                           "-",
                           "x^",
                           "|",
                           "(x+1)",
                           "(a+b+c+d)^8",
                           "x!",
                           "1,",
                           "\\begin{pmatrix}",
                           "(\\pm(",
                           "\\{\\pm",
                           "9",
                           "xyz",
                           "$",
                           "*",
                           ".",
                           "_",
                           "\\left(",
                           "\xFF",
                           "1/",
                           "\\sin",
                           "sin "}) {
    for (const std::size_t size : {50U, 1000U, 1024U, 1025U, 20'000U}) {
      const std::string text = repeated(unit, size);
      CHECK(answer_key(text).size() <= text.size() + 4096);
    }
  }
  CHECK(answer_key(std::string(3, '\0')) == std::string(3, '\0'));
  CHECK(answer_key("").empty());
}
