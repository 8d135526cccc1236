// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/task.hpp>

#include <functional>

namespace outthink::test {

/// A policy whose tree is looked at when it has ended.
template <class Policy>
struct watched {
  Policy policy;
  std::function<void(const text_tree&)> look;

  task<candidate_nodes> operator()(search auto& s) const {
    candidate_nodes found = co_await policy(s);
    look(s.tree());
    co_return found;
  }
};

template <class Policy, class Look>
watched(Policy, Look) -> watched<Policy>;

}  // namespace outthink::test
