// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/environment.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/numbering.hpp>
#include <outthink/core/score_queue.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Q* search: A* that takes an action only when its turn comes, so that a state with
/// thousands of actions costs as much as one with few.
///
/// How it works: the queue holds pairs of a state and an action by λ g + Q (g: price of the way to
/// the state; Q: the estimate, for all actions of a state at once, of the action's price and all
/// that is left after it). A round takes the `batch` best pairs, does their actions, drops states
/// that were reached as cheaply before, and asks `values` about the new ones. It ends when no pair
/// can lead to a cheaper solution than the one found, or `expansions` actions were done. The
/// cheapest solution, a line for each action, is the one candidate. The language model is not
/// asked.
///
/// Requires: counts ≥ 1, weight in (0, 1]; `world` and `values` outlive the search; states that can
/// be compared and hashed; `values` answers a state with one number for each of `actions`, infinity
/// for one that is not possible.
/// Cost: one action for each pair taken, at most `expansions`; one request to `values` for each new
/// state. Memory: a pair for each state and action.
/// Errors: `errc::invalid_argument` for options out of range, `errc::malformed_reply` for a wrong
/// number of values; what the services throw.
/// Determinism: of equal estimates the earlier pair is taken.
/// Numerics: prices in double, estimates in float; pairs whose estimate is NaN or infinite are
/// dropped. With weight 1 and estimates that are never above the true price the solution is a
/// cheapest one; with smaller weights it costs at most 1 / weight as much.
/// Reference: F. Agostinelli et al. 2021, arXiv:2102.04518. λ weighs the way behind, where weighted
/// A* often weighs the way ahead.
template <environment Environment, service Values>
requires std::same_as<typename Values::request, typename Environment::state>
struct q_star {
  Environment* world;                ///< where actions are done
  Values* values;                    ///< state → estimate for each action
  std::vector<std::string> actions;  ///< all there are
  int batch = 1;                     ///< pairs taken in one round
  float weight = 1;                  ///< λ: weight of the way behind
  int expansions = 10'000;           ///< actions done, at most

  task<candidate_nodes> operator()(auto& s) const {
    require(world != nullptr && values != nullptr && !actions.empty(),
            "q_star: there must be a world, values and actions");
    require(batch >= 1 && expansions >= 1 && weight > 0 && weight <= 1,
            "q_star: batch and expansions must be at least 1, weight in (0, 1]");
    std::vector<place> places;
    numbering<state> states;
    std::vector<double> cheapest{0.0};  // known way to each state
    states.add(world->start(trace_view(s.tree(), s.root()).prompt()));
    places.push_back({0, 0, 0, 0});
    score_queue<pair> open;
    co_await estimate(s, places, 0, states, open);
    std::size_t goal = 0;  // the start: none yet
    double bound = -kFar, best = kFar;
    for (int done = 0; done < expansions && !open.empty();) {
      const auto next = -static_cast<double>(open.top());
      bound = next > bound ? next : bound;
      if (bound >= static_cast<double>(weight) * best) break;
      std::vector<pair> taken;
      std::vector<action_request<state>> asked;
      for (; static_cast<int>(taken.size()) < batch && done < expansions && !open.empty(); ++done) {
        taken.push_back(open.take());
        asked.push_back({states[places[taken.back().from].at], actions[taken.back().action]});
      }
      auto seen = co_await s.ask(*world, std::move(asked));
      const std::size_t first_new = places.size();
      for (std::size_t i = 0; i < taken.size(); ++i) {
        const double price = places[taken[i].from].price + static_cast<double>(seen[i].price);
        if (seen[i].now == situation::failed) continue;
        const auto [at, is_new] = states.add(seen[i].to);
        if (is_new) cheapest.push_back(kFar);
        if (!(price < cheapest[at])) continue;
        cheapest[at] = price;
        places.push_back({at, taken[i].from, taken[i].action, price});
        if (seen[i].now != situation::done) continue;
        if (price < best) goal = places.size() - 1, best = price;
        places.back().price = kFar;  // the end: nothing is asked about it
      }
      co_await estimate(s, places, first_new, states, open);
    }
    if (goal != 0) {
      const frontier end{written(s, places, goal)};
      static_cast<void>(co_await s.score(end));
      s.retire(end);
    }
    co_return s.candidates();
  }

 private:
  using state = typename Environment::state;

  static constexpr double kFar = std::numeric_limits<double>::infinity();

  struct place {
    std::size_t at;      // number of the state
    std::size_t before;  // the place from which it was reached
    std::size_t action;  // by which action
    double price;        // of the way here; infinite for the end of a solution
  };
  struct pair {
    std::size_t from;
    std::size_t action;
  };

  // Queues all actions of the places from `first` on.
  task<> estimate(auto& s, const std::vector<place>& places, std::size_t first,
                  const numbering<state>& known, score_queue<pair>& open) const {
    std::vector<std::size_t> unknown;
    std::vector<state> states;
    for (std::size_t i = first; i < places.size(); ++i) {
      if (!(places[i].price < kFar)) continue;
      unknown.push_back(i);
      states.push_back(known[places[i].at]);
    }
    const auto estimates = co_await s.ask(*values, std::move(states));
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      if (estimates[i].size() != actions.size()) {
        throw error(errc::malformed_reply, "q_star: " + std::to_string(estimates[i].size()) +
                                               " values for " + std::to_string(actions.size()) +
                                               " actions");
      }
      const double behind = static_cast<double>(weight) * places[unknown[i]].price;
      for (std::size_t a = 0; a < actions.size(); ++a) {
        const double all = behind + static_cast<double>(estimates[i][a]);
        if (-kFar < all && all < kFar) open.add(static_cast<float>(-all), {unknown[i], a});
      }
    }
  }

  // Writes the actions that led to `goal` as a finished solution.
  [[nodiscard]] node_id written(auto& s, const std::vector<place>& places, std::size_t goal) const {
    std::vector<std::size_t> way;
    for (std::size_t at = goal; at != 0; at = places[at].before) way.push_back(places[at].action);
    node_id node = s.root();
    for (std::size_t i = way.size(); i-- > 0;) {
      node = s.tree().add_children(node, 1)[0];
      s.tree().set_payload(node, {i == 0 ? actions[way[i]] : actions[way[i]] + "\n"},
                           i == 0 ? node_status::finished : node_status::open);
    }
    return node;
  }
};

}  // namespace outthink
