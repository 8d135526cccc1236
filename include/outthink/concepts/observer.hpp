// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/outcome.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace outthink {

/// Where a run stands.
struct progress {
  std::size_t done = 0;   ///< problems that have an outcome
  std::size_t live = 0;   ///< problems whose search is under way
  std::size_t total = 0;  ///< problems in all
  usage spent;            ///< by all of them so far
  double seconds = 0;     ///< wall time since the run began
};

/// @brief Is told how a run goes; it cannot change its result.
///
/// Expressions:
/// * `o.on_batch(p)`: after every batch that was answered; `p` is a `const progress&`.
/// * `o.on_outcome(i, r)`: when problem `i` has ended, in no particular order; `r` is a
///   `const outcome&`.
///
/// Models in this library: `no_observer`, `progress_bar`, `event_log`, `chrome_trace`, `observers`.
/// Smallest model: `tests/archetypes/observer.hpp`.
template <class O>
concept observer = requires(O& o, const progress& p, std::size_t i, const outcome& r) {
  o.on_batch(p);
  o.on_outcome(i, r);
};

/// What a `run_event` tells of.
enum class event_kind : std::uint8_t {
  search_began,
  search_ended,
  batch_began,  ///< requests go to a service together
  batch_ended,
  request_began,  ///< a request goes to its service, in a batch or alone
  request_ended,
};

/// Whom a batch or a request is for.
enum class service_role : std::uint8_t {
  model,
  verifier,
  other,  ///< a service that the policy brought along
};

/// The kind as a word.
[[nodiscard]] constexpr std::string_view to_string(event_kind kind) noexcept {
  switch (kind) {
    case event_kind::search_began:
      return "search_began";
    case event_kind::search_ended:
      return "search_ended";
    case event_kind::batch_began:
      return "batch_began";
    case event_kind::batch_ended:
      return "batch_ended";
    case event_kind::request_began:
      return "request_began";
    case event_kind::request_ended:
      return "request_ended";
  }
  return "unknown";
}

/// The role as a word.
[[nodiscard]] constexpr std::string_view to_string(service_role role) noexcept {
  switch (role) {
    case service_role::model:
      return "model";
    case service_role::verifier:
      return "verifier";
    case service_role::other:
      return "other";
  }
  return "unknown";
}

/// @brief One thing that happened in a run.
///
/// A search is known by its problem. A request is known by service, problem and request; it may be
/// sent again after it failed with its batch, but is under way once at a time. A batch is known by
/// its first request, which is the event's.
struct run_event {
  event_kind kind = event_kind::search_began;
  service_role service = service_role::model;  ///< of a batch or a request
  bool failed = false;                         ///< what ended, ended without an answer
  std::uint32_t slot = 0;     ///< where the search runs: one search at a time, below `max_live`
  std::uint32_t problem = 0;  ///< index of the search's problem
  std::uint32_t request = 0;  ///< tells the requests of a search to a service apart
  std::uint32_t size = 1;     ///< of a batch: its requests
  cost spent{};               ///< of a request that ended
  double seconds = 0;         ///< wall time since the run began
  const outcome* result = nullptr;  ///< of a search that ended; valid during the call
};

/// @brief An observer that is also told of single searches, batches and requests.
///
/// Expressions, beside those of `observer`:
/// * `o.on_event(e)`: at once when it happens; `e` is a `const run_event&`. `search_ended` comes
///   right before the problem's `on_outcome`. A service that is asked one by one has requests
///   without batches. Requests that are given up when a run is cancelled do not end.
///
/// Models in this library: `event_log`, `chrome_trace`, `observers`.
template <class O>
concept event_observer = observer<O> && requires(O& o, const run_event& e) {
  o.on_event(e);
};

namespace detail {

/// Says in a sentence what `observer` asks of a type.
template <class O>
consteval bool diagnose_observer() {
  static_assert(observer<O>,
                "outthink: an observer needs `on_batch(const progress&)` and "
                "`on_outcome(std::size_t, const outcome&)`");
  return observer<O>;
}

}  // namespace detail

/// The observer that looks away, at no cost.
struct no_observer {
  void on_batch(const progress&) const noexcept {}
  void on_outcome(std::size_t, const outcome&) const noexcept {}
};

}  // namespace outthink
