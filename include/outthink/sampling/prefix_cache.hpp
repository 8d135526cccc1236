// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink {

/// A sequence of a token model that is released with its owner.
template <token_model Model>
class owned_sequence {
 public:
  owned_sequence(Model& model, sequence_id id) noexcept : model_(&model), id_(id) {}
  owned_sequence(owned_sequence&& other) noexcept
      : model_(std::exchange(other.model_, nullptr)), id_(other.id_) {}
  owned_sequence& operator=(owned_sequence&& other) noexcept {
    std::swap(model_, other.model_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~owned_sequence() {
    if (model_ != nullptr) model_->release(id_);
  }

  [[nodiscard]] sequence_id id() const noexcept { return id_; }
  [[nodiscard]] owned_sequence fork() const { return {*model_, model_->fork(id_)}; }

 private:
  Model* model_;
  sequence_id id_;
};

/// @brief Remembers evaluated token prefixes of a token model, so that what continues one of them
/// need not read it again.
///
/// How it works: entries are keyed by a hash of their tokens and compared token by token. `ensure`
/// forks the longest known prefix of each text and evaluates only the rest, all texts in one batch.
/// Past `capacity` tokens the least recently used half is forgotten; sequences that were forked
/// from them live on.
///
/// Requires: the model outlives the cache.
/// Cost: a look-up is O(tokens); an entry holds its tokens, a sequence and [vocabulary] logits.
/// Errors: what `advance` throws; the cache is then as it was.
/// Determinism: what is remembered changes speed only, as the model is batch-invariant.
template <token_model Model>
class prefix_cache {
 public:
  using tokens = std::vector<token_id>;

  /// A prefix that was evaluated; references to it are valid until the next `trim`.
  struct entry {
    tokens text;
    owned_sequence<Model> sequence;
    std::vector<float> logits;  ///< [vocabulary] after the last token
    std::size_t own_tokens;     ///< tokens not shared with the entry it was forked from
    std::uint64_t last_used;
  };

  prefix_cache(Model& model, std::size_t capacity) : model_(&model), capacity_(capacity) {}

  /// The entries of `prefixes`, each non-empty, evaluating in one batch those that are not known.
  std::vector<const entry*> ensure(std::span<const tokens> prefixes) {
    std::vector<std::pair<std::uint64_t, entry>> fresh;
    for (const tokens& prefix : prefixes) {
      const std::vector<std::uint64_t> hashes = prefix_hashes(prefix);
      if (find(hashes.back(), prefix) != nullptr || is_among(fresh, hashes.back(), prefix))
        continue;
      fresh.emplace_back(hashes.back(), fork_longest(hashes, prefix));
    }
    evaluate(fresh);
    for (auto& [hash, made] : fresh) insert(hash, std::move(made));
    std::vector<const entry*> found;
    found.reserve(prefixes.size());
    for (const tokens& prefix : prefixes) {
      entry* known = find(prefix_hashes(prefix).back(), prefix);
      known->last_used = ++clock_;
      found.push_back(known);
    }
    return found;
  }

  /// Remembers `sequence`, which holds exactly `text`, and the logits after it. `own` tokens of it
  /// are not shared with another entry.
  void remember(tokens text, owned_sequence<Model> sequence, std::span<const float> logits,
                std::size_t own) {
    const std::uint64_t hash = prefix_hashes(text).back();
    if (find(hash, text) != nullptr) return;
    insert(hash,
           {std::move(text), std::move(sequence), {logits.begin(), logits.end()}, own, ++clock_});
  }

  /// Forgets the least recently used half if the entries hold more than `capacity` tokens.
  void trim() {
    if (held_ <= capacity_) return;
    std::vector<std::uint64_t> ages;
    for (const auto& [hash, known] : entries_) ages.push_back(known.last_used);
    const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
    std::nth_element(ages.begin(), middle, ages.end());
    std::erase_if(entries_, [&](const auto& item) { return item.second.last_used <= *middle; });
    held_ = 0;
    for (const auto& [hash, known] : entries_) held_ += known.own_tokens;
  }

 private:
  static std::vector<std::uint64_t> prefix_hashes(const tokens& text) {
    std::vector<std::uint64_t> hashes(text.size());
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t i = 0; i < text.size(); ++i) {
      hash = (hash ^ static_cast<std::uint32_t>(text[i])) * 0x9E3779B97F4A7C15;
      hash ^= hash >> 29;
      hashes[i] = hash;
    }
    return hashes;
  }

  entry* find(std::uint64_t hash, std::span<const token_id> text) {
    const auto [begin, end] = entries_.equal_range(hash);
    for (auto at = begin; at != end; ++at) {
      if (std::ranges::equal(at->second.text, text)) return &at->second;
    }
    return nullptr;
  }

  static bool is_among(const std::vector<std::pair<std::uint64_t, entry>>& fresh,
                       std::uint64_t hash, const tokens& text) {
    return std::ranges::any_of(
        fresh, [&](const auto& item) { return item.first == hash && item.second.text == text; });
  }

  entry fork_longest(const std::vector<std::uint64_t>& hashes, const tokens& text) {
    for (std::size_t length = text.size() - 1; length > 0; --length) {
      entry* known = find(hashes[length - 1], std::span(text).first(length));
      if (known == nullptr) continue;
      known->last_used = ++clock_;
      return {text, known->sequence.fork(), {}, text.size() - length, ++clock_};
    }
    return {text, {*model_, model_->open()}, {}, text.size(), ++clock_};
  }

  void evaluate(std::vector<std::pair<std::uint64_t, entry>>& fresh) {
    if (fresh.empty()) return;
    std::vector<advance_row> rows;
    for (const auto& [hash, made] : fresh) {
      const std::span<const token_id> text = made.text;
      rows.push_back({made.sequence.id(), text.last(made.own_tokens)});
    }
    const std::size_t vocabulary = model_->vocabulary_size();
    std::vector<float> logits(rows.size() * vocabulary);
    model_->advance(rows, logits);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const auto row = std::span<const float>(logits).subspan(i * vocabulary, vocabulary);
      fresh[i].second.logits.assign(row.begin(), row.end());
    }
  }

  void insert(std::uint64_t hash, entry made) {
    held_ += made.own_tokens;
    entries_.emplace(hash, std::move(made));
  }

  Model* model_;
  std::size_t capacity_;
  std::size_t held_ = 0;
  std::uint64_t clock_ = 0;
  std::unordered_multimap<std::uint64_t, entry> entries_;
};

}  // namespace outthink
