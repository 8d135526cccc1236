// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/budget.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/core/step_rule.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace outthink {

/// Takes the answer that is voted on out of a solution.
using answer_extractor = std::string (*)(std::string_view solution);

/// Turns an answer into what votes compare: answers with the same key are the same.
using answer_normaliser = std::string (*)(std::string_view answer);

/// The whole solution is the answer.
[[nodiscard]] inline std::string whole_solution(std::string_view solution) {
  return std::string(solution);
}

/// @brief What all problems of a run have in common.
///
/// `max_batch` and `max_live` trade memory for speed; the answers do not depend on them.
struct solve_options {
  std::uint64_t seed = 0;       ///< of all random numbers
  sampling_options sampling{};  ///< how the model draws
  step_rule steps{};            ///< where steps and solutions end
  budget limits{};              ///< of each problem
  answer_extractor answer = &whole_solution;
  answer_normaliser key = nullptr;            ///< e.g. `answer_key`; null: votes compare bytes
  std::size_t max_batch = 512;                ///< most requests in one call of a service
  std::size_t max_live = 256;                 ///< most problems searched at the same time
  const std::atomic<bool>* cancel = nullptr;  ///< when it turns true, all searches end
};

/// Throws `errc::invalid_argument` if an option is outside its range.
inline void validate(const solve_options& options) {
  const sampling_options& sampling = options.sampling;
  require(
      sampling.temperature == 0 || (sampling.temperature >= 1e-4F && sampling.temperature <= 1e6F),
      "sampling.temperature must be 0 (greedy) or lie between 0.0001 and 1,000,000");
  require(sampling.top_k >= 0, "sampling.top_k must not be negative; 0 keeps every token");
  require(sampling.top_p > 0 && sampling.top_p <= 1, "sampling.top_p must lie in (0, 1]");
  require(options.steps.max_tokens > 0, "steps.max_tokens must be positive");
  require(options.steps.max_total_tokens > 0, "steps.max_total_tokens must be positive");
  require(options.max_batch > 0, "max_batch must be positive");
  require(options.max_live > 0, "max_live must be positive");
  require(options.answer != nullptr, "answer must be a function, e.g. &whole_solution");
}

}  // namespace outthink
