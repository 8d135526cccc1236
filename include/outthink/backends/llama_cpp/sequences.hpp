// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>
#include <outthink/core/error.hpp>

#include <llama.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends::ggml {

/// @brief Any number of sequences over the few that a llama.cpp context keeps evaluated.
///
/// A sequence is its tokens; some of them, from the first on, are in the context's cache under an
/// identity of its own. What lacks there is evaluated when the sequence is advanced.
class sequences {
 public:
  explicit sequences(::llama_context* context)
      : context_(context), memory_(llama_get_memory(context)) {
    const auto count = static_cast<::llama_seq_id>(llama_n_seq_max(context));
    for (::llama_seq_id id = count; id > 0; --id) free_ids_.push_back(id - 1);
  }

  [[nodiscard]] sequence_id open() {
    if (free_slots_.empty()) {
      slots_.emplace_back();
      free_slots_.push_back(static_cast<sequence_id>(slots_.size() - 1));
    }
    const sequence_id s = free_slots_.back();
    free_slots_.pop_back();
    slots_[s] = {};
    slots_[s].open = true;
    return s;
  }

  [[nodiscard]] sequence_id fork(sequence_id from) {
    require_open(from);
    const sequence_id copy = open();
    slots_[copy].tokens = slots_[from].tokens;
    if (slots_[from].cached > 0) {
      slots_[from].used = ++clock_;
      settle(slots_[copy]);
    }
    return copy;
  }

  void release(sequence_id s) {
    require_open(s);
    drop(slots_[s]);
    slots_[s] = {};
    free_slots_.push_back(s);
  }

  [[nodiscard]] std::size_t length(sequence_id s) const {
    require_open(s);
    return slots_[s].tokens.size();
  }

  /// Appends the rows' tokens and calls `take(row, logits)` for each; if anything fails, no
  /// sequence has changed.
  template <class Take>
  void advance(std::span<const advance_row> rows, Take take) {
    std::vector<std::size_t> before;
    for (const advance_row& row : rows) before.push_back(slots_[row.sequence].tokens.size());
    try {
      for (std::size_t begin = 0; begin < rows.size();) {
        const std::size_t end = std::min(rows.size(), begin + llama_n_seq_max(context_));
        evaluate(rows, begin, end, take);
        begin = end;
      }
    } catch (...) {
      for (std::size_t i = 0; i < rows.size(); ++i) cut(slots_[rows[i].sequence], before[i]);
      throw;
    }
  }

 private:
  struct slot {
    std::vector<token_id> tokens;
    std::size_t cached = 0;  ///< of the tokens, how many are in the cache
    ::llama_seq_id id = -1;  ///< what the cache knows it by
    std::uint64_t used = 0;  ///< when, for dropping what was used longest ago
    bool pinned = false;     ///< being evaluated: not to be dropped
    bool open = false;
  };

  struct pending_token {
    std::size_t row;
    std::size_t position;
    bool last;
  };

  void require_open(sequence_id s) const {
    if (s >= slots_.size() || !slots_[s].open) {
      throw error(errc::invalid_argument, "sequence " + std::to_string(s) + " is not open");
    }
  }

  // Takes a sequence out of the cache.
  void drop(slot& at) {
    if (at.id < 0) return;
    llama_memory_seq_rm(memory_, at.id, -1, -1);
    free_ids_.push_back(at.id);
    at.id = -1;
    at.cached = 0;
  }

  // Drops what was used longest ago, but not `kept`; false if all that is there is needed now.
  bool drop_oldest(const slot* kept = nullptr) {
    slot* oldest = nullptr;
    for (slot& at : slots_) {
      if (at.id < 0 || at.pinned || &at == kept) continue;
      if (oldest == nullptr || at.used < oldest->used) oldest = &at;
    }
    if (oldest != nullptr) drop(*oldest);
    return oldest != nullptr;
  }

  // Gives a sequence an identity in the cache, and what the cache has of its tokens elsewhere.
  void settle(slot& at) {
    at.used = ++clock_;
    if (at.id >= 0) return;
    auto [like, common] = most_alike(at.tokens);
    if (free_ids_.empty() && !drop_oldest(like)) {
      if (!drop_oldest()) return;
      common = 0;
    }
    at.id = free_ids_.back();
    free_ids_.pop_back();
    if (common == 0) return;
    llama_memory_seq_cp(memory_, like->id, at.id, 0, static_cast<::llama_pos>(common));
    at.cached = common;
  }

  // The sequence in the cache that begins with most of `tokens`, and with how many.
  std::pair<slot*, std::size_t> most_alike(const std::vector<token_id>& tokens) {
    std::pair<slot*, std::size_t> best{nullptr, 0};
    for (slot& at : slots_) {
      const std::size_t most = std::min(at.cached, tokens.size());
      std::size_t common = 0;
      while (common < most && at.tokens[common] == tokens[common]) ++common;
      if (common > best.second) best = {&at, common};
    }
    return best;
  }

  // Shortens a sequence to what it was.
  void cut(slot& at, std::size_t length) {
    at.tokens.resize(std::min(at.tokens.size(), length));
    at.pinned = false;
    at.cached = std::min(at.cached, length);
    if (at.id < 0) return;
    const auto end = static_cast<::llama_pos>(at.cached);
    if (at.cached == 0 || !llama_memory_seq_rm(memory_, at.id, end, -1)) drop(at);
  }

  template <class Take>
  void evaluate(std::span<const advance_row> rows, std::size_t begin, std::size_t end, Take take) {
    for (std::size_t i = begin; i < end; ++i) slots_[rows[i].sequence].pinned = true;
    std::vector<pending_token> pending;
    for (std::size_t i = begin; i < end; ++i) {
      slot& at = slots_[rows[i].sequence];
      settle(at);
      at.tokens.insert(at.tokens.end(), rows[i].tokens.begin(), rows[i].tokens.end());
      for (std::size_t k = at.cached; k < at.tokens.size(); ++k) {
        pending.push_back({i, k, k + 1 == at.tokens.size()});
      }
    }
    const std::size_t most = llama_n_batch(context_);
    for (std::span<const pending_token> rest = pending; !rest.empty();) {
      const auto some = rest.first(std::min(most, rest.size()));
      decode(rows, some, take);
      rest = rest.subspan(some.size());
    }
    for (std::size_t i = begin; i < end; ++i) slots_[rows[i].sequence].pinned = false;
  }

  template <class Take>
  void decode(std::span<const advance_row> rows, std::span<const pending_token> some, Take take) {
    fill_batch(rows, some);
    std::int32_t result = llama_decode(context_, batch_.view());
    while (result == 1 && drop_oldest()) result = llama_decode(context_, batch_.view());
    if (result == 1) {
      throw error(errc::context_full,
                  "llama.cpp's cache is full: raise llama_cpp_options.cells, or lower "
                  "decoder_options.rows");
    }
    if (result != 0) {
      throw error(errc::service_failed, "llama_decode returned " + std::to_string(result));
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      slots_[rows[some[i].row].sequence].cached = some[i].position + 1;
      if (!some[i].last) continue;
      const float* const after = llama_get_logits_ith(context_, static_cast<std::int32_t>(i));
      if (after == nullptr) throw error(errc::service_failed, "llama.cpp gave no logits");
      take(some[i].row, after);
    }
  }

  void fill_batch(std::span<const advance_row> rows, std::span<const pending_token> some) {
    batch_.clear();
    for (const pending_token& one : some) {
      const slot& at = slots_[rows[one.row].sequence];
      batch_.add(at.tokens[one.position], one.position, at.id, one.last);
    }
  }

  /// The arrays that a `llama_batch` points to.
  class batch_arrays {
   public:
    void clear() {
      tokens_.clear();
      positions_.clear();
      ids_.clear();
      outputs_.clear();
    }

    void add(token_id token, std::size_t position, ::llama_seq_id id, bool output) {
      tokens_.push_back(token);
      positions_.push_back(static_cast<::llama_pos>(position));
      ids_.push_back(id);
      outputs_.push_back(output ? 1 : 0);
    }

    [[nodiscard]] ::llama_batch view() {
      counts_.assign(tokens_.size(), 1);
      id_lists_.clear();
      for (::llama_seq_id& id : ids_) id_lists_.push_back(&id);
      ::llama_batch made{};
      made.n_tokens = static_cast<std::int32_t>(tokens_.size());
      made.token = tokens_.data();
      made.pos = positions_.data();
      made.n_seq_id = counts_.data();
      made.seq_id = id_lists_.data();
      made.logits = outputs_.data();
      return made;
    }

   private:
    std::vector<::llama_token> tokens_;
    std::vector<::llama_pos> positions_;
    std::vector<::llama_seq_id> ids_;
    std::vector<std::int32_t> counts_;
    std::vector<::llama_seq_id*> id_lists_;
    std::vector<std::int8_t> outputs_;
  };

  ::llama_context* context_;
  ::llama_memory_t memory_;
  std::vector<slot> slots_;
  std::vector<sequence_id> free_slots_;
  std::vector<::llama_seq_id> free_ids_;
  std::uint64_t clock_ = 0;
  batch_arrays batch_;
};

}  // namespace outthink::backends::ggml
