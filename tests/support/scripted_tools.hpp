// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/toolbox.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::test {

/// Tools that are a function of the call; remembers what was called, and in which batches.
template <class Use>
class scripted_tools {
 public:
  using request = tool_call;
  using response = tool_result;

  explicit scripted_tools(Use use) : use_(std::move(use)) {}

  std::vector<std::string> called;   ///< `tool(input)`, in order
  std::vector<std::size_t> batches;  ///< calls of each batch

  std::vector<tool_result> answer(std::span<const tool_call> calls) {
    batches.push_back(calls.size());
    std::vector<tool_result> results;
    for (const tool_call& call : calls) {
      called.push_back(call.tool + '(' + call.input + ')');
      results.push_back(use_(call));
    }
    return results;
  }

 private:
  Use use_;
};

}  // namespace outthink::test
