// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/outcome.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstddef>

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
/// Models in this library: `no_observer`, `progress_bar`.
/// Smallest model: `tests/archetypes/observer.hpp`.
template <class O>
concept observer = requires(O& o, const progress& p, std::size_t i, const outcome& r) {
  o.on_batch(p);
  o.on_outcome(i, r);
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
