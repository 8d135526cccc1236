// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>

namespace outthink::backends {

/// A part of a sequence that others may begin with: the problem, or a step after it.
struct prefix_piece {
  std::uint64_t key;  ///< names the piece and all that is before it
  double tokens;
};

/// @brief Which keys and values a replica holds: those of the sequences that it writes, and what is
/// left of earlier ones for as long as there is room.
///
/// How it works: a sequence is a path of pieces and tokens of its own. A piece that several
/// sequences have is held once. What nobody uses any more is kept and forgotten when its room is
/// needed, that which was used longest ago first, ends of a path before its beginning.
/// Shapes and units: tokens. Requires: `release` of what was taken. Cost: O(path), amortised.
/// Errors: none. Determinism: a function of the calls. Numerics: what is in use may exceed the
/// capacity if the caller takes it without asking for room.
class kv_memory {
 public:
  explicit kv_memory(double capacity) : capacity_(capacity) {}
  kv_memory(kv_memory&&) = default;
  kv_memory& operator=(kv_memory&&) = default;

  /// Tokens at the beginning of the path that are held.
  [[nodiscard]] double held(std::span<const prefix_piece> path) const {
    double tokens = 0;
    for (const prefix_piece& piece : path) {
      if (!pieces_.contains(piece.key)) break;
      tokens += piece.tokens;
    }
    return tokens;
  }

  /// True if a sequence finds room beside those in use.
  [[nodiscard]] bool has_room(std::span<const prefix_piece> path, double own) const {
    double needed = own;
    if (in_use_ + needed > capacity_) return false;
    for (const prefix_piece& piece : path) {
      const auto found = pieces_.find(piece.key);
      if (found == pieces_.end() || found->second.users == 0) needed += piece.tokens;
    }
    return in_use_ + needed <= capacity_;
  }

  /// A sequence begins.
  void take(std::span<const prefix_piece> path, double own) {
    in_use_ += own;
    for (const prefix_piece& piece : path) {
      const auto [at, is_new] = pieces_.try_emplace(piece.key, held_piece{piece.tokens, 0, {}});
      if (at->second.users++ > 0) continue;
      in_use_ += piece.tokens;
      if (is_new) continue;
      spare_ -= piece.tokens;
      unused_.erase(at->second.place);
    }
    make_room();
  }

  /// A sequence ends. Its own tokens are kept as the piece `written`; 0: they are not.
  void release(std::span<const prefix_piece> path, double own, std::uint64_t written) {
    in_use_ -= own;
    if (written != 0 && pieces_.try_emplace(written, held_piece{own, 0, {}}).second) keep(written);
    for (std::size_t i = path.size(); i-- > 0;) {
      held_piece& piece = pieces_.at(path[i].key);
      if (--piece.users > 0) continue;
      in_use_ -= piece.tokens;
      keep(path[i].key);
    }
    make_room();
  }

  /// Forgets everything.
  void clear() {
    pieces_.clear();
    unused_.clear();
    in_use_ = spare_ = 0;
  }

  /// Tokens of the sequences that have not ended.
  [[nodiscard]] double in_use() const noexcept { return in_use_; }

 private:
  struct held_piece {
    double tokens;
    std::uint32_t users;
    std::list<std::uint64_t>::iterator place;  // in `unused_`, if nobody uses it
  };

  void keep(std::uint64_t key) {
    held_piece& piece = pieces_.at(key);
    spare_ += piece.tokens;
    piece.place = unused_.insert(unused_.end(), key);
  }

  void make_room() {
    while (in_use_ + spare_ > capacity_ && !unused_.empty()) {
      const auto oldest = pieces_.find(unused_.front());
      spare_ -= oldest->second.tokens;
      pieces_.erase(oldest);
      unused_.pop_front();
    }
  }

  double capacity_;
  double in_use_ = 0;
  double spare_ = 0;  // of pieces that nobody uses
  std::unordered_map<std::uint64_t, held_piece> pieces_;
  std::list<std::uint64_t> unused_;  // the one used longest ago first
};

}  // namespace outthink::backends
