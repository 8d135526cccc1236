// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>

namespace archetypes {

/// The smallest token model: "0", "1" and the end of the text are equally likely.
class coin_model {
 public:
  explicit coin_model(unsigned context) : context_(context) {}
  coin_model(coin_model&&) = default;

  outthink::sequence_id open() { return next_++; }
  outthink::sequence_id fork(outthink::sequence_id) { return next_++; }
  void release(outthink::sequence_id) {}
  void advance(std::span<const outthink::advance_row>, std::span<float> logits) {
    for (float& logit : logits) logit = 0;
  }
  void tokenize(std::string_view text, std::vector<outthink::token_id>& out) const {
    for (const char c : text) out.push_back(c == '1' ? 1 : 0);
  }
  const char* text_of(outthink::token_id token) const { return token == 1 ? "1" : "0"; }
  std::nullopt_t token_named(std::string_view) const { return std::nullopt; }
  short begin_of_text() const { return 2; }
  short end_of_text() const { return 2; }
  unsigned vocabulary_size() const { return 3; }
  unsigned context_length() const { return context_; }
  int flops(std::size_t, std::size_t) const { return 1; }

 private:
  unsigned context_;
  outthink::sequence_id next_ = 0;
};

}  // namespace archetypes
