// SPDX-License-Identifier: MIT
#pragma once

#include "gguf_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace outthink::test {

/// The shape of a random model; the defaults are the smallest that exercises everything.
struct model_shape {
  std::uint32_t width = 8;
  std::uint32_t hidden = 12;
  std::uint32_t layers = 2;
  std::uint32_t heads = 2;
  std::uint32_t kv_heads = 2;
  std::uint32_t context = 64;
  std::uint32_t rotated = 0;  ///< 0: the whole head, and no key in the file
  std::uint32_t type = 0;     ///< of the matrices: 0 F32, 1 F16, 8 Q8_0
  bool tied = true;
  float rope_base = 10000;
  float epsilon = 1e-5F;
  unsigned seed = 1;

  [[nodiscard]] std::uint32_t head_dim() const { return width / heads; }
};

/// The 256 spellings of GPT-2's byte alphabet, by byte.
inline std::vector<std::string> byte_spellings() {
  std::vector<std::string> all;
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool printable =
        (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    const unsigned point = printable ? byte : next++;
    if (point < 128)
      all.emplace_back(1, static_cast<char>(point));
    else
      all.push_back({static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 63))});
  }
  return all;
}

inline const std::vector<std::string>& control_tokens() {
  static const std::vector<std::string> names = {"<s>", "</s>", "<good>", "<bad>"};
  return names;
}

/// A random model: its file's writer, and its weights as the file gives them back.
struct random_model {
  model_shape shape;
  gguf_writer writer;
  std::map<std::string, std::vector<float>> weights;
  std::uint32_t vocabulary = 260;

  explicit random_model(const model_shape& s) : shape(s) {
    add_metadata();
    std::mt19937 generator(s.seed);
    const std::uint32_t kv_width = s.kv_heads * s.head_dim();
    add_tensor("token_embd.weight", s.width, vocabulary, 1.0F, generator);
    for (std::uint32_t i = 0; i < s.layers; ++i) {
      const std::string block = "blk." + std::to_string(i) + ".";
      add_norm(block + "attn_norm.weight", generator);
      add_tensor(block + "attn_q.weight", s.width, s.width, 1.5F, generator);
      add_tensor(block + "attn_k.weight", s.width, kv_width, 1.5F, generator);
      add_tensor(block + "attn_v.weight", s.width, kv_width, 1.0F, generator);
      add_tensor(block + "attn_output.weight", s.width, s.width, 1.0F, generator);
      add_norm(block + "ffn_norm.weight", generator);
      add_tensor(block + "ffn_gate.weight", s.width, s.hidden, 1.0F, generator);
      add_tensor(block + "ffn_up.weight", s.width, s.hidden, 1.0F, generator);
      add_tensor(block + "ffn_down.weight", s.hidden, s.width, 1.0F, generator);
    }
    add_norm("output_norm.weight", generator);
    if (!s.tied) add_tensor("output.weight", s.width, vocabulary, 1.0F, generator);
  }

  [[nodiscard]] std::string bytes() const { return writer.bytes(); }

 private:
  void add_metadata() {
    writer.add("general.architecture", "llama");
    writer.add("llama.block_count", shape.layers);
    writer.add("llama.context_length", shape.context);
    writer.add("llama.embedding_length", shape.width);
    writer.add("llama.feed_forward_length", shape.hidden);
    writer.add("llama.attention.head_count", shape.heads);
    if (shape.kv_heads != shape.heads) writer.add("llama.attention.head_count_kv", shape.kv_heads);
    writer.add("llama.attention.layer_norm_rms_epsilon", shape.epsilon);
    if (shape.rotated != 0) writer.add("llama.rope.dimension_count", shape.rotated);
    if (shape.rope_base != 10000) writer.add("llama.rope.freq_base", shape.rope_base);
    writer.add("tokenizer.ggml.model", "gpt2");
    auto tokens = byte_spellings();
    std::vector<std::int32_t> types(256, 1);
    tokens.insert(tokens.end(), control_tokens().begin(), control_tokens().end());
    types.resize(tokens.size(), 3);
    writer.add("tokenizer.ggml.tokens", tokens);
    writer.add("tokenizer.ggml.token_type", types);
    writer.add("tokenizer.ggml.merges", std::vector<std::string>());
    writer.add("tokenizer.ggml.bos_token_id", std::uint32_t{256});
    writer.add("tokenizer.ggml.eos_token_id", std::uint32_t{257});
    writer.add("tokenizer.ggml.add_bos_token", true);
  }

  void add_tensor(const std::string& name, std::uint32_t columns, std::uint32_t rows, float gain,
                  std::mt19937& generator) {
    std::normal_distribution<float> normal(0, gain / std::sqrt(static_cast<float>(columns)));
    std::vector<float> floats(static_cast<std::size_t>(columns) * rows);
    for (float& x : floats) x = normal(generator);
    const std::string data = encode(floats, shape.type);
    writer.tensors.push_back({name, {columns, rows}, shape.type, data});
    weights[name] = std::move(floats);
  }

  void add_norm(const std::string& name, std::mt19937& generator) {
    std::uniform_real_distribution<float> uniform(0.5F, 1.5F);
    std::vector<float> floats(shape.width);
    for (float& x : floats) x = uniform(generator);
    writer.tensors.push_back({name, {shape.width}, 0, encode(floats, 0)});
    weights[name] = std::move(floats);
  }
};

}  // namespace outthink::test
