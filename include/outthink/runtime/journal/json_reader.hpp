// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <bit>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace outthink {

/// @brief Reads what `json_writer` wrote, member by member in the order in which they were written.
///
/// How it works: `text(name)`, `number<T>(name)`, `truth(name)`, `numbers<T>(name, take)` and
/// `texts(name, take)` read the next member, which must have that name; `next_is(name)` says
/// whether it has, for members that may be left out. Not a reader of JSON at large: it takes what
/// `json_writer` gives and refuses the rest.
///
/// Requires: the text outlives the reader. Cost: about 0.3 ns a byte of text.
/// Errors: `errc::malformed_file`, with what was expected and where.
class json_reader {
 public:
  explicit json_reader(std::string_view from) noexcept : all_(from), rest_(from) {}

  [[nodiscard]] bool next_is(std::string_view name) const noexcept {
    if (!rest_.starts_with(empty_ ? "{\"" : ",\"")) return false;
    const std::string_view at = rest_.substr(2);
    return at.starts_with(name) && at.substr(name.size()).starts_with("\":");
  }

  [[nodiscard]] std::string text(std::string_view name) {
    begin(name);
    return read_text();
  }

  template <class Number>
  [[nodiscard]] Number number(std::string_view name) {
    begin(name);
    return read_number<Number>();
  }

  [[nodiscard]] bool truth(std::string_view name) {
    begin(name);
    if (take("true")) return true;
    if (!take("false")) refuse("true or false");
    return false;
  }

  /// Calls `take(number)` for each number of an array.
  template <class Number, class Take>
  void numbers(std::string_view name, Take take_one) {
    list(name, [&] { take_one(read_number<Number>()); });
  }

  /// Calls `take(text)` for each text of an array.
  template <class Take>
  void texts(std::string_view name, Take take_one) {
    list(name, [&] { take_one(read_text()); });
  }

  /// The object ends here, and so does the text.
  void end() {
    if (empty_) expect("{");
    expect("}");
    if (!rest_.empty()) refuse("the end");
  }

 private:
  [[noreturn]] void refuse(std::string_view expected) const {
    throw error(errc::malformed_file, "a journal's record: " + std::string(expected) +
                                          " was expected at byte " +
                                          std::to_string(all_.size() - rest_.size()));
  }

  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  void expect(std::string_view text) {
    if (!take(text)) refuse(text);
  }

  void begin(std::string_view name) {
    expect(empty_ ? "{" : ",");
    empty_ = false;
    expect("\"");
    expect(name);
    expect("\":");
  }

  template <class Read>
  void list(std::string_view name, Read read) {
    begin(name);
    expect("[");
    if (take("]")) return;
    do read();
    while (take(","));
    expect("]");
  }

  template <class Number>
  Number read_number() {
    if constexpr (std::floating_point<Number>) {
      if (take("null")) return std::numeric_limits<Number>::quiet_NaN();
      if (take("\"0x")) {
        using bits_type = std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>;
        const auto bits = read_digits<bits_type>(16);
        expect("\"");
        return std::bit_cast<Number>(bits);
      }
    }
    return read_digits<Number>();
  }

  template <class Number, class... Base>
  Number read_digits(Base... base) {
    Number value{};
    const char* const last = rest_.data() + rest_.size();
    const auto [end, problem] = std::from_chars(rest_.data(), last, value, base...);
    if (problem != std::errc{}) refuse("a number in range");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string read_text() {
    expect("\"");
    std::string text;
    for (;;) {
      const std::size_t quote = rest_.find('"');
      if (quote == std::string_view::npos) refuse("the end of a text");
      const std::size_t backslash = rest_.substr(0, quote).find('\\');
      if (backslash == std::string_view::npos) {
        text.append(rest_, 0, quote);
        rest_.remove_prefix(quote + 1);
        return text;
      }
      text.append(rest_, 0, backslash);
      rest_.remove_prefix(backslash + 1);
      text += read_escape();
    }
  }

  char read_escape() {
    if (take("n")) return '\n';
    if (take("\"")) return '"';
    if (take("\\")) return '\\';
    if (!take("u00") || rest_.size() < 2) refuse("an escape");
    unsigned value = 0;
    const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + 2, value, 16);
    if (problem != std::errc{} || end != rest_.data() + 2) refuse("two hexadecimal digits");
    rest_.remove_prefix(2);
    return static_cast<char>(value);
  }

  std::string_view all_, rest_;
  bool empty_ = true;
};

}  // namespace outthink
