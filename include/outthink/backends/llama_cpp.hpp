// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/llama_cpp/sequences.hpp>
#include <outthink/backends/llama_cpp/words.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

#include <llama.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends {

/// How a `llama_cpp` computes.
struct llama_cpp_options {
  std::uint32_t cells = 32768;    ///< tokens that all sequences together keep evaluated
  std::uint32_t sequences = 64;   ///< sequences that are kept evaluated, 2 to what llama.cpp allows
  std::uint32_t batch = 2048;     ///< most tokens in one call of llama.cpp
  std::int32_t threads = 4;       ///< CPU threads
  std::int32_t gpu_layers = 999;  ///< layers to keep on a GPU, where llama.cpp was built for one
  bool control_tokens = true;     ///< `<|im_start|>` and the like in a text are read as tokens
};

/// @brief Runs a GGUF model with llama.cpp in this process; models `token_model`.
///
/// How it works: a sequence is one of llama.cpp's while there is room, and a fork is `seq_cp`,
/// which shares cells. Where sequences or cells run out, what was used longest ago is dropped from
/// the cache; its tokens are remembered and evaluated again if it is needed, as far as no other
/// sequence begins alike. All tokens that end a text (end of text, end of turn) count as one,
/// `end_of_text()`, with their probabilities added.
///
/// Requires: llama.cpp of July 2025 or later (`llama_memory_seq_cp`, `kv_unified`); a model with
/// attention, not a recurrent one; used from one thread. Shapes and units: as in `token_model`.
/// Errors: `errc::file_unreadable` if llama.cpp cannot load the file (it prints why itself),
/// `errc::unsupported_model`, `errc::invalid_argument`; `errc::context_full` for a sequence that
/// outgrows the model's context or a call that needs more than `cells`; `errc::service_failed` for
/// other failures of a call. Each leaves the sequences as they were.
/// Determinism: llama.cpp's own: a row's last bits can depend on the rest of its batch, so that
/// outcomes are the same in a repeated run, not for another `max_batch`.
/// Example: tests/docs/llama_cpp.cpp.
class llama_cpp {
 public:
  /// Loads a GGUF file.
  [[nodiscard]] static llama_cpp load(const std::string& path, const llama_cpp_options& how = {}) {
    require(how.sequences >= 2, "llama_cpp_options.sequences must be at least 2");
    require(how.cells > 0 && how.batch > 0, "llama_cpp_options: cells and batch must be positive");
    require(how.threads > 0, "llama_cpp_options.threads must be positive");
    llama_backend_init();
    llama_model_params of_model = llama_model_default_params();
    of_model.n_gpu_layers = how.gpu_layers;
    std::unique_ptr<::llama_model, freed> model(llama_model_load_from_file(path.c_str(), of_model));
    if (!model) throw error(errc::file_unreadable, path + ": llama.cpp could not load it");
    llama_context_params of_context = llama_context_default_params();
    of_context.n_ctx = how.cells;
    of_context.n_batch = how.batch;
    of_context.n_seq_max = how.sequences;
    of_context.n_threads = of_context.n_threads_batch = how.threads;
    of_context.kv_unified = true;  // forks share cells
    std::unique_ptr<::llama_context, freed> context(llama_init_from_model(model.get(), of_context));
    if (!context) {
      throw error(errc::unsupported_model, path + ": llama.cpp has no context for it with " +
                                               std::to_string(how.cells) + " cells and " +
                                               std::to_string(how.sequences) + " sequences");
    }
    return llama_cpp(std::move(model), std::move(context), how);
  }

  [[nodiscard]] sequence_id open() { return sequences_.open(); }
  [[nodiscard]] sequence_id fork(sequence_id s) { return sequences_.fork(s); }
  void release(sequence_id s) { sequences_.release(s); }

  void advance(std::span<const advance_row> rows, std::span<float> logits) {
    require(logits.size() == rows.size() * vocabulary_size(),
            "advance: logits must have vocabulary_size() floats a row");
    for (std::size_t i = 0; i < rows.size(); ++i) check(rows, i);
    sequences_.advance(rows, [&](std::size_t row, const float* after) {
      const auto out = logits.subspan(row * vocabulary_size(), vocabulary_size());
      std::copy_n(after, out.size(), out.begin());
      words_.merge_ends(out);
    });
  }

  void tokenize(std::string_view text, std::vector<token_id>& out) const {
    words_.tokenize(text, out);
  }
  [[nodiscard]] std::string_view text_of(token_id token) const { return words_.text_of(token); }
  [[nodiscard]] std::optional<token_id> token_named(std::string_view name) const {
    return words_.token_named(name);
  }
  [[nodiscard]] token_id begin_of_text() const noexcept { return words_.begin_of_text(); }
  [[nodiscard]] token_id end_of_text() const noexcept { return words_.end_of_text(); }
  [[nodiscard]] std::size_t vocabulary_size() const noexcept { return words_.size(); }

  /// The model's own context, or all cells where these are fewer.
  [[nodiscard]] std::size_t context_length() const noexcept {
    return std::min(static_cast<std::size_t>(llama_model_n_ctx_train(model_.get())),
                    static_cast<std::size_t>(llama_n_ctx(context_.get())));
  }

  /// Two operations for each parameter and token, and four for each layer, width and position that
  /// a token attends to.
  [[nodiscard]] double flops(std::size_t tokens, std::size_t context) const noexcept {
    const auto n = static_cast<double>(tokens);
    const double attended = n * static_cast<double>(context) + n * (n + 1) / 2;
    const double width = static_cast<double>(llama_model_n_layer(model_.get())) *
                         static_cast<double>(llama_model_n_embd(model_.get()));
    return 2.0 * static_cast<double>(llama_model_n_params(model_.get())) * n +
           4.0 * width * attended;
  }

  /// Tokens of `s`.
  [[nodiscard]] std::size_t sequence_length(sequence_id s) const { return sequences_.length(s); }

 private:
  struct freed {
    void operator()(::llama_model* model) const noexcept { llama_model_free(model); }
    void operator()(::llama_context* context) const noexcept { llama_free(context); }
  };

  llama_cpp(std::unique_ptr<::llama_model, freed> model,
            std::unique_ptr<::llama_context, freed> context, const llama_cpp_options& how)
      : model_(std::move(model)),
        context_(std::move(context)),
        words_(llama_model_get_vocab(model_.get()), how.control_tokens),
        sequences_(context_.get()) {}

  void check(std::span<const advance_row> rows, std::size_t i) const {
    const advance_row& row = rows[i];
    const std::string who = "advance: sequence " + std::to_string(row.sequence);
    const std::size_t length = sequences_.length(row.sequence);
    if (row.tokens.empty()) throw error(errc::invalid_argument, who + " has a row without tokens");
    for (std::size_t k = 0; k < i; ++k) {
      if (rows[k].sequence == row.sequence) {
        throw error(errc::invalid_argument, who + " is twice in the batch");
      }
    }
    for (const token_id token : row.tokens) {
      if (token < 0 || static_cast<std::size_t>(token) >= vocabulary_size()) {
        throw error(errc::invalid_argument, who + " has token " + std::to_string(token) +
                                                ", the vocabulary has " +
                                                std::to_string(vocabulary_size()));
      }
    }
    if (length + row.tokens.size() > context_length()) {
      throw error(errc::context_full, who + " has " + std::to_string(length) + " tokens, " +
                                          std::to_string(row.tokens.size()) +
                                          " more do not fit into the context of " +
                                          std::to_string(context_length()));
    }
  }

  std::unique_ptr<::llama_model, freed> model_;
  std::unique_ptr<::llama_context, freed> context_;
  ggml::words words_;
  ggml::sequences sequences_;
};

}  // namespace outthink::backends
