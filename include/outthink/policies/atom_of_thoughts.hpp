// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/prompted.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/policies/atom_of_thoughts/atom_prompts.hpp>
#include <outthink/policies/atom_of_thoughts/question_graph.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief Makes a question easier, step by step, until it is atomic: Atom of Thoughts.
///
/// How it works: a solution is taken apart into sub-questions that need each other's answers. Those
/// that need none count as known, and the model contracts the others into one question that states
/// them; that question is solved and taken apart in its turn. Each question depends on the one
/// before it alone. It ends where no sub-question needs another, or after `contractions`. The
/// candidates are, in this order, a direct solution, the solution that was taken apart, and the
/// last contracted question's; `majority_vote` takes the first of equals, as published, where a
/// judge (`gen_select`) chooses.
///
/// Requires: contractions ≥ 0, tries ≥ 1; prompts that give texts.
/// Cost: 2 generations, and for each contraction at most `tries` + 2; 3 scorings. A solution whose
/// sub-questions need each other in a circle `tries` times is not contracted.
/// Errors: `errc::invalid_argument` for options out of range, what prompts throw.
/// Determinism: none of its own randomness.
/// Reference: F. Teng et al. 2025, arXiv:2502.12018. The paper contracts until the question is
/// atomic, its code once; the code's depth is a number of links, of the shortest ways, and at most
/// 3, where `longest_chain` counts the questions of the longest.
template <class Prompts = atom_prompts>
struct atom_of_thoughts {
  int contractions = 3;  ///< at most, one after the other
  int tries = 3;         ///< to take a solution apart without a circle
  Prompts prompts{};     ///< writes the prompts

  task<candidate_nodes> operator()(search auto& s) const {
    require(contractions >= 0 && tries >= 1,
            "atom_of_thoughts: contractions must be at least 0, tries at least 1");
    frontier ends = co_await s.complete(s.root(), 2);
    if (ends.size() == 2) {
      const node_id last = co_await contracted(s, ends[1]);
      if (last != node_id::none) ends.push_back(last);
    }
    static_cast<void>(co_await s.score(ends));
    s.retire(ends);
    co_return s.candidates();
  }

 private:
  // The solution of the last contracted question; none if the question is atomic.
  task<node_id> contracted(auto& s, node_id from) const {
    std::string question(trace_view(s.tree(), s.root()).prompt());
    std::string solution = trace_view(s.tree(), from).solution();
    node_id last = node_id::none;
    for (int i = 0; i < contractions; ++i) {
      const auto parts = co_await decomposed(s, question, solution);
      if (longest_chain(parts).value_or(0) < 2) break;
      std::vector<std::string> wish{prompts.contract(question, solution, parts)};
      const auto replies = co_await prompted_texts(s, wish);
      question = between(replies[0], "<question>", "</question>");
      if (question.empty()) break;
      const frontier solved = co_await s.complete(s.branch(prompts.solve(question)).root(), 1);
      if (solved.empty()) break;
      solution = trace_view(s.tree(), solved[0]).solution();
      if (last != node_id::none) s.tree().set_status(last, node_status::closed);
      last = graft(s.tree(), solved[0], s.root());
      s.tree().set_status(solved[0], node_status::closed);  // the copy stands for it
    }
    co_return last;
  }

  // Sub-questions without a circle; none if no try gave them.
  task<std::vector<sub_question>> decomposed(auto& s, const std::string& question,
                                             const std::string& solution) const {
    for (int i = 0; i < tries; ++i) {
      std::vector<std::string> wish{prompts.decompose(question, solution)};
      const auto lists = co_await prompted_texts(s, wish);
      std::vector<sub_question> parts = read_sub_questions(lists[0]);
      if (longest_chain(parts)) co_return parts;
    }
    co_return std::vector<sub_question>();
  }

  static std::string between(std::string_view text, std::string_view open, std::string_view close) {
    const std::size_t begin = text.find(open);
    const std::size_t end = text.find(close, begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    return std::string(text.substr(begin + open.size(), end - begin - open.size()));
  }
};

}  // namespace outthink
