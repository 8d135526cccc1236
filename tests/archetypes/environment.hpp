// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/environment.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace archetypes {

/// The smallest environment: one action of any kind solves every problem.
class button {
 public:
  enum class state { up, down };
  using request = outthink::action_request<state>;
  using response = outthink::observation<state>;

  explicit button(outthink::situation after) : after_(after) {}
  button(button&&) = default;

  state start(std::string_view) const { return state::up; }

  std::vector<response> answer(std::span<const request> actions) const {
    return std::vector<response>(actions.size(), {.to = state::down, .now = after_});
  }

 private:
  outthink::situation after_;
};

}  // namespace archetypes
