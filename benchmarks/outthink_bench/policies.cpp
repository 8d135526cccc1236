// SPDX-License-Identifier: MIT
// The policies that plans can name. They are compiled here alone, since each is a coroutine for
// each of two kinds of search.
#include "policies.hpp"

#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/best_first_search.hpp>
#include <outthink/policies/depth_first_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/lookahead_search.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/particle_filter.hpp>
#include <outthink/policies/rebase.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/speculative_rejection.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>

#include <string>
#include <vector>

namespace bench {

namespace {

outthink::step_reduction reduction_of(const parameter_values& v, const task_habits& task) {
  return reduction_named(v.word("reduction"), task.reduction);
}

any_policy make_sampling(const parameter_values& v, const task_habits&) {
  return any_policy::with_or_without_verifier(outthink::repeated_sampling{.n = v.count("n")});
}

any_policy make_adaptive(const parameter_values& v, const task_habits&) {
  return any_policy::with_or_without_verifier(
      outthink::adaptive_sampling<outthink::adaptive_consistency>{
          .stop = {.confidence = v.precise("confidence")},
          .batch = v.count("batch"),
          .max_samples = v.count("max_samples")});
}

any_policy make_beam(const parameter_values& v, const task_habits& task) {
  using outthink::ended_beams;
  const std::string ended = v.word("ended");
  return any_policy::with_verifier(
      outthink::beam_search{.width = v.count("width"),
                            .expand = v.count("expand"),
                            .max_steps = v.count("max_steps"),
                            .reduction = reduction_of(v, task),
                            .ended = ended == "compete"  ? ended_beams::compete
                                     : ended == "occupy" ? ended_beams::occupy
                                     : ended == "refill" ? ended_beams::refill
                                                         : ended_beams::leave});
}

any_policy make_dvts(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::dvts{.subtrees = v.count("subtrees"),
                                                  .expand = v.count("expand"),
                                                  .max_steps = v.count("max_steps"),
                                                  .reduction = reduction_of(v, task)});
}

any_policy make_lookahead(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::lookahead_search{.width = v.count("width"),
                                                              .expand = v.count("expand"),
                                                              .lookahead = v.count("lookahead"),
                                                              .max_steps = v.count("max_steps"),
                                                              .reduction = reduction_of(v, task)});
}

any_policy make_rebase(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::rebase{.width = v.count("width"),
                                                    .temperature = v.number("balance"),
                                                    .max_steps = v.count("max_steps"),
                                                    .reduction = reduction_of(v, task)});
}

any_policy make_particles(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::particle_filter{.particles = v.count("particles"),
                                .temperature = v.number("tilt"),
                                .resample_below = v.number("resample_below"),
                                .incremental = v.flag("incremental"),
                                .max_steps = v.count("max_steps"),
                                .reduction = reduction_of(v, task)});
}

any_policy make_rejection(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::speculative_rejection{.samples = v.count("samples"),
                                      .reject = v.number("reject"),
                                      .interval = v.count("interval"),
                                      .max_steps = v.count("max_steps"),
                                      .reduction = reduction_of(v, task)});
}

any_policy make_best_first(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::best_first_search{.expansions = v.count("expansions"),
                                                               .expand = v.count("expand"),
                                                               .leaves = v.count("leaves"),
                                                               .solutions = v.count("solutions"),
                                                               .reduction = reduction_of(v, task)});
}

any_policy make_depth_first(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::depth_first_search{.expand = v.count("expand"),
                                   .threshold = v.number("threshold"),
                                   .expansions = v.count("expansions"),
                                   .solutions = v.count("solutions"),
                                   .reduction = reduction_of(v, task)});
}

any_policy make_tree_search(const parameter_values& v, const task_habits& task) {
  using outthink::step_value;
  const std::string value = v.word("value");
  return any_policy::with_verifier(
      outthink::monte_carlo_tree_search<>{.simulations = v.count("simulations"),
                                          .expand = v.count("expand"),
                                          .leaves = v.count("leaves"),
                                          .widening = v.number("widening"),
                                          .value = value == "score"     ? step_value::score
                                                   : value == "rollout" ? step_value::rollout
                                                                        : task.tree_value,
                                          .reduction = reduction_of(v, task)});
}

}  // namespace

const std::vector<policy_entry>& all_policies() {
  static const parameter reduction = reduction_parameter();
  static const parameter rounds{"max_steps", 40, "rounds"};
  static const parameter width{"width", 4, "partial solutions kept per step"};
  static const parameter expand{"expand", 4, "next steps drawn from each"};
  static const parameter expansions{"expansions", 16, "traces continued in all"};
  static const std::vector<policy_entry> all = {
      {"repeated_sampling",
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
        {"confidence", 0.95, "that the leader stays ahead, at which it stops"}},
       &make_adaptive},
      {"beam_search",
       "beam search",
       "search",
       "width",
       "expand",
       {width,
        expand,
        rounds,
        reduction,
        {"ended",
         "leave",
         "what solutions that have ended do",
         {"leave", "occupy", "compete", "refill"}}},
       &make_beam},
      {"dvts",
       "DVTS",
       "search",
       "subtrees",
       "expand",
       {{"subtrees", 4, "independent searches"}, expand, rounds, reduction},
       &make_dvts},
      {"lookahead_search",
       "lookahead search",
       "search",
       "width",
       "expand",
       {width,
        expand,
        {"lookahead", 1, "steps decoded greedily before judging"},
        rounds,
        reduction},
       &make_lookahead},
      {"rebase",
       "REBASE",
       "search",
       "width",
       "",
       {{"width", 16, "continuations drawn in a round"},
        {"balance", 0.2, "temperature of the shares; small: the best takes all"},
        rounds,
        reduction},
       &make_rebase},
      {"particle_filter",
       "particle filter",
       "search",
       "particles",
       "",
       {{"particles", 16, "traces side by side"},
        {"tilt", 1.0, "temperature of the weights; large: all alike"},
        {"resample_below", 2.0, "share of effective particles; above 1: always"},
        {"incremental", false, "whether potentials telescope"},
        rounds,
        reduction},
       &make_particles},
      {"speculative_rejection",
       "speculative rejection",
       "search",
       "samples",
       "",
       {{"samples", 16, "traces at the start"},
        {"reject", 0.5, "share that is dropped each time"},
        {"interval", 1, "steps between two rejections"},
        rounds,
        reduction},
       &make_rejection},
      {"best_first_search",
       "best-first search",
       "search",
       "expansions",
       "expand",
       {expansions,
        expand,
        {"leaves", 1, "traces continued in one round"},
        {"solutions", 4, "complete solutions after which it stops"},
        reduction},
       &make_best_first},
      {"depth_first_search",
       "depth-first search",
       "search",
       "expansions",
       "expand",
       {expansions,
        expand,
        {"threshold", 0.0, "score up to which a trace is given up"},
        {"solutions", 1, "complete solutions after which it stops"},
        reduction},
       &make_depth_first},
      {"tree_search",
       "tree search",
       "search",
       "simulations",
       "expand",
       {{"simulations", 16, "leaves expanded in all"},
        expand,
        {"leaves", 4, "simulations in one round"},
        {"widening", 0.5, "how fast a node gets more children; 0: never"},
        {"value", "task", "of a new step", {"task", "score", "rollout"}},
        reduction},
       &make_tree_search}};
  return all;
}

}  // namespace bench
