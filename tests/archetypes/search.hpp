// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/step_rule.hpp>

#include <coroutine>

namespace archetypes {

template <class Result>
struct at_once {  // what a search that never waits gives to be awaited
  Result result;
  bool await_ready() const { return true; }
  void await_suspend(std::coroutine_handle<>) const {}
  Result await_resume() { return result; }
};

/// The smallest search: its problem has no solution, so that nothing is ever found.
class fruitless_search {
 public:
  using nodes = outthink::frontier;
  outthink::node_id root() const { return outthink::text_tree::root(); }
  outthink::text_tree& tree() { return tree_; }
  at_once<outthink::node_range> extend(const auto&, int) { return {}; }
  at_once<outthink::node_range> extend(const auto&, int, outthink::sampling_options) { return {}; }
  at_once<outthink::node_range> extend(const auto&, int, outthink::step_rule) { return {}; }
  at_once<nodes> complete(const auto&, int) { return {}; }
  at_once<std::vector<float>> score(const auto&, outthink::step_reduction = {}) { return {}; }
  nodes distinct(const auto&) { return {}; }
  nodes retire(const auto&) { return {}; }
  nodes keep_best(const auto&, std::span<const float>, int) { return {}; }
  nodes candidates() { return {}; }
  const char* answer(outthink::node_id) const { return ""; }
  fruitless_search branch() { return {}; }
  fruitless_search branch(std::string_view) { return {}; }
  outthink::random_stream& random() { return random_; }

 private:
  outthink::text_tree tree_{{.text = "a problem"}};
  outthink::random_stream random_{{.key = 1, .place = 2}};
};

}  // namespace archetypes
