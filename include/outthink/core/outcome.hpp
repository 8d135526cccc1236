// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>
#include <outthink/core/usage.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// How a problem's search ended.
enum class outcome_status : std::uint8_t {
  answered,      ///< the policy came to its end
  budget_spent,  ///< the budget was spent first; the answer is the best so far
  cancelled,     ///< cancelled first; the answer is the best so far
  failed,        ///< the search threw; `failure` holds the exception, `message` its text
};

/// The status as a word.
[[nodiscard]] constexpr std::string_view to_string(outcome_status status) noexcept {
  switch (status) {
    case outcome_status::answered:
      return "answered";
    case outcome_status::budget_spent:
      return "budget_spent";
    case outcome_status::cancelled:
      return "cancelled";
    case outcome_status::failed:
      return "failed";
  }
  return "unknown";
}

/// @brief What became of one problem: its answer, how sure, from which solutions, at what cost.
///
/// A search that found no finished solution has an empty answer, no confidence and `chosen ==
/// none`.
struct outcome {
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  std::string answer;     ///< the chosen candidate's answer
  double confidence = 0;  ///< in [0, 1]; what it means depends on the aggregator
  outcome_status status = outcome_status::answered;
  std::size_t chosen = none;          ///< index of the answer's representative in `candidates`
  std::vector<candidate> candidates;  ///< every finished solution, in the policy's order
  usage spent;
  double seconds = 0;          ///< wall time from the search's start to its end
  std::string message;         ///< what went wrong, if `failed`
  std::exception_ptr failure;  ///< the exception, if `failed`

  /// True if there is an answer.
  [[nodiscard]] bool has_answer() const noexcept { return chosen != none; }
  /// The answer's representative; `has_answer()` must hold.
  [[nodiscard]] const candidate& best() const { return candidates[chosen]; }
};

}  // namespace outthink
