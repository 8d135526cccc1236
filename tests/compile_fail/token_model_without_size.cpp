// expect: outthink: a token_model needs open, fork, release and advance
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>
#include <outthink/verifiers/value_model.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

struct unsized_model {
  outthink::sequence_id open();
  outthink::sequence_id fork(outthink::sequence_id from);
  void release(outthink::sequence_id sequence);
  void advance(std::span<const outthink::advance_row> rows, std::span<float> logits);
  void tokenize(std::string_view text, std::vector<outthink::token_id>& out) const;
  std::string_view text_of(outthink::token_id token) const;
  std::optional<outthink::token_id> token_named(std::string_view name) const;
  outthink::token_id begin_of_text() const;
  outthink::token_id end_of_text() const;
#ifdef OUTTHINK_FIXED
  std::size_t vocabulary_size() const;
#endif
  std::size_t context_length() const;
  double flops(std::size_t tokens, std::size_t context) const;
};

void judge(unsized_model& model) {
  outthink::verifiers::value_model judging{model};
}
