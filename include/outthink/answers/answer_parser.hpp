// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/expression_parser.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace outthink::answers {

/// @brief Reads a whole answer into normal form: expressions, and what is made of them.
///
/// How it works: tuples and intervals keep their brackets and order; sets and answers in a row
/// (`2, 3`, `2 or 3`, `±2`) are sorted and keep one of equals, and a set of one is what it
/// holds; a matrix is a bracket of its rows. `x = 5` is 5, an equation is moved to one side and
/// divided by its first number, and inequalities point one way. A number may have a unit behind
/// it, which is left out.
/// Requires, Cost: as `expression_parser`. Errors: none: `read` fails where the text is no answer
/// in this sense, prose for instance.
class answer_parser : public expression_parser<answer_parser> {
 public:
  answer_parser(std::string_view text, percent_sign percent) noexcept
      : expression_parser(text, percent) {}

  /// The normal form, or an empty text if there is none. It lives as long as the parser.
  [[nodiscard]] std::string_view read() noexcept {
    start();
    pieces answers;
    do {
      elements(answers);
    } while (another());
    if (!at(symbol::end)) return {};
    const piece all = answers.count == 1 ? answers.of[0] : set_of(answers);
    return failed() ? std::string_view() : algebra_.view(all);
  }

 private:
  friend class expression_parser<answer_parser>;

  struct pieces {
    std::array<piece, 64> of;  // not initialised beyond `count`
    std::size_t count = 0;
  };

  /// Skips `,`, `and`, or both.
  bool another() noexcept {
    const bool comma = accept(symbol::comma);
    return accept(symbol::separator) || comma;
  }

  void keep(pieces& in, piece added) noexcept {
    if (in.count == in.of.size()) {
      fail();
    } else {
      in.of[in.count++] = added;
    }
  }

  /// An element of a set: a value, or two pieces where a ± makes two of it, which returns false.
  bool choices(pieces& in, value& single) noexcept {
    const std::size_t begin = at_.begin;
    const sums::mark before = algebra_.used();
    const bool outer_two = two_values_;
    const int outer_choice = choice_;
    two_values_ = false;
    choice_ = 1;
    single = element_value();
    const bool two = two_values_;
    if (two) {
      keep(in, algebra_.print(single));
      algebra_.forget(before);
      // Each level may read twice what is in it: a few levels are enough.
      if (depth_ > 4) fail();
      go_back(begin);
      choice_ = -1;
      element(in);
    }
    two_values_ = outer_two;
    choice_ = outer_choice;
    return !two;
  }

  void elements(pieces& in) noexcept {
    const sums::mark before = algebra_.used();
    value single;
    if (choices(in, single)) keep(in, algebra_.print(single));
    algebra_.forget(before);
  }

  void element(pieces& in) noexcept {
    const sums::mark before = algebra_.used();
    keep(in, algebra_.print(element_value()));
    algebra_.forget(before);
  }

  value element_value() noexcept {
    const value read = relation();
    if (at(symbol::words)) skip_unit(read);
    return read;
  }

  /// Skips what follows a number: `cm`, `\text{ km/h}`, `square metres`, `m/s^2`.
  void skip_unit(value before) noexcept {
    if (!algebra_.numeric(before)) {
      fail();
      return;
    }
    int braces = 0;
    for (bool exponent = false; !failed(); advance()) {
      const bool opens = at(symbol::open) && at_.text == "{";
      const bool closes = braces > 0 && at(symbol::close) && at_.text == "{";
      const bool digits = exponent && (at(symbol::number) || at(symbol::minus));
      if (!at(symbol::words) && !at(symbol::variable) && !at(symbol::divide) &&
          !at(symbol::times) && !at(symbol::power) && !opens && !closes && !digits) {
        break;
      }
      braces += opens ? 1 : closes ? -1 : 0;
      exponent = at(symbol::power) || (exponent && (opens || at(symbol::minus)));
    }
    if (braces != 0) fail();
  }

  value relation() noexcept {
    constexpr std::size_t kMost = 4;
    constexpr std::string_view kElementOf = "\xE2\x88\x88";
    std::array<value, kMost> sides;
    std::array<std::string_view, kMost> between;
    std::size_t count = 0;
    if (at(symbol::relation) && at_.text == "=") advance();  // "= 5", "≈ 5"
    sides[0] = set_operation();
    while (at(symbol::relation)) {
      between[count] = at_.text;
      if (++count == kMost) return fail();
      advance();
      sides[count] = set_operation();
    }
    if (count == 0) return sides[0];
    const bool right_is_statement = statement_;
    statement_ = true;
    const auto all_of = [&](std::string_view first, std::string_view second) {
      return std::all_of(between.begin(), between.begin() + static_cast<std::ptrdiff_t>(count),
                         [&](std::string_view s) { return s == first || s == second; });
    };
    if (all_of("=", kElementOf)) {
      if (algebra_.names_something(sides[0])) {
        statement_ = right_is_statement;
        return sides[count];
      }
      if (count == 1 && between[0] == "=") return equation(sides[0], sides[1]);
    }
    const bool falling = all_of(">", ">=");
    if (falling) {
      std::reverse(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(count) + 1);
      std::reverse(between.begin(), between.begin() + static_cast<std::ptrdiff_t>(count));
      for (std::string_view& sign : between) sign = sign == ">" ? "<" : "<=";
    }
    std::array<piece, kMost> shown;
    for (std::size_t i = 0; i <= count; ++i) shown[i] = algebra_.print(sides[i]);
    const std::uint16_t begun = algebra_.text().begin();
    for (std::size_t i = 0; i <= count; ++i) {
      if (i > 0) algebra_.text().append(between[i - 1]);
      algebra_.text().append(algebra_.view(shown[i]));
    }
    return algebra_.atom(algebra_.text().end(begun));
  }

  /// left = right: what x is where only x and a number are left, or the form `… = 0`.
  value equation(value left, value right) noexcept {
    const value difference = algebra_.made_monic(algebra_.add(left, algebra_.negated(right)));
    const value first{difference.first, 1};
    const value rest{static_cast<std::uint16_t>(difference.first + 1),
                     static_cast<std::uint16_t>(difference.count - 1)};
    if (difference.count > 0 && algebra_.names_something(first) && algebra_.is_number(rest)) {
      statement_ = false;
      return algebra_.negated(rest);
    }
    const piece shown = algebra_.print(difference);
    return algebra_.atom(algebra_.text().join({algebra_.view(shown), "=0"}));
  }

  /// Unions are sorted; other operations keep their order.
  value set_operation() noexcept {
    const value first = sum();
    statement_ = at(symbol::set_operation);
    if (!statement_) return first;
    pieces operands;
    keep(operands, algebra_.print(first));
    const std::string_view sign = at_.text;
    while (at(symbol::set_operation)) {
      if (at_.text != sign) return fail();
      advance();
      keep(operands, algebra_.print(sum()));
    }
    statement_ = true;
    if (sign != "\\") sort_out(operands);
    return algebra_.atom(listed(operands, "", sign, ""));
  }

  /// A bracket: of one value, where it only groups, or of several.
  value bracket() noexcept {
    if (++depth_ > deepest) return fail();
    const comma outside = comma_;
    comma_ = comma::ends_number;
    const std::string_view opened = at_.text;
    advance();
    pieces inside;
    value first = algebra_.nothing();
    const bool set = opened == "{", empty = at(symbol::close);
    bool single = !empty;
    if (!empty) {
      if (set) {
        single = choices(inside, first);
      } else {
        first = element_value();
      }
      if (single && !at(symbol::close)) {
        keep(inside, algebra_.print(first));
        single = false;
      }
      while (set ? another() : accept(symbol::comma)) set ? elements(inside) : element(inside);
    }
    if (!at(symbol::close)) return fail();
    const std::string_view closed = at_.text;
    comma_ = outside;
    advance();
    --depth_;
    if (single) return grouped(first, opened, closed);
    if (!set) return empty ? fail() : tuple(inside, opened, closed);
    if (closed != "{") return fail();
    return algebra_.atom(empty ? algebra_.text().join({"{}"}) : set_of(inside));
  }

  value grouped(value inner, std::string_view opened, std::string_view closed) noexcept {
    if (opened != closed) return fail();
    const bool named = opened == "floor" || opened == "ceil";
    if (!named && !statement_) return inner;
    statement_ = false;
    const piece shown = algebra_.print(inner);
    return algebra_.atom(
        algebra_.text().join({named ? opened : "", "(", algebra_.view(shown), ")"}));
  }

  value tuple(const pieces& inside, std::string_view opened, std::string_view closed) noexcept {
    const auto end = [](std::string_view bracket) { return bracket == "(" || bracket == "["; };
    if (opened != closed && !(end(opened) && end(closed))) return fail();
    const std::string_view close = closed == "(" ? ")" : closed == "[" ? "]" : ">";
    return algebra_.atom(listed(inside, opened, ",", close));
  }

  value matrix() noexcept {
    if (++depth_ > deepest) return fail();
    const comma outside = comma_;
    comma_ = comma::ends_number;
    const std::size_t begin = at_.end;
    const std::string_view name = braced(text_.substr(begin));
    const bool determinant = name == "vmatrix";
    if (!name.ends_with("matrix") && name != "array") return fail();
    std::size_t body = begin + name.size() + 2;
    if (name == "array") body += braced(text_.substr(body)).size() + 2;
    if (body > text_.size()) return fail();
    go_back(body);
    pieces rows;
    while (!at(symbol::environment_end) && !failed()) {
      pieces cells;
      do {
        element(cells);
      } while (accept(symbol::column));
      keep(rows, cells.count == 1 ? cells.of[0] : listed(cells, "[", ",", "]"));
      if (cells.count == 1 && rows.count == 1 && at(symbol::environment_end)) fail();
      if (!accept(symbol::row) && !at(symbol::environment_end)) fail();
    }
    if (failed()) return algebra_.nothing();
    comma_ = outside;
    go_back(std::min(text_.size(), at_.end + name.size() + 2));
    --depth_;
    const piece whole = rows.count == 1 ? rows.of[0] : listed(rows, "[", ",", "]");
    return algebra_.atom(determinant ? algebra_.text().join({"det(", algebra_.view(whole), ")"})
                                     : whole);
  }

  void sort_out(pieces& some) noexcept {
    const auto begin = some.of.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(some.count);
    std::sort(begin, end, [this](piece a, piece b) { return algebra_.view(a) < algebra_.view(b); });
    const auto last = std::unique(
        begin, end, [this](piece a, piece b) { return algebra_.view(a) == algebra_.view(b); });
    some.count = static_cast<std::size_t>(last - begin);
  }

  piece set_of(pieces& elements) noexcept {
    sort_out(elements);
    return elements.count == 1 ? elements.of[0] : listed(elements, "{", ",", "}");
  }

  piece listed(const pieces& some, std::string_view open, std::string_view between,
               std::string_view close) noexcept {
    const std::uint16_t begun = algebra_.text().begin();
    algebra_.text().append(open);
    for (std::size_t i = 0; i < some.count; ++i) {
      if (i > 0) algebra_.text().append(between);
      algebra_.text().append(algebra_.view(some.of[i]));
    }
    algebra_.text().append(close);
    return algebra_.text().end(begun);
  }

  bool statement_ = false;  // what was read last is a relation or a union: no factor
};

}  // namespace outthink::answers
