// SPDX-License-Identifier: MIT
#pragma once

#include "../support/toy_tree.hpp"

#include <csignal>
#include <span>
#include <vector>

namespace outthink::test {

/// A random tree whose rank may be killed: with `dies`, when it is asked for the second time.
struct mortal_tree : toy_tree {
  bool dies = false;
  int answered = 0;  ///< requests

  explicit mortal_tree(bool dies_later) : dies(dies_later) { random = true; }

  std::vector<generation> answer(std::span<const generation_request> asked) {
    if (dies && answered > 0) std::raise(SIGKILL);
    answered += static_cast<int>(asked.size());
    return toy_tree::answer(asked);
  }
};

}  // namespace outthink::test
