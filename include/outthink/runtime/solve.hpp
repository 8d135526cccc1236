// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/scheduler.hpp>

#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Searches for the answers of many problems at once.
///
/// How it works: runs `policy` on every problem with `model` and `verifier`, merging what all live
/// searches ask into common batches, and lets `aggregate` choose each answer. An observer may look
/// on; it is passed by reference if it is an lvalue.
///
/// Shapes and units: one outcome per problem, in order.
/// Requires: models of the concepts `language_model`, `policy`, `verifier` and `aggregator`.
/// Cost: the policy's; see `outcome::spent`.
/// Errors: `errc::invalid_argument` for options out of range, before anything is asked. A problem
/// whose search throws gets an outcome with `status == failed`; the others go on.
/// Determinism: each outcome is a function of its problem, `options` and the seed alone: the same
/// bits for any batch size, number of live searches, order or selection of problems.
/// Example: examples/best_of_n.cpp.
template <class Model, class Policy, class Verifier, class Aggregator, class Observer = no_observer>
[[nodiscard]] std::vector<outcome> solve_all(std::span<const problem> problems, Model&& model,
                                             const Policy& policy, Verifier&& verifier,
                                             const Aggregator& aggregate,
                                             const solve_options& options = {},
                                             Observer&& observe = {}) {
  using model_type = std::remove_reference_t<Model>;
  using verifier_type = std::remove_reference_t<Verifier>;
  constexpr bool fits = detail::diagnose_language_model<model_type>() &&
                        detail::diagnose_verifier<verifier_type>() &&
                        detail::diagnose_aggregator<Aggregator>() &&
                        detail::diagnose_observer<std::remove_reference_t<Observer>>();
  if constexpr (fits) {
    using search_type = text_search<model_type, verifier_type>;
    if constexpr (detail::diagnose_policy<Policy, search_type>()) {
      scheduler<model_type, const Policy&, verifier_type, const Aggregator&, Observer> run(
          problems, model, policy, verifier, aggregate, options, std::forward<Observer>(observe));
      run.run();
      return run.take_outcomes();
    }
  }
  return {};
}

/// @brief Searches for the answer of one problem; see `solve_all`.
template <class Model, class Policy, class Verifier, class Aggregator, class Observer = no_observer>
[[nodiscard]] outcome solve(const problem& question, Model&& model, const Policy& policy,
                            Verifier&& verifier, const Aggregator& aggregate,
                            const solve_options& options = {}, Observer&& observe = {}) {
  std::vector<outcome> outcomes = solve_all(std::span(&question, 1), model, policy, verifier,
                                            aggregate, options, std::forward<Observer>(observe));
  return std::move(outcomes.front());
}

}  // namespace outthink
