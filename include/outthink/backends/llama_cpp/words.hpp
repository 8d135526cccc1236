// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

#include <llama.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::backends::ggml {

/// @brief The vocabulary of a model that llama.cpp has loaded: texts to tokens and back.
///
/// Requires: the model lives. Cost: holds the text of every token.
class words {
 public:
  words(const ::llama_vocab* vocabulary, bool control_tokens)
      : vocabulary_(vocabulary), control_tokens_(control_tokens) {
    const std::int32_t count = llama_vocab_n_tokens(vocabulary);
    for (std::int32_t token = 0; token < count; ++token) {
      texts_.push_back(llama_vocab_is_control(vocabulary, token) ? std::string() : piece(token));
      if (llama_vocab_is_eog(vocabulary, token)) ends_.push_back(token);
    }
    end_ = llama_vocab_eos(vocabulary);
    if (end_ < 0) end_ = llama_vocab_eot(vocabulary);
    if (end_ < 0) {
      throw error(errc::unsupported_model, "the model's vocabulary has no token that ends a text");
    }
    std::erase(ends_, end_);
    begin_ = llama_vocab_bos(vocabulary);
    if (begin_ < 0) begin_ = end_;  // what stood between the texts that the model has read
  }

  [[nodiscard]] std::size_t size() const noexcept { return texts_.size(); }
  [[nodiscard]] token_id begin_of_text() const noexcept { return begin_; }
  [[nodiscard]] token_id end_of_text() const noexcept { return end_; }
  [[nodiscard]] std::string_view text_of(token_id token) const {
    return texts_[static_cast<std::size_t>(token)];
  }

  /// Appends the tokens of a text.
  void tokenize(std::string_view text, std::vector<token_id>& out) const {
    tokenize(text, control_tokens_, out);
  }

  [[nodiscard]] std::optional<token_id> token_named(std::string_view name) const {
    std::vector<token_id> tokens;
    tokenize(name, true, tokens);
    if (tokens.size() != 1 || !text_of(tokens[0]).empty()) return std::nullopt;
    return tokens[0];
  }

  /// Gives the probability of every token that ends a text to `end_of_text()`.
  void merge_ends(std::span<float> logits) const {
    for (const token_id other : ends_) {
      float& all = logits[static_cast<std::size_t>(end_)];
      float& one = logits[static_cast<std::size_t>(other)];
      const float high = std::max(all, one), low = std::min(all, one);
      if (low > -std::numeric_limits<float>::infinity()) {
        all = high + std::log1p(std::exp(low - high));
      } else {
        all = high;
      }
      one = -std::numeric_limits<float>::infinity();
    }
  }

 private:
  [[nodiscard]] std::string piece(token_id token) const {
    std::string text(16, '\0');
    for (;;) {
      const std::int32_t size = llama_token_to_piece(
          vocabulary_, token, text.data(), static_cast<std::int32_t>(text.size()), 0, false);
      text.resize(static_cast<std::size_t>(size < 0 ? -size : size));
      if (size >= 0) return text;
    }
  }

  void tokenize(std::string_view text, bool control_tokens, std::vector<token_id>& out) const {
    constexpr std::size_t kMost = 1U << 30U;
    if (text.size() > kMost) {
      throw error(errc::invalid_argument, "llama.cpp reads at most 1 GiB of text at a time");
    }
    const std::size_t before = out.size();
    std::size_t room = text.size() + 8;
    for (;;) {
      out.resize(before + room);
      const std::int32_t count = llama_tokenize(
          vocabulary_, text.data(), static_cast<std::int32_t>(text.size()), out.data() + before,
          static_cast<std::int32_t>(room), false, control_tokens);
      if (count >= 0) return out.resize(before + static_cast<std::size_t>(count));
      room = static_cast<std::size_t>(-count);
    }
  }

  const ::llama_vocab* vocabulary_;
  bool control_tokens_;
  std::vector<std::string> texts_;
  std::vector<token_id> ends_;  // those besides `end_`
  token_id begin_ = 0;
  token_id end_ = 0;
};

}  // namespace outthink::backends::ggml
