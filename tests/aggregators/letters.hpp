// SPDX-License-Identifier: MIT
#pragma once

#include "../support/toy_tree.hpp"
#include <outthink/backends/scripted_comparer.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/selection.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace outthink::test {

/// A model whose i-th solution of a problem is the i-th letter.
inline toy_tree letters() {
  return {.depth = 1, .letters = 26};
}

/// Prefers the letter that comes later in `order`, always.
inline auto prefers_later_in(std::string order) {
  return backends::scripted_comparer([order](const comparison_request& asked, random_stream&) {
    return order.find(asked.first) > order.find(asked.second) ? 1.0 : 0.0;
  });
}

/// The letters of the candidates, by their scores, the best first.
inline std::string ranking(const outcome& result) {
  std::vector<float> scores;
  for (const candidate& made : result.candidates) scores.push_back(made.step_scores.back());
  std::string ranked;
  for (const std::size_t i : best_positions(scores, scores.size()))
    ranked += result.candidates[i].solution;
  return ranked;
}

}  // namespace outthink::test
