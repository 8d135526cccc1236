// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/verifiers/ask_verifier.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// How a process advantage is mixed.
struct process_advantage_options {
  double alpha = 0.5;  ///< weight of the prover's advantage; 0 leaves the value itself
  int best_of = 4;     ///< the prover is the best of so many solutions of the searched model; ≥ 1
  /// Value of the problem before any step, in [0, 1]; NaN if it is not known: the first step then
  /// has no advantage.
  float problem_value = std::numeric_limits<float>::quiet_NaN();
};

/// @brief Scores a step by its value and by the progress that it makes for a prover: the effective
/// reward of process advantage verifiers.
///
/// How it works: with the inner verifier's values Q (the probability that the searched model
/// succeeds from here) the prover that takes the best of K solutions has Q_K = 1 - (1 - Q)^K, its
/// advantage is A = Q_K(step) - Q_K(step before), and the score is Q + alpha A. A step that merely
/// rephrases gains nothing; over a trace the advantages add up to Q_K(end) - Q_K(problem).
///
/// Shapes and units: one score per step, in [-alpha, 1 + alpha]. Requires: an inner process
/// verifier with values in [0, 1], such as `value_model` or `rollout_value`; `alpha` ≥ 0. A NaN
/// gives NaN, a step after a NaN has no advantage. Cost: the inner verifier's, which is asked for
/// the step before the first, too: put a `memo` around it. Errors: `errc::invalid_argument` for
/// options out of range, `errc::malformed_reply`; a failure of the inner verifier is passed on.
/// Determinism: the inner verifier's. Numerics: double. Reference: A. Setlur et al. 2024,
/// arXiv:2410.08146: equations 2, 4, 5; alpha 0.5 and a best-of-4 prover for 2B and 9B models,
/// alpha 0.2 for 27B. Q_K follows for independent solutions. Example:
/// tests/verifiers/process_advantage.cpp.
template <class Verifier>
class process_advantage {
  static_assert(outthink::detail::diagnose_verifier<std::remove_reference_t<Verifier>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit process_advantage(Verifier&& value, process_advantage_options options = {})
      : value_(std::forward<Verifier>(value)), options_(options) {
    require(options.alpha >= 0, "process_advantage_options.alpha must not be negative");
    require(options.best_of > 0, "process_advantage_options.best_of must be positive");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<score_request> asked(requests.begin(), requests.end());
    for (score_request& one : asked) one.from -= one.from > 0 ? 1 : 0;
    std::vector<verdict> verdicts = detail::ask_verifier(value_, asked);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!verdicts[i].failure.empty()) continue;
      const score_list values = std::move(verdicts[i].scores);
      std::size_t step = requests[i].from > 0 ? 1 : 0;
      float before = step > 0 ? values[0] : options_.problem_value;
      verdicts[i].scores = {};
      for (; step < values.size(); before = values[step++]) {
        verdicts[i].scores.push_back(effective(before, values[step]));
      }
    }
    return verdicts;
  }

 private:
  using score_list = decltype(verdict::scores);

  [[nodiscard]] double prover(float value) const noexcept {
    double fails = 1, once = 1 - static_cast<double>(value);
    for (int i = 0; i < options_.best_of; ++i) fails *= once;
    return 1 - fails;
  }

  [[nodiscard]] float effective(float before, float value) const noexcept {
    const double advantage = before == before ? prover(value) - prover(before) : 0.0;
    return static_cast<float>(static_cast<double>(value) + options_.alpha * advantage);
  }

  Verifier value_;
  process_advantage_options options_;
};

template <class Verifier>
process_advantage(Verifier&&) -> process_advantage<Verifier>;
template <class Verifier>
process_advantage(Verifier&&, process_advantage_options) -> process_advantage<Verifier>;

}  // namespace outthink::verifiers
