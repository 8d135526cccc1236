// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/token_model.hpp>

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

namespace detail {

inline bool same_tokens(std::span<const token_id> a, std::span<const token_id> b) noexcept {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) equal = a[i] == b[i];
  return equal;
}

}  // namespace detail

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
/// Past `capacity` tokens, what was not used in the later half of the cache's history is forgotten;
/// sequences that were forked from it live on.
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
    std::uint64_t hash;  ///< of `text`
    tokens text;
    owned_sequence<Model> sequence;
    std::vector<float> logits;  ///< [vocabulary] after the last token
    std::size_t own_tokens;     ///< tokens not shared with the entry it was forked from
    std::uint64_t last_used;
  };

  prefix_cache(Model& model, std::size_t capacity) : model_(&model), capacity_(capacity) {}

  /// The entries of `prefixes`, each non-empty, evaluating in one batch those that are not known.
  std::vector<const entry*> ensure(std::span<const tokens> prefixes) {
    std::vector<entry> fresh;
    std::vector<std::uint64_t> keys;
    for (const tokens& prefix : prefixes) {
      const std::vector<std::uint64_t> hashes = prefix_hashes(prefix);
      keys.push_back(hashes.back());
      if (find(hashes.back(), prefix) != nullptr || is_among(fresh, hashes.back(), prefix))
        continue;
      fresh.push_back(fork_longest(hashes, prefix));
    }
    evaluate(fresh);
    for (entry& made : fresh) insert(std::move(made));
    std::vector<const entry*> found;
    found.reserve(prefixes.size());
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      entry* known = find(keys[i], prefixes[i]);
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
    insert({hash,
            std::move(text),
            std::move(sequence),
            {logits.begin(), logits.end()},
            own,
            ++clock_});
  }

  /// Forgets what was used longest ago until the entries hold at most `capacity` tokens.
  void trim() {
    while (held_ > capacity_) {
      std::uint64_t oldest = clock_;
      for_each([&](const entry& known) {
        oldest = known.last_used < oldest ? known.last_used : oldest;
      });
      const std::uint64_t middle = oldest + (clock_ - oldest) / 2;
      for (bucket& entries : table_) {
        entries.remove_if([middle](const entry& known) { return known.last_used <= middle; });
      }
      held_ = 0;
      for_each([&](const entry& known) { held_ += known.own_tokens; });
    }
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
    for (entry& known : table_[hash % kBuckets]) {
      if (known.hash == hash && detail::same_tokens(known.text, text)) return &known;
    }
    return nullptr;
  }

  static bool is_among(const std::vector<entry>& fresh, std::uint64_t hash, const tokens& text) {
    for (const entry& made : fresh) {
      if (made.hash == hash && made.text == text) return true;
    }
    return false;
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const bucket& entries : table_) {
      for (const entry& known : entries) visit(known);
    }
  }

  entry fork_longest(const std::vector<std::uint64_t>& hashes, const tokens& text) {
    for (std::size_t length = text.size() - 1; length > 0; --length) {
      entry* known = find(hashes[length - 1], std::span(text).first(length));
      if (known == nullptr) continue;
      known->last_used = ++clock_;
      return {hashes.back(), text, known->sequence.fork(), {}, text.size() - length, ++clock_};
    }
    return {hashes.back(), text, {*model_, model_->open()}, {}, text.size(), ++clock_};
  }

  void evaluate(std::vector<entry>& fresh) {
    if (fresh.empty()) return;
    std::vector<advance_row> rows;
    for (const entry& made : fresh) {
      const std::span<const token_id> text = made.text;
      rows.push_back({made.sequence.id(), text.last(made.own_tokens)});
    }
    const std::size_t vocabulary = model_->vocabulary_size();
    std::vector<float> logits(rows.size() * vocabulary);
    model_->advance(rows, logits);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const auto row = std::span<const float>(logits).subspan(i * vocabulary, vocabulary);
      fresh[i].logits.assign(row.begin(), row.end());
    }
  }

  void insert(entry made) {
    held_ += made.own_tokens;
    table_[made.hash % kBuckets].push_front(std::move(made));
  }

  using bucket = std::forward_list<entry>;
  static constexpr std::size_t kBuckets = 1024;

  Model* model_;
  std::size_t capacity_;
  std::size_t held_ = 0;
  std::uint64_t clock_ = 0;
  std::vector<bucket> table_ =
      std::vector<bucket>(kBuckets);  // a hash table whose entries never move
};

}  // namespace outthink
