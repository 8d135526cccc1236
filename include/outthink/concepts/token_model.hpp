// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace outthink {

/// Index of a token in a model's vocabulary.
using token_id = std::int32_t;

/// Handle of a sequence that a token model keeps (its tokens' keys and values). Never reused while
/// the sequence is open.
using sequence_id = std::uint32_t;

/// One row of a batch: append `tokens` (at least one) to `sequence` and return the logits that
/// follow the last of them. A sequence may appear at most once in a batch.
struct advance_row {
  sequence_id sequence;
  std::span<const token_id> tokens;
};

/// @brief Predicts the next token of many sequences at once.
///
/// Semantic requirements that the compiler cannot check:
/// 1. *Batch invariance*: the logits of a row depend on the row's tokens alone, to the last bit;
///    not on the other rows, on how the tokens were cut into calls, or on the number of threads.
/// 2. `fork` is cheap (constant time is expected) and the two sequences are independent after it.
/// 3. `tokenize` appends the tokens of a text without begin or end markers; texts are cut so that
///    `tokenize(a + b)` equals `tokenize(a)` then `tokenize(b)` whenever `a` ends a step.
/// 4. `advance` either succeeds as a whole or throws `outthink::error` and leaves every sequence
///    as it was. A row that would outgrow `context_length()` is such an error.
///
/// Expressions:
/// * `m.open()`: a new empty sequence; `m.fork(s)`: a copy of `s`; `m.release(s)`: forget `s`.
/// * `m.advance(rows, logits)`: `logits` is [rows.size() × vocabulary_size()], row-major; row i
///   receives the logits after the last token of `rows[i]`.
/// * `m.tokenize(text, out)`: append the text's tokens to `out`.
/// * `m.text_of(t)`: the bytes of a token, empty for control tokens; valid as long as the model.
/// * `m.token_named(name)`: a control token by its spelling, if there is one.
/// * `m.begin_of_text()`, `m.end_of_text()`: the markers that frame a text.
/// * `m.flops(tokens, context)`: floating-point operations to append `tokens` tokens after
///   `context` earlier ones, attention included.
///
/// Models in this library: `backends::transformer`, `backends::llama_cpp` (but for 1). Smallest
/// model: `tests/archetypes/token_model.hpp`.
template <class M>
concept token_model = requires(M& m, const M& c, sequence_id s, token_id t,
                               std::span<const advance_row> rows, std::span<float> logits,
                               std::string_view text, std::vector<token_id>& tokens,
                               std::size_t n) {
  { m.open() } -> std::same_as<sequence_id>;
  { m.fork(s) } -> std::same_as<sequence_id>;
  m.release(s);
  m.advance(rows, logits);
  c.tokenize(text, tokens);
  { c.text_of(t) } -> std::convertible_to<std::string_view>;
  { c.token_named(text) } -> std::convertible_to<std::optional<token_id>>;
  { c.begin_of_text() } -> std::convertible_to<token_id>;
  { c.end_of_text() } -> std::convertible_to<token_id>;
  { c.vocabulary_size() } -> std::convertible_to<std::size_t>;
  { c.context_length() } -> std::convertible_to<std::size_t>;
  { c.flops(n, n) } -> std::convertible_to<double>;
};

namespace detail {

/// Says in a sentence what `token_model` asks of a type; the compiler adds what is missing.
template <class M>
consteval bool diagnose_token_model() {
  static_assert(
      token_model<M>,
      "outthink: a token_model needs open, fork, release and advance for its sequences; "
      "const: tokenize, text_of, token_named, begin_of_text, end_of_text, "
      "vocabulary_size, context_length and flops (see outthink/concepts/token_model.hpp)");
  return token_model<M>;
}

}  // namespace detail

}  // namespace outthink
