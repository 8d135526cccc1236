// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/toolbox.hpp>

#include <span>
#include <vector>

namespace archetypes {

/// The smallest toolbox: its one tool gives back what it is used on.
class echo {
 public:
  using request = outthink::tool_call;
  using response = outthink::tool_result;

  explicit echo(const char* name) : name_(name) {}
  echo(echo&&) = default;

  std::vector<response> answer(std::span<const request> calls) const {
    std::vector<response> results;
    for (const request& call : calls) {
      results.push_back({.text = call.input, .failed = call.tool != name_});
    }
    return results;
  }

 private:
  const char* name_;
};

}  // namespace archetypes
