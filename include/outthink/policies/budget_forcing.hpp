// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/when_all.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Makes a reasoning model think longer than it would, or no longer than it may.
///
/// How it works: the model thinks until it writes `end_of_thinking` or ends its text. If that comes
/// too early, with fewer than `min_thinking` tokens and for the first `waits` times, the end is
/// taken away, `wait` put in its place, and the model thinks on. After `max_thinking` tokens it is
/// cut, and `end_of_thinking` and `forced_answer` are written for it. Then it writes its answer as
/// solutions are written otherwise. Each stretch of thinking is one step, the text put behind it
/// included.
///
/// Requires: samples ≥ 1, waits ≥ 0, max_thinking ≥ 1, and a `wait` and an `end_of_thinking`.
/// Cost: per sample up to `waits` + 2 generations, one scoring. `wait` counts as `wait_tokens` of
/// `max_thinking`; `outcome::spent` counts what the model wrote.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: a sample depends on the samples beside it by its number alone.
/// Reference: N. Muennighoff et al. 2025, arXiv:2501.19393 (s1): its NUM_IGNORE is `waits`, with a
/// `min_thinking` above `max_thinking` as here by default.
struct budget_forcing {
  int samples = 1;                           ///< solutions, independent of each other
  int waits = 1;                             ///< ends of thinking that are ignored, at most
  std::uint32_t min_thinking = ~0U;          ///< tokens of thinking from which on an end stands
  std::uint32_t max_thinking = 4096;         ///< tokens of thinking at which it is cut
  std::string wait = "Wait";                 ///< what the model reads in place of an ignored end
  std::uint32_t wait_tokens = 1;             ///< tokens that `wait` counts as
  std::string end_of_thinking = "</think>";  ///< what the model ends its thinking with
  std::string forced_answer = "\nFinal Answer:";  ///< written after an end that was forced

  task<candidate_nodes> operator()(search auto& s) const {
    require(samples >= 1 && waits >= 0 && max_thinking >= 1,
            "budget_forcing: samples and max_thinking must be at least 1, waits at least 0");
    require(!wait.empty() && !end_of_thinking.empty(),
            "budget_forcing: wait and end_of_thinking must not be empty");
    std::vector<task<node_id>> thinking;
    for (int i = 0; i < samples; ++i) thinking.push_back(think(s));
    const frontier thoughts = co_await when_all(std::move(thinking));
    const auto solutions = co_await s.complete(thoughts, 1);
    static_cast<void>(co_await s.score(solutions));
    s.retire(solutions);
    co_return s.candidates();
  }

 private:
  // One sample's thinking, closed: the node after which the answer is to be written.
  task<node_id> think(auto& s) const {
    step_rule stretch{.delimiter = "", .stops = {end_of_thinking}};
    frontier at{s.root()};
    std::uint32_t used = 0;
    for (int ignored = 0;; ++ignored) {
      stretch.max_tokens = max_thinking - used;
      const auto drawn = co_await s.extend(at, 1, stretch);
      at.assign(drawn.begin(), drawn.end());
      if (at.empty()) co_return s.root();
      used += s.tree().payload(at[0]).tokens;
      const bool cut = s.tree().status(at[0]) == node_status::truncated || used >= max_thinking;
      if (cut || used >= min_thinking || ignored == waits || wait_tokens >= max_thinking - used) {
        put_behind(s.tree(), at[0], cut ? end_of_thinking + forced_answer : end_of_thinking);
        co_return at[0];
      }
      put_behind(s.tree(), at[0], wait);
      used += wait_tokens;
    }
  }

  // Takes the end of thinking off the step's text and puts `text` there; the trace goes on.
  void put_behind(auto& tree, node_id node, const std::string& text) const {
    const auto step = tree.payload(node);
    const std::string thought(step.text.substr(0, step.text.find(end_of_thinking)));
    tree.set_payload(node, {thought + text, step.tokens, step.logprob}, node_status::open);
  }
};

}  // namespace outthink
