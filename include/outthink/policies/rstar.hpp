// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/graft.hpp>
#include <outthink/core/open_children.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/kernels/select_by_uct.hpp>
#include <outthink/policies/rstar/rstar_step.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief Searches over five kinds of steps, as people switch between them, and takes a solution
/// for as good as it is frequent: rStar's generator.
///
/// How it works: a simulation walks down from the problem, by UCT where all children have been
/// visited, else to one that has not, drawn evenly. From there on it draws steps by every action
/// that `may_follow` allows and goes to one of them, drawn evenly, until a solution is complete or
/// the trace has `max_depth` steps. Action A2 draws `votes` solutions of which one with the most
/// frequent answer becomes the step; that answer's share of the votes is what the simulation adds
/// to all nodes above. `mutual_consistency` over this policy is the whole of rStar.
///
/// Requires: counts ≥ 1, exploration ≥ 0; `prompt(kind, trace)` gives a text. Answers agree if
/// `s.answer` gives the same bytes; an empty one does not vote.
/// Cost: per simulation up to `max_depth` rounds of at most 2 · steps + votes + 1 generations.
/// Errors: `errc::invalid_argument` for options out of range, what `prompt` and `ends` throw.
/// Determinism: the search's own random numbers choose among children.
/// Numerics: thoughts and sub-questions complete a solution where the model ends its text, or where
/// `ends` says so; such a solution is a candidate and adds nothing. Published code lets
/// sub-questions vote as well, and their answers.
/// Reference: Z. Qi et al. 2024, arXiv:2408.06195 (rStar) and its code, for the actions, their
/// order and the defaults. Example: examples/rstar.cpp.
template <class Prompt = rstar_prompts>
struct rstar {
  int rollouts = 16;      ///< simulations
  int steps = 3;          ///< thoughts, and sub-questions, drawn after a trace
  int votes = 32;         ///< solutions drawn for one by A2
  int max_depth = 5;      ///< steps of a trace
  float exploration = 2;  ///< c of UCT
  bool (*ends)(std::string_view step) = nullptr;  ///< the step completes a solution; null: as drawn
  Prompt prompt{};                                ///< writes the prompt of an action

  task<candidate_nodes> operator()(search auto& s) const {
    require(rollouts >= 1 && steps >= 1 && votes >= 1 && max_depth >= 1 && exploration >= 0,
            "rstar: counts must be at least 1, exploration at least 0");
    knowledge known(1);
    known.resize(index_of(s.root()) + 1);
    open_children children;
    for (int i = 0; i < rollouts; ++i) {
      node_id at = unexplored(s, children);
      while (goes_on(s.tree(), at)) {
        if (s.tree().child_count(at) == 0) co_await expand(s, at, known);
        const frontier next = children_of(s.tree(), at, false);
        if (next.empty()) s.tree().set_status(at, node_status::closed);
        if (!next.empty()) at = one_of(next, s.random());
      }
      const float reward = index_of(at) < known.size() ? known[index_of(at)].reward : 0;
      for (; at != node_id::none; at = s.tree().parent(at)) {
        ++s.tree().visits(at);
        s.tree().value(at) += reward;
      }
    }
    const candidate_nodes found = s.candidates();
    static_cast<void>(co_await s.score(found));
    co_return found;
  }

 private:
  struct step_knowledge {
    rstar_step kind = rstar_step::question;
    float reward = 0;  // of a simulation that ends there
  };
  using knowledge = std::vector<step_knowledge>;  // by handle

  bool goes_on(const auto& tree, node_id node) const {
    return tree.status(node) == node_status::open &&
           tree.depth(node) < static_cast<std::uint32_t>(max_depth);
  }

  static frontier children_of(const auto& tree, node_id node, bool unvisited) {
    frontier found;
    tree.for_each_child(node, [&](node_id child) {
      if (!unvisited || tree.visits(child) == 0) found.push_back(child);
    });
    return found;
  }

  static node_id one_of(const frontier& nodes, random_stream& random) {
    return nodes[random.below(static_cast<std::uint32_t>(nodes.size()))];
  }

  // Where the simulation leaves what has been visited.
  node_id unexplored(auto& s, open_children& children) const {
    for (node_id node = s.root();;) {
      const frontier fresh = children_of(s.tree(), node, true);
      if (!fresh.empty()) return one_of(fresh, s.random());
      children.gather(s.tree(), node, false, true);
      if (children.empty()) return node;
      node = children[kernels::select_by_uct(children.visits(), children.values(),
                                             s.tree().visits(node), exploration)];
    }
  }

  // Draws the children of `node`, those of all actions in one round.
  task<> expand(auto& s, node_id node, knowledge& known) const {
    const rstar_step last = known[index_of(node)].kind;
    const trace_view trace(s.tree(), node);
    std::vector<rstar_step> many, once;
    frontier from_many, from_once;
    for (const rstar_step next : {rstar_step::thought, rstar_step::subquestion}) {
      if (!may_follow(next, last)) continue;
      many.push_back(next);
      from_many.push_back(s.branch(prompt(next, trace)).root());
    }
    for (const rstar_step next : {rstar_step::new_answer, rstar_step::rephrasing}) {
      if (!may_follow(next, last)) continue;
      once.push_back(next);
      from_once.push_back(s.branch(prompt(next, trace)).root());
    }
    const node_id whole = s.branch(prompt(rstar_step::solution, trace)).root();
    auto drawing_many = s.extend(from_many, steps);
    auto drawing_once = s.extend(from_once, 1);
    auto drawing_whole = s.complete(whole, votes);
    const auto drawn_many = co_await drawing_many;
    const auto drawn_once = co_await drawing_once;
    const frontier solutions = co_await drawing_whole;
    for (std::size_t i = 0; i < drawn_many.size(); ++i) {
      add_step(s, node, drawn_many[i], many[i / static_cast<std::size_t>(steps)], known);
    }
    for (std::size_t i = 0; i < drawn_once.size(); ++i) {
      add_step(s, node, drawn_once[i], once[i], known);
    }
    add_solution(s, node, solutions, known);
  }

  void add_step(auto& s, node_id below, node_id drawn, rstar_step kind, knowledge& known) const {
    auto& tree = s.tree();
    const node_status status = tree.status(drawn);
    if (status == node_status::truncated) return;
    const bool may_end = kind == rstar_step::thought || kind == rstar_step::subquestion;
    const bool whole = may_end && (ends != nullptr ? ends(tree.payload(drawn).text)
                                                   : status == node_status::finished);
    const node_id step =
        graft_as_step(tree, drawn, below, whole ? node_status::finished : node_status::open);
    known.resize(tree.size());
    known[index_of(step)] = {kind, 0};
    s.retire(std::span(&step, 1));
  }

  // Of the solutions one that gives the most frequent answer, of equals the first.
  void add_solution(auto& s, node_id below, const frontier& solutions, knowledge& known) const {
    std::vector<std::string> answers;
    for (const node_id end : solutions) {
      const bool whole = s.tree().status(end) == node_status::finished;
      answers.emplace_back(whole ? std::string(s.answer(end)) : std::string());
      s.tree().set_status(end, node_status::closed);
    }
    std::size_t best = 0, most = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      std::size_t same = 0;
      for (const std::string& other : answers) same += other == answers[i] ? 1 : 0;
      if (!answers[i].empty() && same > most) best = i, most = same;
    }
    if (most == 0) return;
    const node_id step = graft_as_step(s.tree(), solutions[best], below, node_status::finished);
    known.resize(s.tree().size());
    known[index_of(step)] = {rstar_step::solution,
                             static_cast<float>(most) / static_cast<float>(votes)};
    s.retire(std::span(&step, 1));
  }
};

}  // namespace outthink
