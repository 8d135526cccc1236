// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/aligned_floats.hpp>
#include <outthink/backends/transformer/hyperparameters.hpp>
#include <outthink/backends/transformer/kv_cache.hpp>
#include <outthink/backends/transformer/rotary_table.hpp>
#include <outthink/backends/transformer/weights.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/kernels/matmul.hpp>
#include <outthink/kernels/paged_attention.hpp>
#include <outthink/kernels/rms_norm.hpp>
#include <outthink/kernels/rotate_pairs.hpp>
#include <outthink/kernels/swiglu.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace outthink::backends::llama {

/// Tokens to append to one sequence, whose pages are already there.
struct forward_row {
  float* const* pages;               ///< of the whole sequence, in order
  std::size_t begin;                 ///< position of the first token
  std::span<const token_id> tokens;  ///< at least one
  float* logits;                     ///< [vocabulary], after the last token
};

/// @brief Runs tokens through the model: writes their keys and values, and each row's logits.
///
/// How it works: the rows' tokens, laid end to end, are cut into tiles of at most 128 positions. A
/// tile goes through all blocks as one matrix; within a block all of its keys and values are
/// written before any of its positions attends, and a position attends to its row's positions 0 …
/// itself. The head is computed for the last token of each row only. Cost: scratch for one tile,
/// and one score per key of the longest sequence. Errors: `prepare` may throw std::bad_alloc, `run`
/// does not throw. Determinism: each position's results depend on its row's tokens alone, see the
/// kernels. Reference: Touvron et al., LLaMA, 2023, arXiv:2302.13971.
class forward_pass {
 public:
  forward_pass(const hyperparameters& sizes, const weights& w, const rotary_table& rotations)
      : h_(&sizes), w_(&w), rotations_(&rotations), layout_(sizes) {
    const layer_weights& first = w.layers.front();
    width_ = first.down.padded_columns();
    projected_width_ =
        std::max(first.query_key_value.padded_columns(), first.gate_up.padded_columns());
    inner_width_ = std::max({width_, sizes.query_width(), sizes.hidden});
    tile_.reserve(tile_positions);
    stream_.grow(tile_positions * width_);
    inner_.grow(tile_positions * inner_width_);
    projected_.grow(tile_positions * projected_width_);
    head_.grow(head_rows * w.head.padded_columns());
  }

  /// Makes room for sequences of up to `keys` tokens.
  void prepare(std::size_t keys) {
    const std::size_t padded =
        (keys + kernels::page_tokens - 1) / kernels::page_tokens * kernels::page_tokens;
    if (padded > scores_.size()) scores_.grow(std::max(2 * scores_.size(), padded));
  }

  void run(std::span<const forward_row> rows) noexcept {
    for (const forward_row& row : rows)
      for (std::size_t i = 0; i < row.tokens.size(); ++i) {
        tile_.push_back({&row, row.begin + i, row.tokens[i], i + 1 == row.tokens.size()});
        if (tile_.size() == tile_positions) run_tile();
      }
    if (!tile_.empty()) run_tile();
  }

 private:
  static constexpr std::size_t tile_positions = 128;
  static constexpr std::size_t head_rows = 64;

  struct position {
    const forward_row* row;
    std::size_t index;  ///< in its sequence
    token_id token;
    bool last;  ///< of its row
  };

  void run_tile() noexcept {
    embed();
    for (std::size_t layer = 0; layer < h_->layers; ++layer) {
      attend(w_->layers[layer], layer);
      feed_forward(w_->layers[layer]);
    }
    predict();
    tile_.clear();
  }

  void embed() noexcept {
    for (std::size_t i = 0; i < tile_.size(); ++i)
      std::copy_n(w_->embedding.data() + static_cast<std::size_t>(tile_[i].token) * h_->width,
                  h_->width, stream_.data() + i * width_);
  }

  void normalise(const std::vector<float>& weight) noexcept {
    kernels::rms_norm({.input = stream_.data(),
                       .weight = weight.data(),
                       .output = inner_.data(),
                       .rows = tile_.size(),
                       .size = h_->width,
                       .input_stride = width_,
                       .output_stride = inner_width_,
                       .epsilon = h_->epsilon});
  }

  /// The tile's rows of `inner_` times `m`.
  void multiply(const packed_matrix& m, float* output, std::size_t stride,
                bool accumulate) noexcept {
    kernels::matmul({.input = inner_.data(),
                     .weights = m.panels.data(),
                     .output = output,
                     .rows = tile_.size(),
                     .depth = m.depth,
                     .panels = m.panel_count(),
                     .input_stride = inner_width_,
                     .output_stride = stride,
                     .accumulate = accumulate});
  }

  void attend(const layer_weights& w, std::size_t layer) noexcept {
    normalise(w.attention_norm);
    multiply(w.query_key_value, projected_.data(), projected_width_, false);
    for (std::size_t i = 0; i < tile_.size(); ++i) remember(layer, i);
    for (std::size_t i = 0; i < tile_.size(); ++i) look_back(layer, i);
    multiply(w.attention_output, stream_.data(), width_, true);
  }

  /// Rotates queries and keys of a position and writes its keys and values into its page.
  void remember(std::size_t layer, std::size_t i) noexcept {
    const position& p = tile_[i];
    float* const query = projected_.data() + i * projected_width_;
    kernels::rotate_pairs({.vectors = query,
                           .cosines = rotations_->cosines(p.index),
                           .sines = rotations_->sines(p.index),
                           .heads = h_->heads + h_->kv_heads,
                           .head_dim = h_->head_dim,
                           .rotated = h_->rotated});
    // No other row reads or writes this part of the page: kv_cache::append made it this row's own.
    float* const page = p.row->pages[p.index / kernels::page_tokens];
    const std::size_t slot = p.index % kernels::page_tokens;
    const float* const key = query + h_->query_width();
    float* const keys = page + layout_.keys(layer) + slot;
    for (std::size_t d = 0; d < h_->key_width(); ++d) keys[d * kernels::page_tokens] = key[d];
    const float* const value = key + h_->key_width();
    float* const values = page + layout_.values(layer) + slot * layout_.value_width;
    for (std::size_t head = 0; head < h_->kv_heads; ++head)
      std::copy_n(value + head * h_->head_dim, h_->head_dim,
                  values + head * kernels::page_tokens * layout_.value_width);
  }

  void look_back(std::size_t layer, std::size_t i) noexcept {
    const position& p = tile_[i];
    kernels::paged_attention({.query = projected_.data() + i * projected_width_,
                              .pages = p.row->pages,
                              .output = inner_.data() + i * inner_width_,
                              .scores = scores_.data(),
                              .key_offset = layout_.keys(layer),
                              .value_offset = layout_.values(layer),
                              .keys = p.index + 1,
                              .heads = h_->heads,
                              .kv_heads = h_->kv_heads,
                              .head_dim = h_->head_dim,
                              .value_width = layout_.value_width,
                              .scale = 1.0F / std::sqrt(static_cast<float>(h_->head_dim))});
  }

  void feed_forward(const layer_weights& w) noexcept {
    normalise(w.feed_forward_norm);
    multiply(w.gate_up, projected_.data(), projected_width_, false);
    kernels::swiglu({.gate_up = projected_.data(),
                     .output = inner_.data(),
                     .rows = tile_.size(),
                     .size = h_->hidden,
                     .input_stride = projected_width_,
                     .output_stride = inner_width_});
    multiply(w.down, stream_.data(), width_, true);
  }

  /// Logits of the rows that end in this tile, a few rows at a time.
  void predict() noexcept {
    float* destinations[head_rows];
    std::size_t gathered = 0;
    for (std::size_t i = 0; i < tile_.size(); ++i) {
      if (!tile_[i].last) continue;
      kernels::rms_norm({.input = stream_.data() + i * width_,
                         .weight = w_->output_norm.data(),
                         .output = inner_.data() + gathered * inner_width_,
                         .rows = 1,
                         .size = h_->width,
                         .input_stride = width_,
                         .output_stride = inner_width_,
                         .epsilon = h_->epsilon});
      destinations[gathered++] = tile_[i].row->logits;
      if (gathered == head_rows) {
        multiply_head(destinations, gathered);
        gathered = 0;
      }
    }
    multiply_head(destinations, gathered);
  }

  void multiply_head(float* const* destinations, std::size_t rows) noexcept {
    const std::size_t stride = w_->head.padded_columns();
    kernels::matmul({.input = inner_.data(),
                     .weights = w_->head.panels.data(),
                     .output = head_.data(),
                     .rows = rows,
                     .depth = h_->width,
                     .panels = w_->head.panel_count(),
                     .input_stride = inner_width_,
                     .output_stride = stride,
                     .accumulate = false});
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(head_.data() + r * stride, h_->vocabulary, destinations[r]);
  }

  const hyperparameters* h_;
  const weights* w_;
  const rotary_table* rotations_;
  page_layout layout_;
  std::size_t width_;            ///< floats of a row of `stream_`
  std::size_t inner_width_;      ///< floats of a row of `inner_`
  std::size_t projected_width_;  ///< floats of a row of `projected_`
  std::vector<position> tile_;
  aligned_floats stream_;     ///< [tile][width_]: the residual stream
  aligned_floats inner_;      ///< [tile][inner_width_]: what the next matrix is applied to
  aligned_floats projected_;  ///< [tile][projected_width_]: queries, keys, values; gates, values
  aligned_floats head_;       ///< [head_rows][vocabulary, padded]
  aligned_floats scores_;     ///< [keys, padded]
};

}  // namespace outthink::backends::llama
