// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/comparer.hpp>

#include <span>
#include <vector>

namespace archetypes {

/// The smallest comparer: the longer text is better.
class longer_wins {
 public:
  using request = outthink::comparison_request;
  using response = outthink::comparison;

  explicit longer_wins(float certainty) : certainty_(certainty) {}
  longer_wins(longer_wins&&) = default;

  std::vector<outthink::comparison> answer(std::span<const outthink::comparison_request> batch) {
    std::vector<outthink::comparison> answers;
    for (const outthink::comparison_request& asked : batch) {
      const bool first = asked.first.size() > asked.second.size();
      answers.push_back({.first_wins = first ? certainty_ : 1 - certainty_});
    }
    return answers;
  }

 private:
  float certainty_;
};

}  // namespace archetypes
