// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <span>
#include <vector>

namespace archetypes {

/// The smallest verifier: every step is as good as the next.
class constant_verifier {
 public:
  using request = outthink::score_request;
  using response = outthink::verdict;

  explicit constant_verifier(float score) : score_(score) {}
  constant_verifier(constant_verifier&&) = default;

  std::vector<outthink::verdict> answer(std::span<const outthink::score_request> batch) {
    std::vector<outthink::verdict> verdicts;
    for (const outthink::score_request& asked : batch) {
      verdicts.push_back({.scores = {asked.trace.steps() - asked.from, score_}});
    }
    return verdicts;
  }

 private:
  float score_;
};

}  // namespace archetypes
