// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/frontier.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace outthink {

namespace detail {

/// The roots of new branches, one for each prompt.
template <class Search>
frontier branches(Search& s, const std::vector<std::string>& prompts) {
  frontier roots;
  for (const std::string& prompt : prompts) roots.push_back(s.branch(prompt).root());
  return roots;
}

}  // namespace detail

/// @brief What the model writes under prompts of a policy's own that serves the search and is no
/// solution: a plan, a critique, another question.
///
/// Gives one text for each prompt, in order; one that was cut is given as far as it goes.
/// Requires: a search. Cost: one generation for each prompt, all in one round. Errors: the model's.
/// Determinism: a text depends on its prompt and its place, not on the other texts.
template <class Search>
task<std::vector<std::string>> prompted_texts(Search& s, std::vector<std::string> prompts) {
  const frontier asked = detail::branches(s, prompts);
  const frontier written = co_await s.complete(asked, 1);
  std::vector<std::string> texts(prompts.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    texts[i] = trace_view(s.tree(), written[i]).solution();
    s.tree().set_status(written[i], node_status::closed);
  }
  co_return texts;
}

/// @brief Solutions that the model writes under prompts of a policy's own, placed below the
/// problem itself, where verifiers read them; gives the nodes at which they end.
///
/// Otherwise as `prompted_texts`.
template <class Search>
task<frontier> prompted_solutions(Search& s, std::vector<std::string> prompts) {
  const frontier asked = detail::branches(s, prompts);
  const frontier written = co_await s.complete(asked, 1);
  frontier placed;
  for (const node_id end : written) {
    placed.push_back(graft(s.tree(), end, s.root()));
    s.tree().set_status(end, node_status::closed);  // the copy stands for it
  }
  co_return placed;
}

}  // namespace outthink
