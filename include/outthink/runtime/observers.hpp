// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>

#include <cstddef>
#include <tuple>

namespace outthink {

/// @brief Several observers as one.
///
/// How it works: each is told in the order given; of events those that ask for them.
/// Requires: the observers outlive it. Cost: that of the observers. Errors: those of the observers;
/// if one throws, those after it are not told. Example: examples/watch_a_run.cpp.
template <observer... Observers>
class observers {
 public:
  explicit observers(Observers&... each) noexcept : each_(each...) {}

  void on_batch(const progress& now) {
    std::apply([&](Observers&... each) { (each.on_batch(now), ...); }, each_);
  }

  void on_outcome(std::size_t i, const outcome& result) {
    std::apply([&](Observers&... each) { (each.on_outcome(i, result), ...); }, each_);
  }

  void on_event(const run_event& event) requires(event_observer<Observers> || ...) {
    std::apply([&](Observers&... each) { (tell(each, event), ...); }, each_);
  }

 private:
  template <class Observer>
  static void tell(Observer& told, const run_event& event) {
    if constexpr (event_observer<Observer>) told.on_event(event);
  }

  std::tuple<Observers&...> each_;
};

}  // namespace outthink
