// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::test {

/// Single precision to half, to nearest, ties to even; for finite numbers below 65504.
inline std::uint16_t float_to_half(float x) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(x) ? 0x8000 : 0);
  const double size = std::fabs(static_cast<double>(x));
  if (size == 0) return sign;
  const int exponent = std::max(std::ilogb(size), -14);
  const double mantissa = std::nearbyint(std::ldexp(size, 10 - exponent));  // 2¹⁰ … 2¹¹, or less
  const int bits = (exponent + 14) * 1024 + static_cast<int>(mantissa);
  return static_cast<std::uint16_t>(sign | bits);
}

/// A tensor to be written: `shape` in GGUF's order, `data` already in the element type's format.
struct gguf_tensor {
  std::string name;
  std::vector<std::uint64_t> shape;
  std::uint32_t type;
  std::string data;
};

/// @brief Builds GGUF files byte by byte, valid or broken in any one way.
///
/// Metadata are appended in the order of the calls; `bytes` lays everything out. The public members
/// may be set to anything before that.
class gguf_writer {
 public:
  std::string magic = "GGUF";
  std::uint32_t version = 3;
  std::uint64_t alignment = 32;  ///< of the data, written down only by whoever calls `add`
  std::vector<gguf_tensor> tensors;
  std::int64_t extra_tensors = 0;  ///< added to the count in the header
  std::int64_t extra_pairs = 0;    ///< added to the count in the header
  std::uint64_t extra_offset = 0;  ///< added to the last tensor's offset

  template <class Number>
  requires std::is_arithmetic_v<Number>
  void add(std::string_view key, Number value) {
    begin(key, type_number<Number>());
    put(pairs_, value);
  }
  void add(std::string_view key, std::string_view text) {
    begin(key, 8);
    put_text(pairs_, text);
  }
  void add(std::string_view key, const std::vector<std::string>& texts) {
    begin(key, 9);
    put(pairs_, std::uint32_t{8});
    put(pairs_, static_cast<std::uint64_t>(texts.size()));
    for (const std::string& text : texts) put_text(pairs_, text);
  }
  void add(std::string_view key, const std::vector<std::int32_t>& numbers) {
    begin(key, 9);
    put(pairs_, std::uint32_t{5});
    put(pairs_, static_cast<std::uint64_t>(numbers.size()));
    for (const std::int32_t n : numbers) put(pairs_, n);
  }
  /// A pair whose value is any bytes.
  void add_raw(std::string_view key, std::uint32_t type, std::string_view bytes) {
    begin(key, type);
    pairs_ += bytes;
  }

  [[nodiscard]] std::string bytes() const {
    std::string out = magic;
    put(out, version);
    put(out, tensors.size() + static_cast<std::uint64_t>(extra_tensors));
    put(out, number_of_pairs_ + static_cast<std::uint64_t>(extra_pairs));
    out += pairs_;
    std::string data;
    for (const gguf_tensor& t : tensors) {
      data.resize((data.size() + alignment - 1) / alignment * alignment);
      const bool last = &t == &tensors.back();
      put_description(out, t, data.size() + (last ? extra_offset : 0));
      data += t.data;
    }
    out.resize((out.size() + alignment - 1) / alignment * alignment);
    return out + data;
  }

  template <class Number>
  static void put(std::string& out, Number value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof value);
  }
  static void put_text(std::string& out, std::string_view text) {
    put(out, static_cast<std::uint64_t>(text.size()));
    out += text;
  }

 private:
  template <class Number>
  static constexpr std::uint32_t type_number() {
    if constexpr (std::is_same_v<Number, bool>) return 7;
    if constexpr (std::is_same_v<Number, float>) return 6;
    if constexpr (std::is_same_v<Number, double>) return 12;
    constexpr std::uint32_t is_signed = std::is_signed_v<Number> ? 1 : 0;
    switch (sizeof(Number)) {
      case 1:
        return 0 + is_signed;
      case 2:
        return 2 + is_signed;
      case 4:
        return 4 + is_signed;
      default:
        return 10 + is_signed;
    }
  }

  void begin(std::string_view key, std::uint32_t type) {
    ++number_of_pairs_;
    put_text(pairs_, key);
    put(pairs_, type);
  }

  static void put_description(std::string& out, const gguf_tensor& t, std::uint64_t offset) {
    put_text(out, t.name);
    put(out, static_cast<std::uint32_t>(t.shape.size()));
    for (const std::uint64_t size : t.shape) put(out, size);
    put(out, t.type);
    put(out, offset);
  }

  std::string pairs_;
  std::uint64_t number_of_pairs_ = 0;
};

/// Floats as the bytes of GGML type 0 (F32), 1 (F16) or 8 (Q8_0); `floats` becomes what they mean.
inline std::string encode(std::vector<float>& floats, std::uint32_t type) {
  std::string out;
  if (type == 0)
    for (const float x : floats) gguf_writer::put(out, x);
  for (std::size_t i = 0; type == 1 && i < floats.size(); ++i) {
    const std::uint16_t half = float_to_half(floats[i]);
    gguf_writer::put(out, half);
    const int exponent = (half >> 10 & 31) == 0 ? -14 : (half >> 10 & 31) - 15;
    const int mantissa = (half & 1023) + ((half >> 10 & 31) == 0 ? 0 : 1024);
    floats[i] = std::copysign(std::ldexp(static_cast<float>(mantissa), exponent - 10), floats[i]);
  }
  for (std::size_t block = 0; type == 8 && block < floats.size(); block += 32) {
    float largest = 0;
    for (std::size_t i = 0; i < 32; ++i) largest = std::fmax(largest, std::fabs(floats[block + i]));
    std::vector<float> scale = {largest / 127};
    out += encode(scale, 1);
    for (std::size_t i = 0; i < 32; ++i) {
      const float steps = scale[0] > 0 ? std::nearbyint(floats[block + i] / scale[0]) : 0;
      const auto rounded = static_cast<std::int8_t>(std::fmin(std::fmax(steps, -127), 127));
      gguf_writer::put(out, rounded);
      floats[block + i] = scale[0] * static_cast<float>(rounded);
    }
  }
  return out;
}

/// A file among the system's temporary ones that is deleted with the object.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content)
      : path_((std::filesystem::temp_directory_path() / "outthink-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0) throw std::runtime_error("cannot create " + path_);
    ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << content;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { std::remove(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

  void shorten(std::size_t length) const { std::filesystem::resize_file(path_, length); }

  /// Overwrites the bytes from `offset` on.
  void replace(std::size_t offset, const std::string& bytes) const {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file << bytes;
  }

 private:
  std::string path_;
};

}  // namespace outthink::test
