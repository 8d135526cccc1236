// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/exact_number.hpp>
#include <outthink/answers/text_buffer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace outthink::answers {

/// @brief Sums of products in normal form, in memory of a fixed size.
///
/// How it works: a value is a sum of terms; a term is an exact number times atoms to rational
/// powers. An atom is a text: a variable, a function of something, a bracket with commas in it, or
/// a prime number under a root. Terms that differ in their numbers alone are collected, so that
/// values which follow from each other by the laws of addition and multiplication print the same.
/// Requires: values and texts of the same object. Values are used like a stack: `forget` drops all
/// that came after a mark.
/// Cost: whatever is computed, at most 192 terms, 512 factors, 96 atoms, 4 KiB of text and 20,000
/// steps; no allocation. Errors: none; `failed()` tells that something did not fit, and what is
/// computed from then on is void.
/// Numerics: exact. Two numbers whose sum does not fit in 64 bits stay two terms.
class sums {
 public:
  using piece = text_buffer::piece;

  /// A sum of terms, by their places.
  struct value {
    std::uint16_t first;
    std::uint16_t count;
  };
  /// How much of the memory is used.
  struct mark {
    std::uint16_t terms;
    std::uint16_t factors;
  };

  [[nodiscard]] bool failed() const noexcept { return failed_ || text_.full(); }
  void fail() noexcept { failed_ = true; }
  [[nodiscard]] text_buffer& text() noexcept { return text_; }
  [[nodiscard]] std::string_view view(piece of) const noexcept { return text_.view(of); }

  [[nodiscard]] mark used() const noexcept { return {terms_used_, factors_used_}; }
  void forget(mark since) noexcept {
    terms_used_ = since.terms;
    factors_used_ = since.factors;
  }

  [[nodiscard]] value nothing() const noexcept { return {terms_used_, 0}; }
  [[nodiscard]] value number(const exact_number& of) noexcept {
    return of.zero() ? nothing() : push(nothing(), {of, factors_used_, 0});
  }
  /// The atom with this text.
  [[nodiscard]] value atom(std::string_view text) noexcept {
    return power_of_atom(atom_index(text, 0), 1, 1);
  }
  [[nodiscard]] value atom(piece text) noexcept { return atom(view(text)); }

  [[nodiscard]] value add(value a, value b) noexcept {
    value sum = nothing();
    for (const value part : {a, b})
      for (std::uint16_t i = 0; i < part.count; ++i) sum = collect(sum, terms_[part.first + i]);
    return sum;
  }

  [[nodiscard]] value multiply(value a, value b) noexcept {
    value product = nothing();
    for (std::uint16_t i = 0; i < a.count; ++i)
      for (std::uint16_t j = 0; j < b.count && !failed(); ++j)
        product = collect(product, product_of(terms_[a.first + i], terms_[b.first + j]));
    return product;
  }

  [[nodiscard]] value negated(value of) noexcept { return multiply(of, number(one.negated())); }

  /// The value divided by the number before its first term.
  [[nodiscard]] value made_monic(value of) noexcept {
    if (of.count == 0) return of;
    sort(of);
    exact_number inverse = one;
    if (!answers::power(terms_[of.first].scale, -1, inverse)) fail();
    return multiply(of, number(inverse));
  }

  /// True if the value is a number: every atom in it is a root, pi or e.
  [[nodiscard]] bool numeric(value of) const noexcept {
    return all_atoms(of, [](std::string_view text) {
      return (text[0] >= '0' && text[0] <= '9') || text == "pi" || text == "e";
    });
  }

  /// True if the value is an exact number.
  [[nodiscard]] bool is_number(value of) const noexcept {
    return of.count == 0 || (of.count == 1 && term_of(of, 0).count == 0);
  }

  /// True if the value is an atom, not multiplied by anything.
  [[nodiscard]] bool is_atom(value of) const noexcept {
    if (of.count != 1 || !term_of(of, 0).scale.one() || term_of(of, 0).count != 1) return false;
    const factor only = factor_of(term_of(of, 0), 0);
    return only.above == 1 && only.below == 1;
  }

  /// True if the value is a name, as in `x = `, `f(x) = ` or `(x, y) = `.
  [[nodiscard]] bool names_something(value of) const noexcept {
    if (of.count != 1 || !term_of(of, 0).scale.one() || term_of(of, 0).count == 0) return false;
    for (std::uint16_t i = 0; i < term_of(of, 0).count; ++i)
      if (factor_of(term_of(of, 0), i).above != 1 || factor_of(term_of(of, 0), i).below != 1)
        return false;
    return all_atoms(of, [](std::string_view text) {
      const char c = text[text[0] == '(' ? 1 : 0];
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
  }

  /// The value as a fraction of whole numbers of at most `limit`; false if it is none.
  [[nodiscard]] bool small_fraction(value of, std::int64_t limit, std::int64_t& above,
                                    std::int64_t& below) const noexcept {
    const exact_number number = of.count == 0 ? zero : terms_[of.first].scale;
    return is_number(of) && as_fraction(number, above, below) && above <= limit &&
           above >= -limit && below <= limit;
  }

  /// Writes the value as a text that reads as the same value.
  [[nodiscard]] piece print(value of) noexcept {
    sort(of);
    const std::uint16_t begun = text_.begin();
    if (of.count == 0) text_.append("0");
    for (std::uint16_t i = 0; i < of.count && !failed(); ++i) {
      const term& added = terms_[of.first + i];
      if (i > 0 && !added.scale.negative()) text_.append("+");
      print_term(added);
    }
    return text_.end(begun);
  }

 protected:
  struct factor {
    std::uint16_t atom;
    std::int16_t above;
    std::int16_t below;

    friend bool operator==(const factor&, const factor&) = default;
  };
  struct term {
    exact_number scale;
    std::uint16_t first;  // its factors, in the order of their atoms' texts
    std::uint16_t count;
  };

  /// One of the steps that may be taken.
  bool step() noexcept {
    if (--steps_left_ < 0) fail();
    return !failed();
  }

  [[nodiscard]] const term& term_of(value of, std::uint16_t i) const noexcept {
    return terms_[of.first + i];
  }
  [[nodiscard]] const factor& factor_of(const term& in, std::uint16_t i) const noexcept {
    return factors_[in.first + i];
  }

  /// The sum with a term more; it must be the latest value.
  value push(value to, const term& added) noexcept {
    if (terms_used_ == terms_.size()) {
      fail();
      return nothing();
    }
    terms_[terms_used_++] = added;
    return {to.first, static_cast<std::uint16_t>(to.count + 1)};
  }

  [[nodiscard]] term begin_term() const noexcept { return {one, factors_used_, 0}; }

  /// Appends atom^(above / below); of a root the whole powers go into the number.
  void append_power(term& to, std::uint16_t atom, std::int64_t above, std::int64_t below) noexcept {
    if (below != 1) {
      const std::int64_t common = std::gcd(above, below);
      above /= common;
      below /= common;
    }
    constexpr std::int64_t kMost = 32767;
    if (const std::int64_t base = atoms_[atom].base; base != 0 && above <= most_twos) {
      const std::int64_t whole = (above - (above < 0 ? below - 1 : 0)) / below;
      exact_number powered, product;
      if (make_number(base, 1, powered) && whole >= -most_twos &&
          answers::power(powered, static_cast<std::int32_t>(whole), powered) &&
          answers::multiply(to.scale, powered, product)) {
        to.scale = product;
        above -= whole * below;
      }
    }
    if (above == 0) return;
    if (above > kMost || above < -kMost || below > kMost || factors_used_ == factors_.size())
      return fail();
    factors_[factors_used_++] = {atom, static_cast<std::int16_t>(above),
                                 static_cast<std::int16_t>(below)};
    ++to.count;
  }

  value power_of_atom(std::uint16_t atom, std::int64_t above, std::int64_t below) noexcept {
    term made = begin_term();
    append_power(made, atom, above, below);
    return push(nothing(), made);
  }

  /// The place of the atom with this text; `base` is the number under a root, else 0.
  std::uint16_t atom_index(std::string_view text, std::int64_t base) noexcept {
    for (std::uint16_t i = 0; i < atoms_used_; ++i)
      if (view(atoms_[i].text) == text) return i;
    if (atoms_used_ == atoms_.size()) {
      fail();
      return 0;
    }
    atoms_[atoms_used_] = {text_.join({text}), base};
    return atoms_used_++;
  }

  /// By the atoms' texts and falling exponents; terms with fewer atoms after those they begin.
  void sort(value of) noexcept {
    for (std::uint16_t i = 1; i < of.count; ++i) {
      const term moved = term_of(of, i);
      std::uint16_t at = i;
      for (; at > 0 && step() && before(moved, terms_[of.first + at - 1U]); --at)
        terms_[of.first + at] = terms_[of.first + at - 1U];
      terms_[of.first + at] = moved;
    }
  }

 private:
  struct atom_record {
    piece text;
    std::int64_t base;
  };

  [[nodiscard]] int compare_atoms(std::uint16_t a, std::uint16_t b) const noexcept {
    return a == b ? 0 : view(atoms_[a].text).compare(view(atoms_[b].text));
  }

  [[nodiscard]] bool same_factors(const term& a, const term& b) const noexcept {
    bool same = a.count == b.count;
    for (std::uint16_t i = 0; same && i < a.count; ++i) same = factor_of(a, i) == factor_of(b, i);
    return same;
  }

  value collect(value sum, const term& added) noexcept {
    for (std::uint16_t i = 0; i < sum.count && step(); ++i) {
      term& other = terms_[sum.first + i];
      if (!same_factors(other, added) || !answers::add(other.scale, added.scale, other.scale))
        continue;
      if (!other.scale.zero()) return sum;
      other = terms_[--terms_used_];
      return {sum.first, static_cast<std::uint16_t>(sum.count - 1)};
    }
    return added.scale.zero() ? sum : push(sum, added);
  }

  term product_of(const term& a, const term& b) noexcept {
    term made = begin_term();
    if (!answers::multiply(a.scale, b.scale, made.scale)) fail();
    if (b.count == 0) return {made.scale, a.first, a.count};
    if (a.count == 0) return {made.scale, b.first, b.count};
    std::uint16_t i = 0, j = 0;
    while ((i < a.count || j < b.count) && step()) {
      const int order = i == a.count   ? 1
                        : j == b.count ? -1
                                       : compare_atoms(factor_of(a, i).atom, factor_of(b, j).atom);
      const factor x = order <= 0 ? factor_of(a, i++) : factor_of(b, j++);
      std::int64_t above = x.above, below = x.below;
      if (order == 0) {
        const factor y = factor_of(b, j++);
        above = above * y.below + y.above * below;
        below *= y.below;
      }
      append_power(made, x.atom, above, below);
    }
    return made;
  }

  [[nodiscard]] bool before(const term& a, const term& b) const noexcept {
    for (std::uint16_t i = 0; i < a.count && i < b.count; ++i) {
      const factor x = factor_of(a, i), y = factor_of(b, i);
      if (const int order = compare_atoms(x.atom, y.atom); order != 0) return order < 0;
      const std::int32_t left = x.above * y.below, right = y.above * x.below;
      if (left != right) return left > right;
    }
    if (a.count != b.count) return a.count > b.count;
    const std::int64_t keys[][2] = {{a.scale.twos, b.scale.twos},
                                    {a.scale.fives, b.scale.fives},
                                    {a.scale.numerator, b.scale.numerator},
                                    {a.scale.denominator, b.scale.denominator}};
    for (const auto& key : keys)
      if (key[0] != key[1]) return key[0] > key[1];
    return false;
  }

  void print_number(const exact_number& of) noexcept {
    std::array<char, longest_number> digits;
    text_.append({digits.data(), answers::print(of, digits.data())});
  }

  void print_term(const term& of) noexcept {
    const bool negative = of.scale.negative();
    const exact_number scale = negative ? of.scale.negated() : of.scale;
    if (negative) text_.append("-");
    bool first = scale.one() && of.count > 0;
    if (!first) print_number(scale);
    for (std::uint16_t i = 0; i < of.count && step(); ++i, first = false) {
      const factor x = factor_of(of, i);
      if (!first) text_.append("*");
      text_.append(view(atoms_[x.atom].text));
      if (x.above == 1 && x.below == 1) continue;
      exact_number exponent = one;
      if (!make_number(x.above, x.below, exponent)) fail();
      const bool plain = x.below == 1 && x.above > 0;
      text_.append(plain ? "^" : "^(");
      print_number(exponent);
      if (!plain) text_.append(")");
    }
  }

  template <class Test>
  [[nodiscard]] bool all_atoms(value of, const Test& test) const noexcept {
    for (std::uint16_t i = 0; i < of.count; ++i)
      for (std::uint16_t j = 0; j < term_of(of, i).count; ++j)
        if (!test(view(atoms_[factor_of(term_of(of, i), j).atom].text))) return false;
    return true;
  }

  // Not initialised beyond what is used: to fill them would cost more than most answers.
  std::array<term, 192> terms_;
  std::array<factor, 512> factors_;
  std::array<atom_record, 96> atoms_;
  text_buffer text_;
  std::uint16_t terms_used_ = 0;
  std::uint16_t factors_used_ = 0;
  std::uint16_t atoms_used_ = 0;
  std::int32_t steps_left_ = 20'000;
  bool failed_ = false;
};

}  // namespace outthink::answers
