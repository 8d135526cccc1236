// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/gguf_reader.hpp>
#include <outthink/core/error.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::backends::gguf {

/// A metadata value as it lies in the file; an array's elements follow each other in `bytes`.
struct value {
  value_type type;                   ///< of the value
  value_type element;                ///< of an array's elements, else equal to `type`
  std::uint64_t count;               ///< elements of an array, else 1
  std::span<const std::byte> bytes;  ///< the value, or all elements of an array
};

/// @brief The typed key-value pairs at the head of a GGUF file.
///
/// The text and bytes it hands out live as long as the mapped file does.
/// Errors: `errc::malformed_file` for a value that does not fit into the file, an unknown type, a
/// key that is there twice, and from the accessors for a key that is missing or of another type;
/// `errc::unsupported_model` for nested arrays. Messages name file, key, finding and expectation.
class metadata {
 public:
  metadata(reader& in, std::uint64_t pairs) : path_(in.path()) {
    for (std::uint64_t i = 0; i < pairs; ++i) {
      const std::string_view key = in.text("key of metadata pair " + std::to_string(i));
      const value found = read_value(in, describe_key(key));
      if (!values_.emplace(key, found).second)
        in.refuse(errc::malformed_file, describe_key(key), "is there twice");
    }
  }

  [[nodiscard]] bool has(std::string_view key) const { return values_.contains(key); }

  /// An integer of any width; a missing key is an error.
  [[nodiscard]] std::uint64_t integer(std::string_view key, std::uint64_t least,
                                      std::uint64_t most) const {
    const value& v = require(key, "an integer");
    std::optional<std::uint64_t> found = unsigned_value(v);
    if (!found)
      refuse(key, "is " + describe_type(v) + ", expected an integer that is not negative");
    if (*found < least || *found > most)
      refuse(key, "is " + std::to_string(*found) + ", expected " + std::to_string(least) + " to " +
                      std::to_string(most));
    return *found;
  }

  /// A float32 or float64 within (least, most); a missing key is an error.
  [[nodiscard]] double real(std::string_view key, double least, double most) const {
    const value& v = require(key, "a floating-point number");
    double found = 0;
    if (v.type == value_type::float32)
      found = static_cast<double>(number<float>(v));
    else if (v.type == value_type::float64)
      found = number<double>(v);
    else
      refuse(key, "is " + describe_type(v) + ", expected a floating-point number");
    if (!(found > least && found < most))
      refuse(key, "is " + std::to_string(found) + ", expected a number between " +
                      std::to_string(least) + " and " + std::to_string(most));
    return found;
  }

  [[nodiscard]] std::string_view text(std::string_view key) const {
    const value& v = require(key, "a string");
    if (v.type != value_type::string) refuse(key, "is " + describe_type(v) + ", expected a string");
    return {reinterpret_cast<const char*>(v.bytes.data()), v.bytes.size()};
  }

  [[nodiscard]] std::vector<std::string_view> texts(std::string_view key) const {
    const value& v = require_array(key, value_type::string);
    std::vector<std::string_view> all;
    reader in(path_, v.bytes);
    for (std::uint64_t i = 0; i < v.count; ++i) all.push_back(in.text(describe_key(key)));
    return all;
  }

  [[nodiscard]] std::vector<std::int32_t> int32s(std::string_view key) const {
    const value& v = require_array(key, value_type::int32);
    std::vector<std::int32_t> all(v.bytes.size() / sizeof(std::int32_t));
    if (!all.empty()) std::memcpy(all.data(), v.bytes.data(), v.bytes.size());
    return all;
  }

  /// The number of strings under `key`.
  [[nodiscard]] std::uint64_t number_of_texts(std::string_view key) const {
    return require_array(key, value_type::string).count;
  }

  [[noreturn]] void refuse(std::string_view key, const std::string& problem,
                           errc code = errc::malformed_file) const {
    throw error(code, path_ + ": " + describe_key(key) + ": " + problem);
  }

 private:
  static std::string describe_key(std::string_view key) {
    return "metadata key '" + std::string(key.substr(0, 80)) + "'";
  }

  static std::string describe_type(const value& v) {
    const std::string_view name = name_of(v.type);
    if (v.type != value_type::array) return "of type " + std::string(name);
    return "an array of " + std::string(name_of(v.element));
  }

  static value_type read_type(reader& in, const std::string& what) {
    const auto type = in.number<std::uint32_t>(what);
    if (type > static_cast<std::uint32_t>(value_type::float64))
      in.refuse(errc::malformed_file, what,
                "has type " + std::to_string(type) + ", known are 0 to 12");
    return static_cast<value_type>(type);
  }

  static value read_value(reader& in, const std::string& what) {
    const value_type type = read_type(in, what);
    if (type == value_type::array) return read_array(in, what);
    if (type == value_type::string) {
      const std::string_view text = in.text(what);
      return {type, type, 1, std::as_bytes(std::span(text))};
    }
    return {type, type, 1, in.take(size_of(type), what)};
  }

  static value read_array(reader& in, const std::string& what) {
    const value_type element = read_type(in, what);
    const auto count = in.number<std::uint64_t>(what);
    if (element == value_type::array)
      in.refuse(errc::unsupported_model, what, "is an array of arrays");
    if (element != value_type::string) {
      const std::uint64_t size = size_of(element);
      if (count > std::numeric_limits<std::uint64_t>::max() / size)
        in.refuse(errc::malformed_file, what, "has " + std::to_string(count) + " elements");
      return {value_type::array, element, count, in.take(count * size, what)};
    }
    const reader before = in;
    const std::size_t start = in.position();
    for (std::uint64_t i = 0; i < count; ++i) in.text(what);
    return {value_type::array, element, count, reader(before).take(in.position() - start, what)};
  }

  template <class Number>
  static Number number(const value& v) {
    Number n;
    std::memcpy(&n, v.bytes.data(), sizeof n);
    return n;
  }

  template <class Number>
  static std::optional<std::uint64_t> non_negative(const value& v) {
    const auto n = number<Number>(v);
    if constexpr (std::is_signed_v<Number>)
      if (n < 0) return std::nullopt;
    return static_cast<std::uint64_t>(n);
  }

  static std::optional<std::uint64_t> unsigned_value(const value& v) {
    switch (v.type) {
      case value_type::uint8:
        return non_negative<std::uint8_t>(v);
      case value_type::int8:
        return non_negative<std::int8_t>(v);
      case value_type::uint16:
        return non_negative<std::uint16_t>(v);
      case value_type::int16:
        return non_negative<std::int16_t>(v);
      case value_type::uint32:
        return non_negative<std::uint32_t>(v);
      case value_type::int32:
        return non_negative<std::int32_t>(v);
      case value_type::uint64:
        return non_negative<std::uint64_t>(v);
      case value_type::int64:
        return non_negative<std::int64_t>(v);
      default:
        return std::nullopt;
    }
  }

  const value& require(std::string_view key, std::string_view expected) const {
    const auto found = values_.find(key);
    if (found == values_.end()) refuse(key, "is missing, expected " + std::string(expected));
    return found->second;
  }

  const value& require_array(std::string_view key, value_type element) const {
    const std::string expected = "an array of " + std::string(name_of(element));
    const value& v = require(key, expected);
    if (v.type != value_type::array || v.element != element)
      refuse(key, "is " + describe_type(v) + ", expected " + expected);
    return v;
  }

  std::string path_;
  std::map<std::string_view, value> values_;
};

}  // namespace outthink::backends::gguf
