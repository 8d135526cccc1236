// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

namespace detail {

template <class Number>
using unsigned_of =
    std::conditional_t<sizeof(Number) == 8, std::uint64_t,
                       std::conditional_t<sizeof(Number) == 4, std::uint32_t, std::uint8_t>>;

/// `Record`, const or not, is the type that follows.
template <class Record, class Type>
concept is_a = std::same_as<std::remove_const_t<Record>, Type>;

template <class Record>
concept wire_record = is_a<Record, usage> || is_a<Record, candidate> || is_a<Record, outcome>;

template <class Number>
concept wire_number = std::is_arithmetic_v<Number> || std::is_enum_v<Number>;

/// Appends values to bytes: numbers in little-endian order, after texts and lists of their length.
class byte_writer {
 public:
  std::string bytes;

  template <wire_number Number>
  void operator()(Number value) {
    const auto bits = std::bit_cast<unsigned_of<Number>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i) {
      bytes += static_cast<char>(static_cast<unsigned char>(bits >> (8 * i)));
    }
  }

  void operator()(std::string_view text) {
    (*this)(static_cast<std::uint64_t>(text.size()));
    bytes += text;
  }

  template <class Item>
  void operator()(const std::vector<Item>& items) {
    (*this)(static_cast<std::uint64_t>(items.size()));
    for (const Item& item : items) (*this)(item);
  }

  template <wire_record Record>
  void operator()(const Record& record) {
    for_each_field(record, *this);
  }
};

/// Reads what a `byte_writer` wrote; throws `errc::malformed_reply` where bytes are missing.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  template <wire_number Number>
  void operator()(Number& value) {
    unsigned_of<Number> bits = 0;
    const std::string_view bytes = take(sizeof bits);
    for (std::size_t i = 0; i < sizeof bits; ++i) {
      const auto byte = static_cast<unsigned_of<Number>>(static_cast<unsigned char>(bytes[i]));
      bits = static_cast<unsigned_of<Number>>(bits | byte << (8 * i));
    }
    value = std::bit_cast<Number>(bits);
  }

  void operator()(std::string& text) {
    std::uint64_t size = 0;
    (*this)(size);
    text = take(size);
  }

  template <class Item>
  void operator()(std::vector<Item>& items) {
    std::uint64_t size = 0;
    (*this)(size);
    if (size > rest_.size()) take(size);  // an item has a byte at least
    items.resize(size);
    for (Item& item : items) (*this)(item);
  }

  template <wire_record Record>
  void operator()(Record& record) {
    for_each_field(record, *this);
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) {
      throw error(errc::malformed_reply, "an outcome in bytes ends too early: it lacks " +
                                             std::to_string(size - rest_.size()) + " bytes");
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

template <class Archive>
void for_each_field(is_a<usage> auto& spent, Archive& archive) {
  archive(spent.tokens), archive(spent.prompt_tokens), archive(spent.model_calls);
  archive(spent.verifier_calls), archive(spent.verifier_tokens), archive(spent.other_calls);
  archive(spent.flops), archive(spent.verifier_flops), archive(spent.money);
}

template <class Archive>
void for_each_field(is_a<candidate> auto& made, Archive& archive) {
  archive(made.solution), archive(made.answer), archive(made.key);
  archive(made.step_ends), archive(made.step_scores);
  archive(made.logprob), archive(made.tokens);
}

template <class Archive>
void for_each_field(is_a<outcome> auto& result, Archive& archive) {
  archive(result.answer), archive(result.confidence), archive(result.status);
  archive(result.chosen), archive(result.candidates), archive(result.spent);
  archive(result.seconds), archive(result.message);
}

inline constexpr std::uint8_t kOutcomeFormat = 1;

}  // namespace detail

/// @brief An outcome as bytes, so that it can travel or be kept.
///
/// Every number keeps its bits and every text its bytes. Of an exception only the message goes
/// along.
[[nodiscard]] inline std::string to_bytes(const outcome& result) {
  detail::byte_writer out;
  out(detail::kOutcomeFormat);
  out(result);
  return std::move(out.bytes);
}

/// @brief The outcome that `to_bytes` wrote; the exception of a failed one is a
/// `std::runtime_error` with its message.
///
/// Errors: `errc::malformed_reply` if the bytes are cut off, too many or of another version.
[[nodiscard]] inline outcome outcome_from_bytes(std::string_view bytes) {
  detail::byte_reader in(bytes);
  std::uint8_t format = 0;
  in(format);
  if (format != detail::kOutcomeFormat) {
    throw error(errc::malformed_reply, "an outcome in bytes has format " + std::to_string(format) +
                                           ", this version reads format " +
                                           std::to_string(detail::kOutcomeFormat));
  }
  outcome result;
  in(result);
  if (result.status > outcome_status::failed) {
    throw error(errc::malformed_reply, "an outcome in bytes has no known status");
  }
  if (!in.rest().empty()) {
    throw error(errc::malformed_reply, "an outcome in bytes is followed by " +
                                           std::to_string(in.rest().size()) + " bytes");
  }
  if (result.status == outcome_status::failed) {
    result.failure = std::make_exception_ptr(std::runtime_error(result.message));
  }
  return result;
}

}  // namespace outthink
