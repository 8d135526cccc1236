// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>

namespace archetypes {

/// The smallest aggregator: the last word counts.
class last_word {
 public:
  explicit last_word(double confidence) : confidence_(confidence) {}
  last_word(last_word&&) = default;

  outthink::decision operator()(std::span<const outthink::candidate> candidates) const {
    if (candidates.empty()) return {};
    return {.chosen = candidates.size() - 1, .confidence = confidence_};
  }

 private:
  double confidence_;
};

}  // namespace archetypes
