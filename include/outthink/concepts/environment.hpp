// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace outthink {

/// Where an action has led.
enum class situation : std::uint8_t {
  open,   ///< acting can go on
  done,   ///< the problem is solved: what was done is a solution
  failed  ///< the action was not possible, or nothing leads on from here
};

/// What is asked of an environment: do `action` in the state `from`.
template <class State>
struct action_request {
  State from;
  std::string action;
};

/// What came of an action.
template <class State>
struct observation {
  State to;            ///< the state after the action
  std::string text{};  ///< what whoever acts reads of it; may be empty
  situation now = situation::open;
  float price = 1;  ///< what the action counts in the length of a path, ≥ 0
  cost spent{};
};

/// The action that a step of text names: the text without white space around it.
[[nodiscard]] inline std::string action_in(std::string_view step) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = step.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return std::string(step.substr(begin, step.find_last_not_of(kSpace) + 1 - begin));
}

/// The step that a model reads of an action and what came of it: `text` begins a line of its own.
[[nodiscard]] inline std::string step_with(std::string_view action, std::string_view text) {
  std::string step(action);
  if (!text.empty() && !step.ends_with('\n')) step += '\n';
  return step.append(text);
}

/// @brief A world to act in: a game, a web site, a proof assistant, a puzzle.
///
/// States are values: an action asked of a state leaves the state as it is, so that a search can
/// come back to it. An environment that can only be reset and acted in becomes such a one by
/// `backends::replayed_environment`.
///
/// Semantic requirements beyond those of `service`:
/// 1. The same action in the same state leads to the same state.
/// 2. States that compare equal (where they can be compared) are the same for all actions to come.
///
/// Expressions:
/// * `E::state`: copyable; `E::request` is `action_request<state>`, `E::response` is
///   `observation<state>`.
/// * `e.start(problem)`: the state before anything was done; costs next to nothing.
/// * `e.answer(batch)`: does one action for each request.
///
/// Models in this library: `backends::replayed_environment`.
/// Smallest model: `tests/archetypes/environment.hpp`.
template <class E>
concept environment = service<E> && std::copyable<typename E::state> &&
    std::same_as<typename E::request, action_request<typename E::state>> &&
    std::same_as<typename E::response, observation<typename E::state>> &&
    requires(const E& e, std::string_view problem) {
  { e.start(problem) } -> std::convertible_to<typename E::state>;
};

}  // namespace outthink
