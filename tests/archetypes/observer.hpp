// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>

namespace archetypes {

/// The smallest observer: counts what it is told.
class call_counter {
 public:
  explicit call_counter(int& calls) : calls_(&calls) {}
  call_counter(call_counter&&) = default;

  void on_batch(const outthink::progress&) { ++*calls_; }
  void on_outcome(std::size_t, const outthink::outcome&) { ++*calls_; }

 private:
  int* calls_;
};

}  // namespace archetypes
