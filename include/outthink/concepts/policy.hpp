// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/task.hpp>

#include <concepts>

namespace outthink {

/// @brief Decides which traces to extend, and when to stop: a coroutine over a search.
///
/// Semantic requirements that the compiler cannot check:
/// 1. A policy holds options only; what a run accumulates lives in the coroutine and in the tree,
///    so that one policy object serves any number of searches at once.
/// 2. It comes to an end, and waits for nothing but the search, services and other tasks.
/// 3. Its randomness comes from `s.random()`.
///
/// Expressions:
/// * `p(s)`: a `task` that gives the candidates, usually `s.candidates()`.
///
/// Models in this library: the headers of `policies/`.
/// Smallest model: `tests/archetypes/policy.hpp`.
template <class P, class Search>
concept policy = search<Search> && requires(const P& p, Search& s) {
  { p(s) } -> std::same_as<task<candidate_nodes>>;
};

namespace detail {

/// Says in a sentence which requirement of `policy` a type lacks.
template <class P, class Search>
consteval bool diagnose_policy() {
  static_assert(
      policy<P, Search>,
      "outthink: a policy needs `task<candidate_nodes> operator()(search auto& s) const`: "
      "a coroutine that co_returns the finished nodes, usually s.candidates()");
  return policy<P, Search>;
}

}  // namespace detail

}  // namespace outthink
