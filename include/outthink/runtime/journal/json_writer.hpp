// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/json_string.hpp>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace outthink {

/// @brief Writes one JSON object of a journal, member by member.
///
/// How it works: `member(name, value)` for texts, numbers and truth values, `list(name, values)`
/// for an array of texts or numbers, `end()` at last. Numbers are the shortest decimals that read
/// back as the same bits. NaN is null; infinities, and NaN with other bits than
/// `std::numeric_limits` gives, are a text with the bits in hexadecimal, `"0x7f800000"`.
///
/// Requires: names that need no escape. Cost: about 1 ns a byte. Errors: none. Bytes that are not
/// UTF-8 are written as they are: they read back, but other readers of JSON may object.
class json_writer {
 public:
  explicit json_writer(std::string& out) noexcept : out_(&out) {}

  template <class Value>
  json_writer& member(std::string_view name, const Value& value) {
    begin(name);
    write(value);
    return *this;
  }

  template <class Values>
  json_writer& list(std::string_view name, const Values& values) {
    begin(name);
    *out_ += '[';
    bool first = true;
    for (const auto& value : values) {
      if (!first) *out_ += ',';
      first = false;
      write(value);
    }
    *out_ += ']';
    return *this;
  }

  void end() {
    if (empty_) *out_ += '{';
    *out_ += '}';
  }

 private:
  void begin(std::string_view name) {
    *out_ += std::string_view(empty_ ? "{\"" : ",\"", 2);
    empty_ = false;
    *out_ += name;
    *out_ += std::string_view("\":", 2);
  }

  template <class Value>
  void write(const Value& value) {
    if constexpr (std::same_as<Value, bool>) {
      *out_ += value ? "true" : "false";
    } else if constexpr (std::floating_point<Value>) {
      std::isfinite(value) ? write_number(value) : write_bits(value);
    } else if constexpr (std::integral<Value>) {
      write_number(value);
    } else {
      append_json_string(*out_, value);
    }
  }

  template <class Number>
  void write_number(Number value) {
    std::array<char, 32> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_->append(digits.data(), written.ptr);
  }

  template <std::floating_point Number>
  void write_bits(Number value) {
    using bits_type = std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint64_t>;
    const auto bits = std::bit_cast<bits_type>(value);
    if (bits == std::bit_cast<bits_type>(std::numeric_limits<Number>::quiet_NaN())) {
      *out_ += "null";
      return;
    }
    std::array<char, 16> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    *out_ += "\"0x";
    out_->append(digits.data(), written.ptr);
    *out_ += '"';
  }

  std::string* out_;
  bool empty_ = true;
};

}  // namespace outthink
