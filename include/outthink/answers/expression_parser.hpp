// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/algebra.hpp>
#include <outthink/answers/lexer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace outthink::answers {

/// What a percent sign stands for.
enum class percent_sign : std::uint8_t {
  hundredths,  ///< 50% is 1/2
  unit,        ///< 50% is 50: for problems that ask for a percentage, where 50 alone is one too
};

/// @brief Reads sums, products, powers and functions into normal form.
///
/// How it works: recursive descent over the lexer's tokens. A product needs no sign; `1 1/2` and
/// `1\frac{1}{2}` are mixed numbers; arguments of `\frac`, `\sqrt` may lack braces. `Brackets`, the
/// derived class, reads what stands in brackets, for it may be more than a sum.
/// Requires: a text that outlives the parser. Cost: bounded by `sums`; at most `deepest` nested
/// calls. Errors: none: `failed()` tells that the text is no expression.
template <class Brackets>
class expression_parser {
 public:
  expression_parser(std::string_view text, percent_sign percent) noexcept
      : text_(text), lexer_(text, 0), percent_(percent) {}

  [[nodiscard]] bool failed() const noexcept { return algebra_.failed(); }

 protected:
  using value = sums::value;
  using piece = sums::piece;

  static constexpr int deepest = 24;  ///< nested brackets and arguments

  void start() noexcept { advance(); }
  void go_back(std::size_t begin) noexcept {
    lexer_ = lexer(text_, begin);
    advance();
  }
  void advance() noexcept { at_ = lexer_.next(comma_); }
  [[nodiscard]] bool at(symbol kind) const noexcept { return at_.kind == kind && !failed(); }
  [[nodiscard]] bool accept(symbol kind) noexcept {
    if (!at(kind)) return false;
    advance();
    return true;
  }
  value fail() noexcept {
    algebra_.fail();
    return algebra_.nothing();
  }

  value sum() noexcept {
    if (++depth_ > deepest) return fail();
    value total = algebra_.nothing();
    for (bool first = true;; first = false) {
      const int sign = sign_of(at_.kind);
      if (sign == 0 && !first) break;
      if (sign != 0) advance();
      value added = product();
      if (sign < 0) added = algebra_.negated(added);
      total = first ? added : algebra_.add(total, added);
      if (failed()) break;
    }
    --depth_;
    return total;
  }

  token at_;
  comma comma_ = comma::separates_thousands;
  int choice_ = 1;           ///< what ± stands for: 1 or -1
  bool two_values_ = false;  ///< a ± was read
  int depth_ = 0;
  algebra algebra_;
  std::string_view text_;

 private:
  Brackets& brackets() noexcept { return static_cast<Brackets&>(*this); }

  int sign_of(symbol kind) noexcept {
    if (kind == symbol::plus) return 1;
    if (kind == symbol::minus) return -1;
    if (kind != symbol::plus_minus && kind != symbol::minus_plus) return 0;
    two_values_ = true;
    return kind == symbol::plus_minus ? choice_ : -choice_;
  }

  [[nodiscard]] bool begins_factor() const noexcept {
    switch (at_.kind) {
      case symbol::variable:
      case symbol::function:
      case symbol::function_two:
      case symbol::fraction:
      case symbol::root:
      case symbol::open:
      case symbol::begin:
        return true;
      case symbol::bar:
        return bars_ == 0;
      default:
        return false;
    }
  }

  value product() noexcept {
    value result = power();
    while (!failed()) {
      if (accept(symbol::times)) {
        result = algebra_.multiply(result, signed_power());
      } else if (accept(symbol::divide)) {
        result = algebra_.divide(result, signed_power());
      } else if (begins_factor()) {
        result = algebra_.multiply(result, power());
      } else {
        break;
      }
    }
    return result;
  }

  value signed_power() noexcept {
    const bool negative = accept(symbol::minus);
    const value result = power();
    return negative ? algebra_.negated(result) : result;
  }

  value power() noexcept {
    if (++depth_ > deepest) return fail();
    while (at(symbol::unit)) advance();  // a currency before its number
    value result = primary();
    for (bool more = true; more && !failed();) {
      if (accept(symbol::power)) {
        if (!degrees()) result = algebra_.power(result, argument());
      } else if (at(symbol::subscript)) {
        result = subscripted(result);
      } else if (accept(symbol::prime)) {
        const piece plain = algebra_.wrapped(result);
        result = algebra_.atom(algebra_.text().join({algebra_.view(plain), "'"}));
      } else if (accept(symbol::factorial)) {
        result = factorial(result);
      } else if (accept(symbol::percent)) {
        if (percent_ == percent_sign::hundredths)
          result = algebra_.multiply(result, algebra_.number(power_of_ten(-2)));
      } else if (!accept(symbol::unit)) {
        more = false;
      }
    }
    --depth_;
    return result;
  }

  /// Skips `\circ` or `{\circ}` behind a power sign.
  bool degrees() noexcept {
    if (accept(symbol::unit)) return true;
    if (!text_.substr(at_.begin).starts_with("{\\circ}")) return false;
    advance();
    advance();
    advance();
    return true;
  }

  value primary() noexcept {
    const token read = at_;
    switch (read.kind) {
      case symbol::number:
        return number();
      case symbol::variable:
        return variable();
      case symbol::function:
        return function();
      case symbol::function_two:
        advance();
        return function_of_two(read.text);
      case symbol::fraction: {
        advance();
        const value above = argument(taking::digit);
        return algebra_.divide(above, argument(taking::digit));
      }
      case symbol::root:
        return root();
      case symbol::open:
        return brackets().bracket();
      case symbol::begin:
        return brackets().matrix();
      case symbol::bar:
        return absolute();
      default:
        return fail();
    }
  }

  value literal(const number_literal& read) noexcept {
    if (read.exact) return algebra_.number(read.value);
    const value digits = algebra_.atom({read.digits.data(), read.count});
    return algebra_.multiply(digits, algebra_.number(power_of_ten(read.exponent)));
  }

  value number() noexcept {
    const bool whole = lexer_.number().whole;
    const std::size_t end = at_.end;
    const value result = literal(lexer_.number());
    advance();
    if (!whole) return result;
    // 1\frac{1}{2} and 1 1/2 are mixed numbers where the fraction is below one.
    if (at(symbol::fraction) && is_digit(first_of_argument(at_.end))) {
      advance();
      const value above = argument(taking::digit);
      return mixed(result, above, argument(taking::digit));
    }
    if (!at(symbol::number) || at_.begin == end || !lexer_.number().whole) return result;
    const value above = literal(lexer_.number());
    advance();
    if (!accept(symbol::divide) || !at(symbol::number) || !lexer_.number().whole) return fail();
    const value below = literal(lexer_.number());
    advance();
    return mixed(result, above, below);
  }

  [[nodiscard]] char first_of_argument(std::size_t begin) const noexcept {
    while (begin < text_.size() && (is_space(text_[begin]) || text_[begin] == '{')) ++begin;
    return begin < text_.size() ? text_[begin] : '\0';
  }

  value mixed(value whole, value above, value below) noexcept {
    std::int64_t numerator = 0, denominator = 0, one_of_either;
    constexpr std::int64_t kMost = 1'000'000'000;
    const bool fractional = algebra_.small_fraction(above, kMost, numerator, one_of_either) &&
                            one_of_either == 1 &&
                            algebra_.small_fraction(below, kMost, denominator, one_of_either) &&
                            one_of_either == 1 && numerator < denominator;
    const value fraction = algebra_.divide(above, below);
    return fractional ? algebra_.add(whole, fraction) : algebra_.multiply(whole, fraction);
  }

  value variable() noexcept {
    const value result = algebra_.atom(at_.text);
    advance();
    return result;
  }

  value subscripted(value base) noexcept {
    const piece below = subscript(), name = algebra_.wrapped(base);
    return algebra_.atom(algebra_.text().join({algebra_.view(name), "_", algebra_.view(below)}));
  }

  piece subscript() noexcept {
    advance();
    const value index = argument();
    const piece plain = algebra_.print(index);
    const std::string_view shown = algebra_.view(plain);
    bool simple = !shown.empty();
    for (const char c : shown) simple = simple && (is_digit(c) || is_letter(c));
    return simple ? plain : algebra_.text().join({"(", shown, ")"});
  }

  value function() noexcept {
    piece name = algebra_.text().join({at_.text});
    advance();
    if (at(symbol::subscript)) {
      const piece below = subscript();
      name = algebra_.text().join({algebra_.view(name), "_", algebra_.view(below)});
    }
    value exponent = algebra_.number(one);
    if (accept(symbol::power)) exponent = argument();
    value of = algebra_.nothing();
    if (at(symbol::open)) {
      of = primary();
    } else {
      of = signed_power();
      while (!failed() && (at(symbol::variable) || at(symbol::fraction) || at(symbol::root)))
        of = algebra_.multiply(of, power());
    }
    if (algebra_.view(name) == "exp") return algebra_.power(algebra_.atom("e"), of);
    return algebra_.power(applied(algebra_.view(name), of), exponent);
  }

  /// The atom `name(of)`; a bracket with commas keeps its own.
  value applied(std::string_view name, value of) noexcept {
    const piece inner = algebra_.print(of);
    const std::string_view shown = algebra_.view(inner);
    const bool listed = shown.starts_with('(') && algebra_.is_atom(of);
    return algebra_.atom(listed ? algebra_.text().join({name, shown})
                                : algebra_.text().join({name, "(", shown, ")"}));
  }

  value function_of_two(std::string_view name) noexcept {
    const piece first = algebra_.print(argument(taking::digit));
    const piece second = algebra_.print(argument(taking::digit));
    return algebra_.atom(
        algebra_.text().join({name, "(", algebra_.view(first), ",", algebra_.view(second), ")"}));
  }

  value root() noexcept {
    const taking taken = text_[at_.begin] == '\\' ? taking::digit : taking::number;
    advance();
    std::int64_t index = 2, below = 1;
    if (at(symbol::open) && at_.text == "[") {
      advance();
      if (!algebra_.small_fraction(sum(), 64, index, below) || below != 1 || index < 1)
        return fail();
      if (!accept(symbol::close)) return fail();
    }
    return algebra_.power(argument(taken), 1, index);
  }

  value absolute() noexcept {
    advance();
    ++bars_;
    const value of = sum();
    --bars_;
    if (!accept(symbol::bar)) return fail();
    if (algebra_.is_number(of)) return algebra_.power(algebra_.power(of, 2, 1), 1, 2);
    const piece inner = algebra_.print(of);
    return algebra_.atom(algebra_.text().join({"|", algebra_.view(inner), "|"}));
  }

  value factorial(value of) noexcept {
    std::int64_t n, below;
    if (algebra_.small_fraction(of, 20, n, below) && below == 1 && n >= 0) {
      exact_number product = one, next = one;
      for (std::int64_t i = 2; i <= n; ++i)
        if (!make_number(i, 1, next) || !answers::multiply(product, next, product)) return fail();
      return algebra_.number(product);
    }
    const piece inner = algebra_.wrapped(of);
    return algebra_.atom(algebra_.text().join({algebra_.view(inner), "!"}));
  }

  /// What a command, a power or a subscript applies to: a group in braces or a single thing, of
  /// which one digit is enough for a command: `\frac12`.
  enum class taking { digit, number };
  value argument(taking taken = taking::number) noexcept {
    if (++depth_ > deepest) return fail();
    value result = algebra_.nothing();
    if (at(symbol::open) && text_[at_.begin] == '{') {
      advance();
      result = sum();
      if (!accept(symbol::close)) fail();
    } else if (taken == taking::digit && at(symbol::number) && is_digit(text_[at_.begin])) {
      exact_number digit = zero;
      if (!make_number(text_[at_.begin] - '0', 1, digit)) fail();
      result = algebra_.number(digit);
      go_back(at_.begin + 1);
    } else if (at(symbol::number)) {
      result = literal(lexer_.number());
      advance();
    } else if (accept(symbol::minus)) {
      result = algebra_.negated(argument(taken));
    } else {
      result = primary();
    }
    --depth_;
    return result;
  }

  lexer lexer_;
  percent_sign percent_;
  int bars_ = 0;  // open ones
};

}  // namespace outthink::answers
