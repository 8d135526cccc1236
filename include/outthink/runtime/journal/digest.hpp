// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace outthink {

/// 128 bits that stand for what was digested: what differs has different ones, but for a chance of
/// 2^-64 among four thousand million.
struct digest {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  friend bool operator==(const digest&, const digest&) = default;
};

/// @brief Digests a sequence of texts and numbers.
///
/// How it works: two chains of the finaliser of SplitMix64, eight bytes at a time; after a text
/// comes its length, so that ("ab", "c") and ("a", "bc") differ. Not for secrets: who chooses the
/// texts could make two of them meet.
///
/// Cost: about 0.5 ns a byte. Errors: none. Determinism: the same on machines of the same byte
/// order.
class digester {
 public:
  constexpr digester() = default;

  void add(std::uint64_t number) noexcept {
    first_ = mix_bits(first_ ^ number);
    second_ = mix_bits(std::rotl(second_, 23) + number * 0xD6E8FEB86659FD93);
  }

  void add(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) add(word(text.data() + at, 8));
    if (at < text.size()) add(word(text.data() + at, text.size() - at));
    add(std::uint64_t{text.size()});
  }

  [[nodiscard]] constexpr digest value() const noexcept { return {first_, second_}; }

 private:
  static std::uint64_t word(const char* bytes, std::size_t count) noexcept {
    std::uint64_t read = 0;
    std::memcpy(&read, bytes, count);
    return read;
  }

  std::uint64_t first_ = 0x6A09E667F3BCC908;  // the roots of 2 and 3, as good as any
  std::uint64_t second_ = 0xBB67AE8584CAA73B;
};

/// Hashes digests for the standard library's tables.
struct digest_hash {
  [[nodiscard]] std::size_t operator()(const digest& of) const noexcept {
    return static_cast<std::size_t>(of.first);
  }
};

}  // namespace outthink
