// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <string>

namespace outthink {

/// What is asked of a toolbox: use `tool` on `input`.
struct tool_call {
  std::string tool;   ///< its name, as the model writes it
  std::string input;  ///< as the model writes it, results of other calls put in
};

/// What came of a call.
struct tool_result {
  std::string text{};   ///< what was found, or why there is nothing
  bool failed = false;  ///< there is no result, such as for a tool that does not exist
  cost spent{};
};

/// @brief The tools that a plan may call: a web search, a calculator, another model.
///
/// Semantic requirements beyond those of `service`:
/// 1. The calls of a batch do not depend on each other, and may be made side by side.
/// 2. What goes wrong with one call is said in its result; an exception fails the search.
///
/// Expressions:
/// * `T::request` is `tool_call`, `T::response` is `tool_result`.
/// * `t.answer(batch)`: makes the calls.
///
/// Used by `rewoo` and `llm_compiler`. Smallest model: `tests/archetypes/toolbox.hpp`.
template <class T>
concept toolbox = service<T> && std::same_as<typename T::request, tool_call> &&
    std::same_as<typename T::response, tool_result>;

}  // namespace outthink
