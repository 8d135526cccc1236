// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// The prompt of a revision that a model trained for it reads: the problem, then the attempts, each
/// on a line of its own.
struct attempts_in_a_row {
  [[nodiscard]] std::string operator()(std::string_view problem,
                                       std::span<const std::string> attempts) const {
    std::string prompt(problem);
    for (const std::string& attempt : attempts) {
      prompt += attempt;
      if (!attempt.ends_with('\n')) prompt += '\n';
    }
    return prompt;
  }
};

/// @brief Lets the model revise its answer again and again, in chains side by side.
///
/// How it works: `chains` first solutions; then, `length - 1` times, a new solution in each chain
/// under a prompt that shows the problem and the chain's latest `shown` attempts, as `prompt`
/// writes it. All attempts become candidates, chain by chain, since a revision may spoil what was
/// right: `hierarchical_vote{.group = length}` takes the best of each chain, then among the chains;
/// `majority_vote` and `best_score` pool them. One chain is purely sequential, chains of length 1
/// are repeated sampling.
///
/// Requires: counts ≥ 1; `prompt(problem, attempts)` gives a text, attempts from oldest to latest.
/// Cost: `chains · length` generations and scorings in 2 · `length` rounds.
/// Errors: `errc::invalid_argument` for options below 1; what `prompt` throws.
/// Determinism: a chain depends on the chains beside it by its number alone.
/// Numerics: an attempt that was cut is shown but is no candidate; chains with such an attempt come
/// after those that are whole, whose groups so stay together. If the budget ends the search, the
/// candidates are in the order in which they were written.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, section 6, where `shown` is 4. Its verifier
/// reads the earlier attempts, too: `judge_in_context`.
template <class Prompt = attempts_in_a_row>
struct sequential_revisions {
  int chains = 4;                 ///< side by side
  int length = 4;                 ///< attempts in a chain
  int shown = 4;                  ///< latest attempts that a revision sees, at most
  bool judge_in_context = false;  ///< the verifier reads the revision's prompt, not the problem
  Prompt prompt{};                ///< writes the prompt of a revision

  task<candidate_nodes> operator()(search auto& s) const {
    require(chains >= 1 && length >= 1 && shown >= 1,
            "sequential_revisions: chains, length and shown must be at least 1");
    std::vector<chain> all(static_cast<std::size_t>(chains));
    frontier prompts(all.size(), s.root());
    for (int round = 0; round < length; ++round) {
      const auto written = co_await s.complete(prompts, 1);
      frontier finished;
      for (std::size_t i = 0; i < written.size(); ++i) {
        all[i].texts.push_back(trace_view(s.tree(), written[i]).solution());
        if (s.tree().status(written[i]) != node_status::finished) continue;
        all[i].ends.push_back(placed(s, written[i], round == 0));
        finished.push_back(all[i].ends.back());
      }
      static_cast<void>(co_await s.score(finished));
      for (std::size_t i = 0; i < written.size() && round + 1 < length; ++i) {
        prompts[i] = revision_of(s, all[i].texts);
      }
    }
    for (const bool whole : {true, false}) {
      for (const chain& one : all) {
        if ((one.ends.size() == one.texts.size()) == whole) s.retire(one.ends);
      }
    }
    co_return s.candidates();
  }

 private:
  struct chain {
    std::vector<std::string> texts;  // of all attempts
    frontier ends;                   // of those that are finished
  };

  // The attempt that ends at `end`, as the verifier shall read it.
  [[nodiscard]] node_id placed(auto& s, node_id end, bool first) const {
    if (first || judge_in_context) return end;
    const node_id copy = graft(s.tree(), end, s.root());
    s.tree().set_status(end, node_status::closed);  // the copy stands for it
    return copy;
  }

  [[nodiscard]] node_id revision_of(auto& s, std::span<const std::string> attempts) const {
    const auto most = static_cast<std::size_t>(shown);
    const auto latest = attempts.size() > most ? attempts.last(most) : attempts;
    return s.branch(prompt(trace_view(s.tree(), s.root()).prompt(), latest)).root();
  }
};

}  // namespace outthink
