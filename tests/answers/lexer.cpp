// SPDX-License-Identifier: MIT
#include <outthink/answers/lexer.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace outthink::answers;

namespace {

std::vector<symbol> kinds(std::string_view text, comma rule = comma::separates_thousands) {
  lexer words(text, 0);
  std::vector<symbol> made;
  for (token at = words.next(rule); at.kind != symbol::end; at = words.next(rule))
    made.push_back(at.kind);
  return made;
}

using s = symbol;
using symbols = std::vector<symbol>;

}  // namespace

TEST_CASE("the lexer cuts LaTeX and plain text alike") {
  CHECK(kinds("\\frac{1}{2}") ==
        symbols{s::fraction, s::open, s::number, s::close, s::open, s::number, s::close});
  CHECK(kinds(" 2 \\cdot\\left( x+\\pi \\right)") ==
        symbols{s::number, s::times, s::open, s::variable, s::plus, s::variable, s::close});
  CHECK(kinds("2*(x+pi)") ==
        symbols{s::number, s::times, s::open, s::variable, s::plus, s::variable, s::close});
  CHECK(kinds("x\\ge 3, y<=4") == symbols{s::variable, s::relation, s::number, s::comma,
                                          s::variable, s::relation, s::number});
}

TEST_CASE("the lexer takes short runs of letters for variables and long ones for words") {
  CHECK(kinds("xyz") == symbols{s::variable, s::variable, s::variable});
  CHECK(kinds("word") == symbols{s::words});
  CHECK(kinds("sin x") == symbols{s::function, s::variable});
  CHECK(kinds("xpi") == symbols{s::variable, s::variable, s::variable});
  CHECK(kinds("5 cm") == symbols{s::number, s::words});
}

TEST_CASE("the lexer looks into text commands") {
  CHECK(kinds("\\text{north}") == symbols{s::words});
  CHECK(kinds("\\text{ and }") == symbols{s::separator});
  CHECK(kinds("\\mathrm{e}") == symbols{s::open, s::variable, s::close});
  CHECK(kinds("\\textbf{(A)}") == symbols{s::open, s::open, s::variable, s::close, s::close});
  CHECK(kinds("\\text {cm}^2") == symbols{s::words, s::power, s::number});
  CHECK(kinds("\\text{}") == symbols{s::unknown, s::open, s::close});
  CHECK(kinds("\\text{open") == symbols{s::unknown, s::open, s::words});
}

TEST_CASE("the lexer says where tokens stand") {
  lexer words("x  + 12", 0);
  CHECK(words.next(comma::ends_number).end == 1);
  const token plus_sign = words.next(comma::ends_number);
  CHECK(plus_sign.begin == 3);
  CHECK(plus_sign.end == 4);
  const token read = words.next(comma::ends_number);
  CHECK(read.end == 7);
  CHECK(words.number().value == exact_number{3, 1, 2, 0});
}

TEST_CASE("the lexer takes any byte") {
  for (int c = 0; c < 256; ++c) {
    const std::string text(3, static_cast<char>(c));
    CHECK(kinds(text).size() <= 3);
  }
  CHECK(kinds("\\") == symbols{s::unknown});
  CHECK(kinds("\xFF\xE2\x88") == symbols{s::unknown, s::unknown, s::unknown});
}

TEST_CASE("braced gives what stands in the first braces") {
  CHECK(braced("{a{b}c}d") == "a{b}c");
  CHECK(braced("{a\\}b}") == "a\\}b");
  CHECK(braced("{}").data() != nullptr);
  CHECK(braced("{a").data() == nullptr);
  CHECK(braced("a{b}").data() == nullptr);
  CHECK(braced("").data() == nullptr);
}
