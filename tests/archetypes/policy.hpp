// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/policy.hpp>

namespace archetypes {

/// The smallest policy: one attempt.
class one_attempt {
 public:
  explicit one_attempt(int attempts) : attempts_(attempts) {}
  one_attempt(one_attempt&&) = default;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const auto solutions = co_await s.complete(s.root(), attempts_);
    s.retire(solutions);
    co_return s.candidates();
  }

 private:
  int attempts_;
};

}  // namespace archetypes
