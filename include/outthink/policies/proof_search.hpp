// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/environment.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/numbering.hpp>
#include <outthink/core/proof_graph.hpp>
#include <outthink/core/score_queue.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Best-first proof search: continues the goal that the model finds most likely to be met on
/// the way to a proof.
///
/// How it works: the model's next step is a tactic, the environment applies it to a goal and gives
/// the goal that is left. A queue holds open goals by the log-probability of the tactics that led
/// there. The first is taken, `tactics` are drawn and applied, and new goals are queued; a goal
/// that was met before is not searched again, however it is reached. Proved and failed goals decide
/// those above them. The shortest proof found, as steps without the goals between, is the one
/// candidate.
///
/// Requires: counts ≥ 1, a `world` that outlives the search and whose states can be compared and
/// hashed; a model that gives log-probabilities.
/// Cost: at most `expansions` rounds of `tactics` generations, and as many applied tactics; one
/// scoring. All tactics of a goal are applied in one batch, where a prover that applies them one by
/// one would stop at the first that ends the proof.
/// Errors: `errc::invalid_argument` for options out of range; what the environment throws.
/// Determinism: of equal log-probabilities the earlier goal comes first.
/// Reference: K. Yang et al. 2023, arXiv:2306.15626 (ReProver). There a proof found by the last
/// expansion that is allowed is lost; here it counts.
template <environment Environment>
struct proof_search {
  Environment* world;    ///< applies tactics
  int tactics = 64;      ///< drawn for a goal
  int expansions = 100;  ///< goals on which tactics are tried

  task<candidate_nodes> operator()(auto& s) const {
    require(world != nullptr && tactics >= 1 && expansions >= 1,
            "proof_search: there must be a world, tactics and expansions at least 1");
    auto& tree = s.tree();
    proof_graph graph;
    std::vector<goal> goals;  // with the numbers of their states and in the graph
    numbering<state> states;
    score_queue<std::size_t> open;
    goals.push_back({s.root(), 0});
    states.add(world->start(trace_view(tree, s.root()).prompt()));
    graph.add_goal();
    open.add(0, 0);
    for (int done = 0; done < expansions && !open.empty() && !graph.proved(0); ++done) {
      const std::size_t at = open.take();
      const frontier from{goals[at].trace};
      const auto drawn = co_await s.extend(from, tactics);
      const frontier steps = likeliest_first(tree, s.distinct(drawn));
      for (const node_id node : drawn) tree.set_status(node, node_status::closed);
      std::vector<action_request<state>> applied;
      for (const node_id step : steps) {
        applied.push_back({states[at], action_in(tree.payload(step).text)});
      }
      auto seen = co_await s.ask(*world, std::move(applied));
      for (std::size_t i = 0; i < steps.size(); ++i) {
        if (seen[i].now == situation::done) graph.add_proof(at, steps[i]);
        if (seen[i].now != situation::open) continue;
        const auto [to, is_new] = states.add(seen[i].to);
        if (is_new) {
          const float logprob = goals[at].logprob + tree.payload(steps[i]).logprob;
          open.add(logprob, graph.add_goal());
          goals.push_back({trace_to(tree, steps[i], seen[i].text), logprob});
        }
        graph.add_step(at, steps[i], to);
      }
      graph.close(at);
    }
    if (graph.proved(0)) {
      const frontier proof{written(tree, s.root(), graph.proof_of(0))};
      static_cast<void>(co_await s.score(proof));
      s.retire(proof);
    }
    co_return s.candidates();
  }

 private:
  using state = typename Environment::state;

  struct goal {
    node_id trace;  // what the model reads to continue
    float logprob;  // of the tactics that led here first
  };

  static frontier likeliest_first(const auto& tree, const frontier& steps) {
    std::vector<float> logprobs;
    for (const node_id step : steps) logprobs.push_back(tree.payload(step).logprob);
    frontier sorted;
    for (const std::size_t i : best_positions(logprobs, steps.size())) sorted.push_back(steps[i]);
    return sorted;
  }

  // The trace that ends with the goal that a tactic has left.
  static node_id trace_to(auto& tree, node_id tactic, std::string_view text) {
    tree.set_status(tactic, node_status::open);
    if (text.empty()) return tactic;
    const bool ended = tree.payload(tactic).text.ends_with('\n');
    const node_id seen = tree.add_children(tactic, 1)[0];
    tree.set_payload(seen, {ended ? std::string(text) : "\n" + std::string(text)},
                     node_status::open);
    return seen;
  }

  // Writes the tactics, a line each, as a finished solution.
  static node_id written(auto& tree, node_id at, const frontier& tactics) {
    for (std::size_t i = 0; i < tactics.size(); ++i) {
      const auto tactic = tree.payload(tactics[i]);
      const bool last = i + 1 == tactics.size();
      at = tree.add_children(at, 1)[0];
      tree.set_payload(at,
                       {action_in(tactic.text) + (last ? "" : "\n"), tactic.tokens, tactic.logprob},
                       last ? node_status::finished : node_status::open);
    }
    return at;
  }
};

}  // namespace outthink
