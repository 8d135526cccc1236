// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/environment.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends {

/// The state of a world that keeps its state to itself.
struct hidden_state {
  friend bool operator==(hidden_state, hidden_state) = default;
};

/// A world that can only be put back to its beginning and acted in, as a web browser or a game.
///
/// * `w.reset(problem)`: back to the beginning of `problem`.
/// * `w.act(action)`: an `observation<hidden_state>` of what came of it.
template <class W>
concept resettable_world = requires(W& w, std::string_view problem, const std::string& action) {
  w.reset(problem);
  { w.act(action) } -> std::convertible_to<observation<hidden_state>>;
};

/// @brief Gives states to a world that can only be reset and acted in.
///
/// How it works: a state is what was done so far. To act in a state the world is reset and all that
/// is done again, unless the world happens to be there already.
///
/// Requires: a deterministic world whose actions can be undone by a reset; what cannot be undone
/// (an order, a message) must be fenced off in it.
/// Cost: up to one reset and as many actions as were done before; copies of the actions' texts.
/// Only the last action's `spent` is charged.
/// Errors: what the world throws. Determinism: the world's.
/// Reference: J. Y. Koh et al. 2024, arXiv:2407.01476, section 3.
template <resettable_world World>
class replayed_environment {
 public:
  /// What was done so far, in which problem.
  struct state {
    std::string problem;
    std::vector<std::string> actions;

    friend bool operator==(const state&, const state&) = default;
  };
  using request = action_request<state>;
  using response = observation<state>;

  explicit replayed_environment(World world) : world_(std::move(world)) {}

  [[nodiscard]] state start(std::string_view problem) const { return {std::string(problem), {}}; }

  [[nodiscard]] std::vector<response> answer(std::span<const request> requests) {
    std::vector<response> answers;
    answers.reserve(requests.size());
    for (const request& asked : requests) {
      go_to(asked.from);
      auto seen = act(asked.action);
      answers.push_back({here_, std::move(seen.text), seen.now, seen.price, seen.spent});
    }
    return answers;
  }

  /// The world inside.
  [[nodiscard]] const World& world() const noexcept { return world_; }
  /// How often it was reset.
  [[nodiscard]] std::size_t resets() const noexcept { return resets_; }

 private:
  void go_to(const state& wanted) {
    if (known_ && here_ == wanted) return;
    known_ = false;  // if the world throws, nobody knows where it stands
    world_.reset(wanted.problem);
    ++resets_;
    here_ = start(wanted.problem);
    for (const std::string& action : wanted.actions) static_cast<void>(act(action));
    known_ = true;
  }

  observation<hidden_state> act(const std::string& action) {
    known_ = false;
    observation<hidden_state> seen = world_.act(action);
    here_.actions.push_back(action);
    known_ = true;
    return seen;
  }

  World world_;
  state here_;
  bool known_ = false;
  std::size_t resets_ = 0;
};

}  // namespace outthink::backends
