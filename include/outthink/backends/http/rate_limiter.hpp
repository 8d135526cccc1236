// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>

namespace outthink::backends::http {

/// @brief Holds requests back so that no minute has more of them, or more tokens, than it may.
///
/// How it works: remembers the requests of the last 60 seconds, each with its tokens: what it may
/// cost at most while it is under way, what it did cost afterwards. A request goes when that leaves
/// room for it. Several services that share one limiter share its limits.
///
/// Requires: `now` never goes back; seconds of one clock; used from one thread. Cost: 16 bytes for
/// each request of the last minute; amortised O(1) a request. Errors: none: a request with more
/// tokens than a minute may have goes alone, when the minute before had none. Determinism: a
/// function of what it is told.
class rate_limiter {
 public:
  static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  static constexpr double kMinute = 60;

  /// Most requests and tokens in any 60 seconds; at least 1 each.
  explicit rate_limiter(std::uint64_t requests, std::uint64_t tokens = unlimited) noexcept
      : requests_(std::max<std::uint64_t>(requests, 1)),
        tokens_(std::max<std::uint64_t>(tokens, 1)) {}

  /// The earliest time, not before `now`, at which a request of `tokens` may be sent.
  [[nodiscard]] double ready(std::uint64_t tokens, double now) {
    forget(now);
    const std::uint64_t wanted = std::min(tokens, tokens_);
    std::uint64_t held = held_;
    std::size_t gone = 0;  // requests that must be older than a minute
    while (gone < recent_.size() &&
           (recent_.size() - gone >= requests_ || held > tokens_ - wanted)) {
      held -= recent_[gone++].tokens;
    }
    return gone == 0 ? now : recent_[gone - 1].at + kMinute;
  }

  /// Notes a request that is sent now; its number, for `settle`.
  std::uint64_t take(std::uint64_t tokens, double now) {
    recent_.push_back({now, std::min(tokens, tokens_)});
    held_ += recent_.back().tokens;
    return first_ + recent_.size() - 1;
  }

  /// Notes what the request of that number did cost.
  void settle(std::uint64_t number, std::uint64_t tokens) noexcept {
    if (number < first_ || number - first_ >= recent_.size()) return;  // longer ago
    std::uint64_t& noted = recent_[static_cast<std::size_t>(number - first_)].tokens;
    held_ -= noted;
    noted = std::min(tokens, tokens_);
    held_ += noted;
  }

 private:
  struct entry {
    double at;
    std::uint64_t tokens;
  };

  void forget(double now) {
    while (!recent_.empty() && recent_.front().at + kMinute <= now) {
      held_ -= recent_.front().tokens;
      recent_.pop_front();
      ++first_;
    }
  }

  std::uint64_t requests_;
  std::uint64_t tokens_;
  std::deque<entry> recent_;
  std::uint64_t first_ = 0;  // number of the oldest that is remembered
  std::uint64_t held_ = 0;   // sum of their tokens
};

}  // namespace outthink::backends::http
