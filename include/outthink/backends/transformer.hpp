// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/forward.hpp>
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/hyperparameters.hpp>
#include <outthink/backends/transformer/kv_cache.hpp>
#include <outthink/backends/transformer/rotary_table.hpp>
#include <outthink/backends/transformer/thread_pool.hpp>
#include <outthink/backends/transformer/vocabulary.hpp>
#include <outthink/backends/transformer/weights.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

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

/// How a `transformer` computes; none of it changes a result.
struct transformer_options {
  int threads = 1;  ///< threads that share the rows of a batch, 1 to 256
};

/// @brief Runs a llama-architecture model from a GGUF file; models `token_model`.
///
/// How it works: `load` reads a GGUF version 3 file (F32, F16, Q8_0 weights; RMSNorm, interleaved
/// rotary positions, grouped-query attention, SwiGLU; tied or own output head; byte-level
/// vocabulary) and widens the weights to single precision. Sequences keep keys and values in shared
/// pages, so a fork costs nothing and a beam stores its prompt once. `advance` runs all rows as one
/// batch. Shapes and units: logits are [rows × vocabulary_size()], row-major, unnormalised.
/// Requires: POSIX; calls from one thread at a time; sequences belong to the model that opened
/// them. Cost: 4 bytes per weight; 2 flops per weight and token; a page of 16 tokens takes 128 ·
/// layers · key width bytes. The file is not needed after `load`. Errors: `load` throws
/// `errc::invalid_argument` (options), `file_unreadable`, `malformed_file` or `unsupported_model`,
/// naming file, key or tensor. The rest throw `errc::invalid_argument` for a sequence that is not
/// open, a token that is not in the vocabulary, an empty row, a sequence twice in a batch, logits
/// of the wrong size, and `errc::context_full`; nothing has changed then. Determinism: a row's
/// logits are the same bits in every batch, for every cut of its tokens into calls and any number
/// of threads, on one instruction set (`kernels::current_target`). Numerics: single precision
/// throughout; logits agree with double precision to about 1e-5.
class transformer {
 public:
  [[nodiscard]] static transformer load(const std::string& path, transformer_options options = {}) {
    if (options.threads < 1 || options.threads > 256)
      throw error(errc::invalid_argument, "transformer_options::threads is " +
                                              std::to_string(options.threads) +
                                              ", expected 1 to 256");
    return transformer(
        std::make_unique<state>(gguf::file(path), static_cast<std::size_t>(options.threads)));
  }

  /// A new sequence without tokens.
  [[nodiscard]] sequence_id open() { return state_->occupy({}); }

  /// A copy of `s`, in constant time.
  [[nodiscard]] sequence_id fork(sequence_id s) {
    require_open(s);
    const sequence_id copy = state_->occupy({});
    state_->slots[copy].sequence = state_->cache.fork(state_->slots[s].sequence);
    return copy;
  }

  /// Forgets `s`; pages that nobody else holds are free again.
  void release(sequence_id s) {
    require_open(s);
    state_->free_slots.push_back(s);
    state_->cache.release(state_->slots[s].sequence);
    state_->slots[s].open = false;
  }

  /// Appends each row's tokens to its sequence and writes the logits that follow.
  void advance(std::span<const advance_row> rows, std::span<float> logits) {
    if (logits.size() != rows.size() * vocabulary_size())
      throw error(errc::invalid_argument, "advance: logits has " + std::to_string(logits.size()) +
                                              " floats, expected " + std::to_string(rows.size()) +
                                              " rows of " + std::to_string(vocabulary_size()));
    ++state_->batch;
    for (const advance_row& row : rows) check(row);
    state_->advance(rows, logits);
  }

  void tokenize(std::string_view text, std::vector<token_id>& out) const {
    state_->words.tokenize(text, out);
  }
  [[nodiscard]] std::string_view text_of(token_id token) const {
    return state_->words.text_of(token);
  }
  [[nodiscard]] std::optional<token_id> token_named(std::string_view name) const {
    return state_->words.token_named(name);
  }
  [[nodiscard]] token_id begin_of_text() const noexcept { return state_->words.begin_of_text(); }
  [[nodiscard]] token_id end_of_text() const noexcept { return state_->words.end_of_text(); }
  [[nodiscard]] std::size_t vocabulary_size() const noexcept { return state_->words.size(); }
  [[nodiscard]] std::size_t context_length() const noexcept { return state_->sizes.context; }

  /// Floating-point operations to append `tokens` tokens after `context` earlier ones: per token
  /// 2 per weight of every matrix, the head included, and 4 · heads · head size per layer for each
  /// of the positions that it attends to (itself and all before it).
  [[nodiscard]] double flops(std::size_t tokens, std::size_t context) const noexcept {
    const llama::hyperparameters& h = state_->sizes;
    const auto n = static_cast<double>(tokens);
    const double attended = n * static_cast<double>(context) + n * (n + 1) / 2;
    return 2.0 * static_cast<double>(state_->parts.multiplied) * n +
           4.0 * static_cast<double>(h.layers * h.query_width()) * attended;
  }

  /// Numbers in the model's tensors.
  [[nodiscard]] std::uint64_t parameters() const noexcept { return state_->parts.parameters; }

  /// Tokens of `s`.
  [[nodiscard]] std::size_t sequence_length(sequence_id s) const {
    require_open(s);
    return state_->slots[s].sequence.length;
  }

  /// Pages of 16 tokens that sequences hold; a page shared by many counts once.
  [[nodiscard]] std::size_t pages_in_use() const noexcept { return state_->cache.pages_in_use(); }

  /// Bytes of these pages.
  [[nodiscard]] std::size_t kv_bytes() const noexcept { return state_->cache.bytes_in_use(); }

 private:
  struct slot {
    llama::cached_sequence sequence;
    std::uint64_t batch = 0;  ///< the last batch that it appeared in
    bool open = false;
  };

  /// Everything that must stay in place while the transformer moves.
  struct state {
    state(const gguf::file& file, std::size_t threads)
        : sizes(llama::read_hyperparameters(file)),
          words(file),
          parts(llama::weight_loader(file, sizes).load()),
          rotations(sizes),
          cache(llama::page_layout(sizes)),
          pool(threads),
          shares(threads + 1) {
      for (std::size_t i = 0; i < threads; ++i) workers.emplace_back(sizes, parts, rotations);
    }

    sequence_id occupy(const llama::cached_sequence& sequence) {
      if (free_slots.empty()) {
        slots.emplace_back();
        free_slots.reserve(slots.capacity());
        free_slots.push_back(static_cast<sequence_id>(slots.size() - 1));
      }
      const sequence_id taken = free_slots.back();
      free_slots.pop_back();
      slots[taken] = {sequence, 0, true};
      return taken;
    }

    /// First everything that can fail, then everything that changes a sequence.
    void advance(std::span<const advance_row> batch_rows, std::span<float> logits) {
      std::size_t new_pages = 0;
      std::size_t all_pages = 0;
      std::size_t longest = 0;
      for (const advance_row& row : batch_rows) {
        const llama::cached_sequence& s = slots[row.sequence].sequence;
        const std::size_t length = s.length + row.tokens.size();
        new_pages += llama::kv_cache::pages_to_append(s, row.tokens.size());
        all_pages += length / kernels::page_tokens + 1;
        longest = std::max(longest, length);
      }
      cache.reserve(new_pages);
      rotations.extend(longest);
      for (llama::forward_pass& worker : workers) worker.prepare(longest);
      page_table.resize(all_pages);
      rows.resize(batch_rows.size());
      bind(batch_rows, logits);
      run();
    }

    void bind(std::span<const advance_row> batch_rows, std::span<float> logits) noexcept {
      float** pages = page_table.data();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        llama::cached_sequence& s = slots[batch_rows[i].sequence].sequence;
        rows[i] = {pages, s.length, batch_rows[i].tokens, logits.data() + i * words.size()};
        cache.append(s, batch_rows[i].tokens.size());
        cache.list_pages(s, pages);
        pages += s.length / kernels::page_tokens + 1;
      }
    }

    /// Gives each thread neighbouring rows with about the same number of tokens.
    void run() noexcept {
      std::size_t tokens = 0;
      for (const llama::forward_row& row : rows) tokens += row.tokens.size();
      const std::size_t share = (tokens + workers.size() - 1) / workers.size();
      std::fill(shares.begin() + 1, shares.end(), rows.size());
      std::size_t seen = 0;
      for (std::size_t i = 0, worker = 1; i < rows.size() && worker < workers.size(); ++i) {
        seen += rows[i].tokens.size();
        while (worker < workers.size() && seen >= worker * share) shares[worker++] = i + 1;
      }
      auto job = [this](std::size_t i) noexcept {
        workers[i].run(std::span(rows).subspan(shares[i], shares[i + 1] - shares[i]));
      };
      pool.run(job);
    }

    llama::hyperparameters sizes;
    llama::vocabulary words;
    llama::weights parts;
    llama::rotary_table rotations;
    llama::kv_cache cache;
    thread_pool pool;
    std::vector<llama::forward_pass> workers;
    std::vector<slot> slots;
    std::vector<sequence_id> free_slots;
    std::uint64_t batch = 0;
    std::vector<llama::forward_row> rows;
    std::vector<float*> page_table;
    std::vector<std::size_t> shares;
  };

  explicit transformer(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}

  void require_open(sequence_id s) const {
    if (s >= state_->slots.size() || !state_->slots[s].open)
      throw error(errc::invalid_argument, "sequence " + std::to_string(s) + " is not open");
  }

  void check(const advance_row& row) const {
    require_open(row.sequence);
    slot& s = state_->slots[row.sequence];
    const std::string who = "advance: sequence " + std::to_string(row.sequence);
    if (std::exchange(s.batch, state_->batch) == state_->batch)
      throw error(errc::invalid_argument, who + " is twice in the batch");
    if (row.tokens.empty()) throw error(errc::invalid_argument, who + " has a row without tokens");
    for (const token_id token : row.tokens)
      if (!state_->words.contains(token))
        throw error(errc::invalid_argument, who + " has token " + std::to_string(token) +
                                                ", the vocabulary has " +
                                                std::to_string(vocabulary_size()));
    if (row.tokens.size() > context_length() - s.sequence.length)
      throw error(errc::context_full, who + " has " + std::to_string(s.sequence.length) +
                                          " tokens, " + std::to_string(row.tokens.size()) +
                                          " more do not fit into the context of " +
                                          std::to_string(context_length()));
  }

  std::unique_ptr<state> state_;
};

}  // namespace outthink::backends
