// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace outthink::backends::gguf {

/// Types of a metadata value, numbered as in the file.
enum class value_type : std::uint32_t {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  float32,
  boolean,
  string,
  array,
  uint64,
  int64,
  float64,
};

/// How messages call a type.
[[nodiscard]] constexpr std::string_view name_of(value_type type) noexcept {
  constexpr std::string_view names[] = {"uint8",  "int8",    "uint16",  "int16",  "uint32",
                                        "int32",  "float32", "boolean", "string", "array",
                                        "uint64", "int64",   "float64"};
  const auto index = static_cast<std::size_t>(type);
  return index < std::size(names) ? names[index] : "unknown";
}

/// Bytes of a value of fixed size; 0 for strings and arrays.
[[nodiscard]] constexpr std::size_t size_of(value_type type) noexcept {
  switch (type) {
    case value_type::uint8:
    case value_type::int8:
    case value_type::boolean:
      return 1;
    case value_type::uint16:
    case value_type::int16:
      return 2;
    case value_type::uint32:
    case value_type::int32:
    case value_type::float32:
      return 4;
    case value_type::uint64:
    case value_type::int64:
    case value_type::float64:
      return 8;
    case value_type::string:
    case value_type::array:
      break;
  }
  return 0;
}

/// @brief Reads the primitives of a GGUF file from front to back, never past its end.
///
/// `what` names, for messages, the part that is being read.
/// Errors: `errc::malformed_file` where the file ends before the part does.
class reader {
 public:
  reader(const std::string& path, std::span<const std::byte> bytes) : path_(path), bytes_(bytes) {
    static_assert(std::endian::native == std::endian::little, "GGUF files are little-endian");
  }

  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  [[noreturn]] void refuse(errc code, std::string_view what, const std::string& problem) const {
    throw error(code, path_ + ": " + std::string(what) + ": " + problem);
  }

  /// The next `count` bytes.
  std::span<const std::byte> take(std::uint64_t count, std::string_view what) {
    const std::size_t left = bytes_.size() - position_;
    if (count > left)
      refuse(errc::malformed_file, what,
             "needs " + std::to_string(count) + " bytes at byte " + std::to_string(position_) +
                 ", but the file ends after " + std::to_string(left));
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }

  template <class Number>
  Number number(std::string_view what) {
    Number value;
    std::memcpy(&value, take(sizeof value, what).data(), sizeof value);
    return value;
  }

  /// A 64-bit length, then that many bytes.
  std::string_view text(std::string_view what) {
    const auto bytes = take(number<std::uint64_t>(what), what);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  const std::string& path_;
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace outthink::backends::gguf
