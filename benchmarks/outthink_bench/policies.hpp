// SPDX-License-Identifier: MIT
#pragma once

#include "any_policy.hpp"
#include "parameters.hpp"
#include <outthink/core/step_reduction.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>

#include <string>
#include <vector>

namespace bench {

/// What a policy is made from, beside its own parameters.
struct task_habits {
  outthink::step_reduction reduction = outthink::step_reduction::last;
  outthink::step_value tree_value = outthink::step_value::score;
};

/// @brief A policy that plans can name.
///
/// N, the number of solutions or of steps drawn side by side, is the product of the parameters
/// `drawn` and `each` (which may be empty: 1). A plan may give `n` in place of `drawn`.
struct policy_entry {
  std::string name;
  std::string title;   ///< for readers
  std::string family;  ///< sampling, search, adaptive
  std::string drawn;
  std::string each;
  std::vector<parameter> parameters;
  any_policy (*make)(const parameter_values&, const task_habits&);
};

namespace detail {

// Each is compiled alone, since a policy is a coroutine for each of two kinds of search.
[[nodiscard]] std::vector<policy_entry> sampling_policies();
[[nodiscard]] std::vector<policy_entry> step_policies();
[[nodiscard]] std::vector<policy_entry> tree_policies();

/// The reduction that the parameter of that name says.
[[nodiscard]] inline outthink::step_reduction reduction_of(const parameter_values& v,
                                                           const task_habits& task) {
  return reduction_named(v.word("reduction"), task.reduction);
}

}  // namespace detail

/// The policies that plans can name.
[[nodiscard]] const std::vector<policy_entry>& all_policies();

}  // namespace bench
