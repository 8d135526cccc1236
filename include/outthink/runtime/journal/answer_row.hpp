// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/checksum.hpp>
#include <outthink/runtime/journal/digest.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

namespace outthink::detail {

/// The row of an answer, but for its texts, its run and its checksum.
struct answer_row {
  std::int64_t id = 0;
  digest key;
  std::int64_t service = 0;
  std::int64_t trace = 0;  ///< 0: there is none
  cost spent;
};

/// A key as it stands in a journal.
[[nodiscard]] inline std::array<char, 16> key_bytes(const digest& key) noexcept {
  std::array<char, 16> bytes;
  std::memcpy(bytes.data(), &key.first, 8);
  std::memcpy(bytes.data() + 8, &key.second, 8);
  return bytes;
}

/// The key that stands in a journal; none if it is damaged.
[[nodiscard]] inline std::optional<digest> read_key(std::string_view bytes) noexcept {
  digest key;
  if (bytes.size() != 16) return std::nullopt;
  std::memcpy(&key.first, bytes.data(), 8);
  std::memcpy(&key.second, bytes.data() + 8, 8);
  return key;
}

/// A cost as SQLite can store it: it knows one NaN, and no sign of a zero.
[[nodiscard]] inline cost storable(cost spent) noexcept {
  for (double* const part : {&spent.flops, &spent.money}) {
    if (*part == 0) *part = 0;
    if (*part != *part) *part = std::numeric_limits<double>::quiet_NaN();
  }
  return spent;
}

/// What the row of an answer is checked by.
[[nodiscard]] inline std::int64_t answer_checksum(const digest& key, std::string_view request,
                                                  std::string_view response,
                                                  const cost& spent) noexcept {
  checksum all;
  all.add(key.first);
  all.add(key.second);
  all.add(request);
  all.add(response);
  all.add(std::uint64_t{spent.tokens_read} << 32 | spent.tokens_written);
  all.add(std::bit_cast<std::uint64_t>(spent.flops));
  all.add(std::bit_cast<std::uint64_t>(spent.money));
  return static_cast<std::int64_t>(all.value());
}

}  // namespace outthink::detail
