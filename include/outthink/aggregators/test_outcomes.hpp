// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/pass_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace outthink::detail {

/// Which tests the candidates pass: what CodeT, B4 and MaxPass choose by.
///
/// A candidate's key is one character a test: '1' if it passes, anything else if it fails, runs out
/// of time or crashes; without a key there is no test. Candidates with an empty answer did not run
/// and take no part.
class test_outcomes {
 public:
  explicit test_outcomes(std::span<const candidate> candidates) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].answer.empty()) continue;
      const std::string& row = candidates[i].key;
      if (ran_.empty()) tests_ = row.size();
      if (row.size() != tests_) refuse(i, row.size());
      ran_.push_back(i);
      words_.resize(ran_.size() * kernels::words_for_tests(tests_));
      const auto last = std::span(words_).last(kernels::words_for_tests(tests_));
      for (std::size_t t = 0; t < tests_; ++t)
        if (row[t] == '1') kernels::set_pass(last, t);
    }
  }

  /// A row for each candidate that ran.
  [[nodiscard]] kernels::pass_matrix matrix() const noexcept {
    return {words_, ran_.size(), tests_};
  }

  /// The first of the solutions with the best score, and the share of solutions that have it; none
  /// is sure where the best score is not above `floor`.
  [[nodiscard]] decision best(std::span<const double> scores, double floor) const {
    if (ran_.empty()) return {};
    std::size_t chosen = 0, tied = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (scores[i] > scores[chosen]) chosen = i, tied = 0;
      tied += scores[i] == scores[chosen] ? 1 : 0;
    }
    const bool sure = scores[chosen] > floor;
    return {ran_[chosen],
            sure ? static_cast<double>(tied) / static_cast<double>(ran_.size()) : 0.0};
  }

 private:
  void refuse(std::size_t candidate, std::size_t outcomes) const {
    throw error(errc::invalid_argument,
                "candidate " + std::to_string(candidate) + " has " + std::to_string(outcomes) +
                    " test outcomes, those before it have " + std::to_string(tests_) +
                    ": give every solution one " + "character for each test, as its key");
  }

  std::vector<std::size_t> ran_;  // position of each row's candidate
  std::vector<std::uint64_t> words_;
  std::size_t tests_ = 0;
};

}  // namespace outthink::detail
