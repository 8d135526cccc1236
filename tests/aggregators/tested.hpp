// SPDX-License-Identifier: MIT
#pragma once

#include "../support/vote.hpp"
#include <outthink/core/candidate.hpp>

#include <initializer_list>
#include <vector>

namespace outthink::test {

/// A candidate for each row of test outcomes; none for an empty row ran.
inline std::vector<candidate> tested(std::initializer_list<const char*> rows) {
  std::vector<candidate> programs;
  for (const char* row : rows) {
    programs.push_back(voter(*row == '\0' ? "" : "def f(): ..."));
    programs.back().key = row;
  }
  return programs;
}

/// Three programs that agree on three tests, one that passes more, one that passes few.
inline std::vector<candidate> agreeing_three() {
  return tested({"11100", "11100", "11100", "10111", "01001"});
}

/// Two programs that agree on three tests, one that passes more, one that passes as many.
inline std::vector<candidate> agreeing_two() {
  return tested({"10101", "11011", "10101", "01011"});
}

}  // namespace outthink::test
