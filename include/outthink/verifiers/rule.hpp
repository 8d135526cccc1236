// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/verifiers/judged_steps.hpp>

#include <span>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// @brief Scores traces by a function: an exact check, a rule, a table of labels.
///
/// How it works: `check(trace)` gets the trace up to the step that is to be scored and gives a
/// number, a truth value, or a `judgement`, which may abstain. Steps that are not judged get NaN.
///
/// Shapes and units: the function's; one score per judged step. Requires: a function of the trace
/// alone. Cost: one call per judged step; nothing is charged. Errors: what the function throws
/// fails the batch. Determinism: the function's. Example: examples/verifier_cascade.cpp.
template <class Check>
class rule {
 public:
  using request = score_request;
  using response = verdict;

  explicit rule(Check check, judged_steps which = judged_steps::every)
      : check_(std::move(check)), which_(which) {}

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    const auto parts = detail::judged_prefixes(requests, which_);
    std::vector<float> scores;
    scores.reserve(parts.size());
    for (const auto& part : parts) scores.push_back(detail::score_from(check_(part.trace)));
    std::vector<verdict> verdicts(requests.size());
    detail::give_scores(requests, parts, scores, verdicts);
    return verdicts;
  }

 private:
  Check check_;
  judged_steps which_;
};

}  // namespace outthink::verifiers
