// SPDX-License-Identifier: MIT
// The policies of plans that sample whole solutions.
#include "policies.hpp"
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/power_sampling.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/stopping/best_of_infinity.hpp>
#include <outthink/stopping/early_stopping_consistency.hpp>

#include <string>
#include <vector>

namespace bench {

namespace {

any_policy make_sampling(const parameter_values& v, const task_habits&) {
  return any_policy::with_or_without_verifier(outthink::repeated_sampling{.n = v.count("n")});
}

any_policy make_adaptive(const parameter_values& v, const task_habits&) {
  const auto until = [&v](auto rule) {
    return any_policy::with_or_without_verifier(outthink::adaptive_sampling<decltype(rule)>{
        .stop = rule, .batch = v.count("batch"), .max_samples = v.count("max_samples")});
  };
  const std::string stop = v.word("stop");
  if (stop == "early_stopping_consistency") return until(outthink::early_stopping_consistency{});
  if (stop == "best_of_infinity")
    return until(outthink::best_of_infinity{.bayes_factor = v.precise("bayes_factor")});
  return until(outthink::adaptive_consistency{.confidence = v.precise("confidence")});
}

any_policy make_power(const parameter_values& v, const task_habits&) {
  return any_policy::with_or_without_verifier(
      outthink::power_sampling{.chains = v.count("chains"),
                               .alpha = v.number("alpha"),
                               .moves = v.count("moves"),
                               .max_steps = v.count("max_steps"),
                               .temperature = v.number("drawn_at")});
}

}  // namespace

std::vector<policy_entry> detail::sampling_policies() {
  return {{"repeated_sampling",
           "repeated sampling",
           "sampling",
           "n",
           "",
           {{"n", 16, "solutions, independent of each other"}},
           &make_sampling},
          {"adaptive_sampling",
           "adaptive consistency",
           "adaptive",
           "max_samples",
           "",
           {{"max_samples", 64, "solutions in all, at most"},
            {"batch", 4, "solutions drawn before the votes are looked at again"},
            {"stop",
             "adaptive_consistency",
             "rule by which it stops",
             {"adaptive_consistency", "early_stopping_consistency", "best_of_infinity"}},
            {"confidence", 0.95, "that the leader stays ahead, for adaptive_consistency"},
            {"bayes_factor", 100.0, "evidence for the leader, for best_of_infinity"}},
           &make_adaptive},
          {"power_sampling",
           "power sampling",
           "adaptive",
           "chains",
           "",
           {{"chains", 4, "solutions, independent of each other"},
            {"alpha", 4.0, "power of the model's distribution"},
            {"moves", 10, "endings proposed at each length"},
            {"max_steps", 16, "longest solution"},
            {"drawn_at", 1.0, "temperature at which endings are drawn"}},
           &make_power}};
}

}  // namespace bench
