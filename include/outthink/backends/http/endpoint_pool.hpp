// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/circuit_breaker.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink::backends::http {

/// @brief Says which of several servers of the same model gets the next request.
///
/// How it works: a request without an affinity goes where the fewest are under way. One with an
/// affinity (a search's number) goes to the first server in an order that a hash of the affinity
/// gives, so that all continuations of a search meet the cache that holds its trace; but not to a
/// server that has more than 5/4 of the mean load, which passes it on to the next in that order. A
/// request that failed at a server goes to another one, if there is one. Servers whose
/// `circuit_breaker` is open get nothing; if all are open, all get requests again, as nothing
/// better is left.
///
/// Requires: `now` never goes back; seconds. Cost: O(servers) a request; no memory of searches.
/// Errors: none. Determinism: a function of what it is told; ties go to the server named first.
/// Reference: D. Thaler, C. Ravishankar 1998, "Using name-based mappings to increase hit rates"
/// (highest random weight); V. Mirrokni et al. 2018, arXiv:1608.01350 (bounded loads).
class endpoint_pool {
 public:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  endpoint_pool(std::size_t count, std::size_t concurrency, breaker_policy policy, bool checks)
      : concurrency_(concurrency), endpoints_(count, {circuit_breaker(policy, checks), 0}) {}

  [[nodiscard]] std::size_t size() const noexcept { return endpoints_.size(); }
  [[nodiscard]] std::size_t under_way(std::size_t i) const { return endpoints_[i].under_way; }
  [[nodiscard]] const circuit_breaker& breaker(std::size_t i) const {
    return endpoints_[i].breaker;
  }

  /// Requests that the servers in use take at a time.
  [[nodiscard]] std::size_t capacity() const noexcept {
    const auto closed = std::count_if(endpoints_.begin(), endpoints_.end(),
                                      [](const endpoint& at) { return at.breaker.closed(); });
    return concurrency_ * (closed == 0 ? size() : static_cast<std::size_t>(closed));
  }

  /// The server for a request, which counts as sent to it; `none` if none takes one now.
  /// `affinity` 0 is none; `avoid` is the server where it failed, or `none`.
  [[nodiscard]] std::size_t choose(std::uint64_t affinity, std::size_t avoid, double now) {
    const bool desperate = all_open();
    const auto takes = [&](const endpoint& at) { return desperate || at.breaker.admits(now); };
    std::size_t in_use = 0, load = 0;
    for (const endpoint& at : endpoints_) {
      in_use += takes(at) ? 1 : 0;
      load += takes(at) ? at.under_way : 0;
    }
    const std::size_t most = 1 + (load + load / 4) / std::max<std::size_t>(in_use, 1);
    std::size_t best = none;
    rank best_rank{};
    for (std::size_t i = 0; i < size(); ++i) {
      const endpoint& at = endpoints_[i];
      if (!takes(at) || at.under_way >= concurrency_) continue;
      const rank of{i == avoid, affinity != 0 && at.under_way >= most,
                    affinity != 0 ? mix_bits(affinity, i) : at.under_way};
      if (best == none || of < best_rank) {
        best = i;
        best_rank = of;
      }
    }
    if (best == none) return none;
    ++endpoints_[best].under_way;
    endpoints_[best].breaker.sent();
    return best;
  }

  /// A request to server `i` ended: with an answer, by the server's fault, or given up.
  void succeeded(std::size_t i) { leave(i).succeeded(); }
  void failed(std::size_t i, double now) { leave(i).failed(now); }
  void withdrawn(std::size_t i) { leave(i).withdrawn(); }

  /// A server whose health should be asked for now, which counts as asked; `none` if there is none.
  [[nodiscard]] std::size_t next_check(double now) {
    for (std::size_t i = 0; i < size(); ++i) {
      if (!endpoints_[i].breaker.wants_check(now)) continue;
      endpoints_[i].breaker.sent();
      return i;
    }
    return none;
  }
  void checked(std::size_t i, bool passed, double now) {
    endpoints_[i].breaker.checked(passed, now);
  }

  /// When the next open breaker's rest is over; infinity if none rests.
  [[nodiscard]] double next_change(double now) const noexcept {
    double next = std::numeric_limits<double>::infinity();
    for (const endpoint& at : endpoints_) {
      const double until = at.breaker.rests_until();
      if (!at.breaker.closed() && until > now) next = std::min(next, until);
    }
    return next;
  }

 private:
  struct endpoint {
    circuit_breaker breaker;
    std::size_t under_way;
  };
  struct rank {
    bool avoided;
    bool loaded;
    std::uint64_t order;
    auto operator<=>(const rank&) const = default;
  };

  [[nodiscard]] bool all_open() const noexcept {
    return std::none_of(endpoints_.begin(), endpoints_.end(),
                        [](const endpoint& at) { return at.breaker.closed(); });
  }
  circuit_breaker& leave(std::size_t i) {
    --endpoints_[i].under_way;
    return endpoints_[i].breaker;
  }

  std::size_t concurrency_;
  std::vector<endpoint> endpoints_;
};

}  // namespace outthink::backends::http
