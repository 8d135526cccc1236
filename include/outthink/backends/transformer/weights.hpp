// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/aligned_floats.hpp>
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/hyperparameters.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/matmul.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::backends::llama {

/// A matrix as `kernels::matmul` reads it: [panels][depth][panel_columns], single precision.
struct packed_matrix {
  aligned_floats panels;
  std::size_t depth = 0;
  std::size_t columns = 0;

  packed_matrix() = default;
  packed_matrix(std::size_t depth_, std::size_t columns_)
      : panels(depth_ * ((columns_ + kernels::panel_columns - 1) / kernels::panel_columns) *
               kernels::panel_columns),
        depth(depth_),
        columns(columns_) {}

  [[nodiscard]] std::size_t panel_count() const noexcept {
    return (columns + kernels::panel_columns - 1) / kernels::panel_columns;
  }
  [[nodiscard]] std::size_t padded_columns() const noexcept {
    return panel_count() * kernels::panel_columns;
  }

  /// Sets the weights of one output column.
  void set_column(std::size_t column, const std::vector<float>& from) noexcept {
    float* to = panels.data() + column / kernels::panel_columns * depth * kernels::panel_columns +
                column % kernels::panel_columns;
    for (std::size_t k = 0; k < depth; ++k) to[k * kernels::panel_columns] = from[k];
  }
};

/// The weights of one block.
struct layer_weights {
  std::vector<float> attention_norm;     ///< [width]
  packed_matrix query_key_value;         ///< width → query_width + 2 key_width
  packed_matrix attention_output;        ///< query_width → width
  std::vector<float> feed_forward_norm;  ///< [width]
  packed_matrix gate_up;                 ///< width → 2 hidden: gates, then values
  packed_matrix down;                    ///< hidden → width
};

/// All weights of a model, widened to single precision and packed.
struct weights {
  std::vector<float> embedding;       ///< [vocabulary][width]
  std::vector<layer_weights> layers;  ///< [layers]
  std::vector<float> output_norm;     ///< [width]
  packed_matrix head;                 ///< width → vocabulary
  std::uint64_t parameters = 0;       ///< numbers in the file's tensors
  std::uint64_t multiplied = 0;       ///< weights that one token is multiplied with
};

/// @brief Takes a model's weights out of a GGUF file.
///
/// How it works: each tensor is looked up with the shape that the hyperparameters ask for; matrices
/// that share their input (query, key, value; gate, up) are packed as one. Without `output.weight`
/// the head is the embedding.
/// Cost: linear; 4 bytes per weight, 8 per weight of a tied embedding.
/// Errors: `errc::malformed_file` for a missing tensor or one of another shape;
/// `errc::unsupported_model` for a tensor that this architecture does not use.
class weight_loader {
 public:
  weight_loader(const gguf::file& file, const hyperparameters& sizes) : file_(file), h_(sizes) {}

  [[nodiscard]] weights load() {
    weights w;
    w.embedding = read_all("token_embd.weight", h_.width, h_.vocabulary);
    for (std::size_t i = 0; i < h_.layers; ++i) w.layers.push_back(load_layer(i));
    w.output_norm = read_all("output_norm.weight", h_.width, 1);
    const bool tied = !file_.has_tensor("output.weight");
    w.head = pack(h_.width, {{tied ? "token_embd.weight" : "output.weight", h_.vocabulary}});
    refuse_unused();
    for (const auto& [name, t] : file_.tensors()) w.parameters += t.shape[0] * t.shape[1];
    w.multiplied = multiplied_;
    return w;
  }

 private:
  struct part {
    std::string name;
    std::size_t columns;
  };

  layer_weights load_layer(std::size_t index) {
    const std::string block = "blk." + std::to_string(index) + ".";
    layer_weights w;
    w.attention_norm = read_all(block + "attn_norm.weight", h_.width, 1);
    w.query_key_value = pack(h_.width, {{block + "attn_q.weight", h_.query_width()},
                                        {block + "attn_k.weight", h_.key_width()},
                                        {block + "attn_v.weight", h_.key_width()}});
    w.attention_output = pack(h_.query_width(), {{block + "attn_output.weight", h_.width}});
    w.feed_forward_norm = read_all(block + "ffn_norm.weight", h_.width, 1);
    w.gate_up = pack(
        h_.width, {{block + "ffn_gate.weight", h_.hidden}, {block + "ffn_up.weight", h_.hidden}});
    w.down = pack(h_.hidden, {{block + "ffn_down.weight", h_.width}});
    return w;
  }

  const gguf::tensor& require(const std::string& name, std::size_t columns, std::size_t rows) {
    const gguf::tensor& t = file_.require_tensor(name, columns, rows);
    used_.insert(t.name);
    return t;
  }

  std::vector<float> read_all(const std::string& name, std::size_t columns, std::size_t rows) {
    const gguf::tensor& t = require(name, columns, rows);
    std::vector<float> all(columns * rows);
    for (std::size_t r = 0; r < rows; ++r)
      gguf::read_row(t, r, std::span(all).subspan(r * columns, columns));
    return all;
  }

  packed_matrix pack(std::size_t depth, std::initializer_list<part> parts) {
    std::size_t columns = 0;
    for (const part& p : parts) {
      require(p.name, depth, p.columns);
      columns += p.columns;
    }
    packed_matrix packed(depth, columns);
    multiplied_ += static_cast<std::uint64_t>(depth) * columns;
    std::vector<float> row(depth);
    std::size_t column = 0;
    for (const part& p : parts) {
      const gguf::tensor& t = require(p.name, depth, p.columns);
      for (std::size_t r = 0; r < p.columns; ++r) {
        gguf::read_row(t, r, row);
        packed.set_column(column++, row);
      }
    }
    return packed;
  }

  void refuse_unused() const {
    for (const auto& [name, t] : file_.tensors())
      if (!used_.contains(name))
        file_.refuse(name, "is not a part of the supported llama architecture",
                     errc::unsupported_model);
  }

  const gguf::file& file_;
  const hyperparameters& h_;
  std::set<std::string_view> used_;
  std::uint64_t multiplied_ = 0;
};

}  // namespace outthink::backends::llama
