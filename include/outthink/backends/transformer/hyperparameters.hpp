// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace outthink::backends::llama {

/// The sizes and constants of one model.
struct hyperparameters {
  std::size_t vocabulary = 0;  ///< tokens
  std::size_t context = 0;     ///< most tokens in a sequence
  std::size_t width = 0;       ///< floats of a position's residual stream
  std::size_t hidden = 0;      ///< floats of a feed-forward layer's middle
  std::size_t layers = 0;      ///< blocks
  std::size_t heads = 0;       ///< query heads
  std::size_t kv_heads = 0;    ///< key and value heads, a divisor of `heads`
  std::size_t head_dim = 0;    ///< floats of a head
  std::size_t rotated = 0;     ///< leading floats of a head that carry the position
  double rope_base = 10000;    ///< base of the rotation frequencies
  float epsilon = 0;           ///< added to mean squares

  [[nodiscard]] std::size_t query_width() const noexcept { return heads * head_dim; }
  [[nodiscard]] std::size_t key_width() const noexcept { return kv_heads * head_dim; }
};

namespace detail {

inline constexpr std::uint64_t largest_size = 0x7fffffff;

inline std::size_t size_key(const gguf::metadata& keys, std::string_view key,
                            std::uint64_t most = largest_size) {
  return static_cast<std::size_t>(keys.integer(key, 1, most));
}

inline std::size_t size_key_or(const gguf::metadata& keys, std::string_view key,
                               std::size_t otherwise) {
  return keys.has(key) ? size_key(keys, key) : otherwise;
}

/// Refuses what would change the results if it were ignored.
inline void refuse_extensions(const gguf::metadata& keys) {
  for (const std::string_view key : {"llama.expert_count", "llama.attention.sliding_window"})
    if (keys.has(key) && keys.integer(key, 0, largest_size) != 0)
      keys.refuse(key, "is not 0; this variant is not supported", errc::unsupported_model);
  constexpr std::string_view scaling = "llama.rope.scaling.type";
  if (keys.has(scaling) && keys.text(scaling) != "none")
    keys.refuse(scaling, "is '" + std::string(keys.text(scaling)) + "', supported is 'none'",
                errc::unsupported_model);
}

inline void read_heads(const gguf::metadata& keys, hyperparameters& h) {
  constexpr std::string_view kv_key = "llama.attention.head_count_kv";
  constexpr std::string_view key_length = "llama.attention.key_length";
  constexpr std::string_view value_length = "llama.attention.value_length";
  constexpr std::string_view rope_key = "llama.rope.dimension_count";
  h.heads = size_key(keys, "llama.attention.head_count");
  h.kv_heads = size_key_or(keys, kv_key, h.heads);
  if (h.heads % h.kv_heads != 0)
    keys.refuse(kv_key, "is " + std::to_string(h.kv_heads) + ", expected a divisor of the " +
                            std::to_string(h.heads) + " heads");
  if (!keys.has(key_length) && h.width % h.heads != 0)
    keys.refuse("llama.attention.head_count", "is " + std::to_string(h.heads) +
                                                  ", expected a divisor of the width " +
                                                  std::to_string(h.width));
  h.head_dim = size_key_or(keys, key_length, h.width / h.heads);
  if (size_key_or(keys, value_length, h.head_dim) != h.head_dim)
    keys.refuse(value_length,
                "differs from the keys' length " + std::to_string(h.head_dim) +
                    "; this variant is not supported",
                errc::unsupported_model);
  h.rotated = size_key_or(keys, rope_key, h.head_dim);
  if (h.rotated % 2 != 0 || h.rotated > h.head_dim)
    keys.refuse(rope_key, "is " + std::to_string(h.rotated) + ", expected an even number up to " +
                              std::to_string(h.head_dim));
}

}  // namespace detail

/// @brief Reads the `llama.*` keys of a GGUF file and checks that they fit together.
///
/// Sizes are only known to be plausible here; `weights` compares each with the tensors.
/// Errors: `errc::unsupported_model` for another architecture or a variant (experts, sliding
/// window, scaled rotation); `errc::malformed_file` for a key that is missing, mistyped or out of
/// range.
[[nodiscard]] inline hyperparameters read_hyperparameters(const gguf::file& file) {
  const gguf::metadata& keys = file.metadata();
  const std::string_view architecture = keys.text("general.architecture");
  if (architecture != "llama")
    keys.refuse("general.architecture",
                "is '" + std::string(architecture) + "', supported is 'llama'",
                errc::unsupported_model);
  detail::refuse_extensions(keys);
  hyperparameters h;
  h.vocabulary = static_cast<std::size_t>(keys.number_of_texts("tokenizer.ggml.tokens"));
  if (keys.has("llama.vocab_size")) {
    const std::size_t stated = detail::size_key(keys, "llama.vocab_size");
    if (stated != h.vocabulary)
      keys.refuse("llama.vocab_size", "is " + std::to_string(stated) + ", expected the " +
                                          std::to_string(h.vocabulary) +
                                          " tokens of the vocabulary");
  }
  h.context = detail::size_key(keys, "llama.context_length");
  h.width = detail::size_key(keys, "llama.embedding_length");
  h.hidden = detail::size_key(keys, "llama.feed_forward_length");
  h.layers = detail::size_key(keys, "llama.block_count");
  if (h.layers > file.tensors().size())
    keys.refuse("llama.block_count", "is " + std::to_string(h.layers) + ", but the file has only " +
                                         std::to_string(file.tensors().size()) + " tensors");
  detail::read_heads(keys, h);
  constexpr std::string_view base = "llama.rope.freq_base";
  if (keys.has(base)) h.rope_base = keys.real(base, 0, 1e30);
  h.epsilon = static_cast<float>(keys.real("llama.attention.layer_norm_rms_epsilon", 0, 1));
  return h;
}

}  // namespace outthink::backends::llama
