// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/environment.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/score_queue.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Best-first search over what an agent can do in an environment, plan by plan.
///
/// How it works: the model's next step is an action; what the environment answers becomes part of
/// that step, so that model and verifier read both. From where the agent stands `proposals` actions
/// are drawn, and the `branching` most frequent wait in a queue with the value of the place they
/// start from. The first in the queue is tried, and its outcome scored; unless it is `depth`
/// actions away, actions after it join the queue. After `expansions` tries, or at a value of
/// `enough`, the agent goes to the best place found, and the next plan begins there. A solution is
/// found when the environment says `done`.
///
/// Requires: counts ≥ 1, a `world` that outlives the search; a verifier whose scores of unfinished
/// traces mean something; actions that end with the step's delimiter or the model's text.
/// Cost: per plan at most `expansions` + 1 rounds of `proposals` generations, `expansions` actions
/// and scorings. An action is tried when its turn comes, not when it is proposed.
/// Errors: `errc::invalid_argument` for options out of range; what the environment throws.
/// Determinism: equal values are tried in the order in which they were proposed; of equally good
/// places the first found is best; equally frequent actions keep the order of drawing.
/// Numerics: a place without a score is tried last and left for any other.
/// Reference: J. Y. Koh et al. 2024, arXiv:2407.01476, with b = branching, d = depth and
/// c = expansions; its agent ends an episode itself, by an action of which the environment is to
/// say `done`.
template <environment Environment>
struct environment_search {
  Environment* world;   ///< where actions are tried
  int proposals = 20;   ///< actions drawn at a place
  int branching = 5;    ///< different ones of them that are kept
  int depth = 5;        ///< actions of a plan, at most
  int expansions = 20;  ///< actions tried for a plan
  int plans = 10;       ///< plans carried out, at most
  float enough = 1;     ///< value of a place at which a plan is carried out at once
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(auto& s) const {
    require(world != nullptr && proposals >= 1 && branching >= 1 && depth >= 1 && expansions >= 1 &&
                plans >= 1,
            "environment_search: there must be a world, and counts of at least 1");
    auto& tree = s.tree();
    std::vector<place> places;
    places.push_back({s.root(), world->start(trace_view(tree, s.root()).prompt()), 0.5F});
    std::size_t here = 0;
    for (int plan = 0; plan < plans; ++plan) {
      std::size_t best = here;
      score_queue<untried> open;
      co_await propose(s, places[here], here, open);
      for (int tries = 0; tries < expansions && !open.empty(); ++tries) {
        const untried next = open.take();
        std::vector<action_request<state>> actions;
        actions.push_back({places[next.from].reached, action_in(tree.payload(next.step).text)});
        auto seen = co_await s.ask(*world, std::move(actions));
        note(tree, next.step, seen[0]);
        if (seen[0].now == situation::failed) continue;
        const frontier step{next.step};
        const auto value = co_await s.score(step, reduction);
        if (!s.retire(step).empty()) {
          places.push_back({next.step, std::move(seen[0].to), value[0]});
        } else {
          co_return s.candidates();
        }
        const std::size_t last = places.size() - 1;
        if (best == here || better(value[0], places[best].value)) best = last;
        if (value[0] >= enough) break;
        const auto away = tree.depth(next.step) - tree.depth(places[here].node);
        if (static_cast<int>(away) < depth) co_await propose(s, places[last], last, open);
      }
      if (best == here) break;  // nothing that was tried was possible
      here = best;
    }
    co_return s.candidates();
  }

 private:
  using state = typename Environment::state;

  struct place {
    node_id node;
    state reached;
    float value;
  };
  struct untried {
    node_id step;
    std::size_t from;  // the place
  };

  static bool better(float a, float b) { return a > b || (a == a && b != b); }

  // Draws actions and puts the most frequent into the queue.
  task<> propose(auto& s, const place from, std::size_t number, score_queue<untried>& open) const {
    const frontier nodes{from.node};
    const auto drawn = co_await s.extend(nodes, proposals);
    std::vector<std::string> actions;  // different ones, with the first step that names each
    frontier steps;
    std::vector<float> votes;
    for (const node_id step : drawn) {
      s.tree().set_status(step, node_status::closed);  // until it is tried
      std::string action = action_in(s.tree().payload(step).text);
      std::size_t i = 0;
      while (i < actions.size() && actions[i] != action) ++i;
      if (i == actions.size()) {
        actions.push_back(std::move(action));
        steps.push_back(step);
        votes.push_back(0);
      }
      ++votes[i];
    }
    for (const std::size_t i : best_positions(votes, static_cast<std::size_t>(branching))) {
      open.add(from.value, {steps[i], number});
    }
  }

  // Writes what came of the action behind it.
  static void note(auto& tree, node_id node, const observation<state>& seen) {
    const auto step = tree.payload(node);
    tree.set_payload(node, {step_with(step.text, seen.text), step.tokens, step.logprob},
                     seen.now == situation::done     ? node_status::finished
                     : seen.now == situation::failed ? node_status::truncated
                                                     : node_status::open);
  }
};

}  // namespace outthink
