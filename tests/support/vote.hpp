// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>

#include <string>
#include <utility>
#include <vector>

namespace outthink::test {

/// A candidate with this answer and these step scores.
inline candidate voter(std::string answer, std::vector<float> scores = {}) {
  candidate made;
  made.solution = answer;
  made.answer = std::move(answer);
  made.step_scores = std::move(scores);
  return made;
}

}  // namespace outthink::test
