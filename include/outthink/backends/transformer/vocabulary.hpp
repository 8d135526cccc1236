// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends::llama {

/// @brief The byte that GPT-2 spells with a code point, if it spells one.
///
/// Printable bytes stand for themselves (33-126, 161-172, 174-255); the other 68, in ascending
/// order, are spelled by the code points from 256 on.
[[nodiscard]] constexpr std::optional<unsigned char> byte_of_code_point(char32_t point) noexcept {
  const auto printable = [](char32_t p) {
    return (p >= 33 && p <= 126) || (p >= 161 && p <= 172) || (p >= 174 && p <= 255);
  };
  if (printable(point)) return static_cast<unsigned char>(point);
  char32_t next = 256;
  for (char32_t byte = 0; byte < 256; ++byte)
    if (!printable(byte) && next++ == point) return static_cast<unsigned char>(byte);
  return std::nullopt;
}

/// @brief A byte-level vocabulary: one token per byte, and control tokens known by name.
///
/// How it works: reads `tokenizer.ggml.*`; bytes are found by their spelling, not by their place.
/// Cost: a token per byte of text; look-ups are constant, control tokens logarithmic in their
/// number. Errors: `errc::unsupported_model` for a tokenizer that is not `gpt2`, for merges, for
/// token types other than 1 (normal) and 3 (control); `errc::malformed_file` for a missing or
/// mistyped key, a byte without a token or with two, two control tokens of one name, a marker past
/// the vocabulary.
class vocabulary {
 public:
  explicit vocabulary(const gguf::file& file) {
    const gguf::metadata& keys = file.metadata();
    require_byte_level(keys);
    const auto spellings = keys.texts(tokens_key);
    const auto types = keys.int32s(types_key);
    if (types.size() != spellings.size())
      keys.refuse(types_key, "has " + std::to_string(types.size()) + " elements, expected " +
                                 std::to_string(spellings.size()) + " as " + tokens_key);
    texts_.resize(spellings.size());
    bytes_.fill(absent);
    for (std::size_t id = 0; id < spellings.size(); ++id) add(keys, id, spellings[id], types[id]);
    for (std::size_t byte = 0; byte < bytes_.size(); ++byte)
      if (bytes_[byte] == absent)
        keys.refuse(tokens_key, "has no token for byte " + std::to_string(byte));
    begin_ = read_marker(keys, "tokenizer.ggml.bos_token_id");
    end_ = read_marker(keys, "tokenizer.ggml.eos_token_id");
  }

  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }
  [[nodiscard]] token_id begin_of_text() const noexcept { return begin_; }
  [[nodiscard]] token_id end_of_text() const noexcept { return end_; }
  [[nodiscard]] bool contains(token_id token) const noexcept {
    return token >= 0 && static_cast<std::size_t>(token) < texts_.size();
  }

  /// The bytes of a token, empty for control tokens; `errc::invalid_argument` for no token.
  [[nodiscard]] std::string_view text_of(token_id token) const {
    if (!contains(token))
      throw error(errc::invalid_argument, "token " + std::to_string(token) + " is not one of the " +
                                              std::to_string(size()) + " of the vocabulary");
    return texts_[static_cast<std::size_t>(token)];
  }

  /// The control token spelled `name`, if there is one.
  [[nodiscard]] std::optional<token_id> token_named(std::string_view name) const {
    const auto found = controls_.find(name);
    return found == controls_.end() ? std::nullopt : std::optional(found->second);
  }

  /// Appends one token per byte of `text`; control tokens are never read from text.
  void tokenize(std::string_view text, std::vector<token_id>& out) const {
    out.reserve(out.size() + text.size());
    for (const char byte : text) out.push_back(bytes_[static_cast<unsigned char>(byte)]);
  }

 private:
  static constexpr const char* tokens_key = "tokenizer.ggml.tokens";
  static constexpr const char* types_key = "tokenizer.ggml.token_type";
  static constexpr token_id absent = -1;
  static constexpr std::int32_t normal_type = 1;
  static constexpr std::int32_t control_type = 3;

  static void require_byte_level(const gguf::metadata& keys) {
    constexpr std::string_view model_key = "tokenizer.ggml.model";
    constexpr std::string_view merges_key = "tokenizer.ggml.merges";
    const std::string_view model = keys.text(model_key);
    if (model != "gpt2")
      keys.refuse(model_key, "is '" + std::string(model) + "', supported is 'gpt2'",
                  errc::unsupported_model);
    const std::uint64_t merges = keys.number_of_texts(merges_key);
    if (merges != 0)
      keys.refuse(merges_key,
                  "has " + std::to_string(merges) + " merges; only byte-level vocabularies " +
                      "without merges are supported",
                  errc::unsupported_model);
  }

  static token_id read_marker(const gguf::metadata& keys, std::string_view key) {
    return static_cast<token_id>(keys.integer(key, 0, keys.number_of_texts(tokens_key) - 1));
  }

  /// The bytes that a spelling stands for, if every code point of it spells a byte.
  static std::optional<std::string> decode(std::string_view spelling) {
    std::string bytes;
    for (std::size_t i = 0; i < spelling.size(); ++i) {
      auto point = static_cast<char32_t>(static_cast<unsigned char>(spelling[i]));
      if (point >= 0x80) {  // all spellings lie below code point 324: two bytes of UTF-8 at most
        if ((point & 0xe0) != 0xc0 || ++i == spelling.size()) return std::nullopt;
        point = (point & 0x1f) << 6 | (static_cast<unsigned char>(spelling[i]) & 0x3f);
      }
      const auto byte = byte_of_code_point(point);
      if (!byte) return std::nullopt;
      bytes.push_back(static_cast<char>(*byte));
    }
    return bytes;
  }

  void add(const gguf::metadata& keys, std::size_t id, std::string_view spelling,
           std::int32_t type) {
    const std::string what = "token " + std::to_string(id) + " ('" + std::string(spelling) + "') ";
    if (type == control_type) {
      if (!controls_.emplace(spelling, static_cast<token_id>(id)).second)
        keys.refuse(tokens_key, what + "is a control token that is there twice");
      return;
    }
    if (type != normal_type)
      keys.refuse(
          types_key,
          what + "has type " + std::to_string(type) + ", supported are 1 (normal) and 3 (control)",
          errc::unsupported_model);
    auto bytes = decode(spelling);
    if (!bytes) keys.refuse(tokens_key, what + "is not spelled in GPT-2's byte alphabet");
    texts_[id] = std::move(*bytes);
    if (texts_[id].size() != 1) return;
    token_id& place = bytes_[static_cast<unsigned char>(texts_[id].front())];
    if (place != absent)
      keys.refuse(tokens_key, what + "spells the same byte as token " + std::to_string(place));
    place = static_cast<token_id>(id);
  }

  std::vector<std::string> texts_;
  std::array<token_id, 256> bytes_{};
  std::map<std::string, token_id, std::less<>> controls_;
  token_id begin_ = absent;
  token_id end_ = absent;
};

}  // namespace outthink::backends::llama
