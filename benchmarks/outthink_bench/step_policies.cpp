// SPDX-License-Identifier: MIT
// The policies of plans that go on with several solutions at once, step by step.
#include "policies.hpp"
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/compute_optimal.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/ets.hpp>
#include <outthink/policies/lookahead_search.hpp>
#include <outthink/policies/particle_filter.hpp>
#include <outthink/policies/particle_filter/particle_gibbs.hpp>
#include <outthink/policies/pav_beam_search.hpp>
#include <outthink/policies/rebase.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/speculative_rejection.hpp>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

namespace bench {

namespace {

any_policy make_beam(const parameter_values& v, const task_habits& task) {
  using outthink::ended_beams;
  const std::string ended = v.word("ended");
  return any_policy::with_verifier(
      outthink::beam_search{.width = v.count("width"),
                            .expand = v.count("expand"),
                            .max_steps = v.count("max_steps"),
                            .reduction = detail::reduction_of(v, task),
                            .ended = ended == "compete"  ? ended_beams::compete
                                     : ended == "occupy" ? ended_beams::occupy
                                     : ended == "refill" ? ended_beams::refill
                                                         : ended_beams::leave});
}

any_policy make_pav_beam(const parameter_values& v, const task_habits&) {
  return any_policy::with_verifier(outthink::pav_beam_search{.width = v.count("width"),
                                                             .expand = v.count("expand"),
                                                             .max_steps = v.count("max_steps"),
                                                             .alpha = v.number("alpha"),
                                                             .prover = v.count("prover")});
}

any_policy make_lookahead(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::lookahead_search{.width = v.count("width"),
                                 .expand = v.count("expand"),
                                 .lookahead = v.count("lookahead"),
                                 .max_steps = v.count("max_steps"),
                                 .reduction = detail::reduction_of(v, task)});
}

any_policy make_dvts(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::dvts{.subtrees = v.count("subtrees"),
                                                  .expand = v.count("expand"),
                                                  .max_steps = v.count("max_steps"),
                                                  .reduction = detail::reduction_of(v, task)});
}

any_policy make_rebase(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::rebase{.width = v.count("width"),
                                                    .temperature = v.number("balance"),
                                                    .max_steps = v.count("max_steps"),
                                                    .reduction = detail::reduction_of(v, task)});
}

any_policy make_ets(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::ets{.width = v.count("width"),
                                                 .temperature = v.number("balance"),
                                                 .node_cost = v.number("node_cost"),
                                                 .coverage = v.number("coverage"),
                                                 .max_steps = v.count("max_steps"),
                                                 .reduction = detail::reduction_of(v, task)});
}

any_policy make_particles(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::particle_filter{.particles = v.count("particles"),
                                .temperature = v.number("tilt"),
                                .resample_below = v.number("resample_below"),
                                .incremental = v.flag("incremental"),
                                .max_steps = v.count("max_steps"),
                                .reduction = detail::reduction_of(v, task)});
}

any_policy make_gibbs(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::particle_gibbs{.sweeps = v.count("sweeps"),
                               .particles = v.count("particles"),
                               .temperature = v.number("tilt"),
                               .resample_below = v.number("resample_below"),
                               .incremental = v.flag("incremental"),
                               .max_steps = v.count("max_steps"),
                               .reduction = detail::reduction_of(v, task)});
}

any_policy make_rejection(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::speculative_rejection{.samples = v.count("samples"),
                                      .reject = v.number("reject"),
                                      .interval = v.count("interval"),
                                      .max_steps = v.count("max_steps"),
                                      .reduction = detail::reduction_of(v, task)});
}

any_policy make_compute_optimal(const parameter_values& v, const task_habits& task) {
  const int pilots = v.count("pilots"), expand = v.count("expand");
  const int left = std::max(1, v.count("n") - pilots);
  const outthink::repeated_sampling for_easy{.n = left};
  const outthink::beam_search for_hard{.width = std::max(1, left / std::max(1, expand)),
                                       .expand = expand,
                                       .max_steps = v.count("max_steps"),
                                       .reduction = detail::reduction_of(v, task)};
  return any_policy::with_verifier(
      outthink::compute_optimal{outthink::bins_by_agreement{{v.precise("agreement")}},
                                {0, 1},
                                std::tuple{for_hard, for_easy},
                                pilots});
}

}  // namespace

std::vector<policy_entry> detail::step_policies() {
  const parameter reduction = reduction_parameter();
  const parameter rounds{"max_steps", 40, "rounds"};
  const parameter width{"width", 4, "partial solutions kept per step"};
  const parameter expand{"expand", 4, "next steps drawn from each"};
  const parameter draws{"width", 16, "continuations drawn in a round"};
  const parameter balance{"balance", 0.2, "temperature of the shares; small: the best takes all"};
  const parameter tilt{"tilt", 1.0, "temperature of the weights; large: all alike"};
  const parameter resample_below{"resample_below", 2.0,
                                 "share of effective particles; above 1: always"};
  const parameter incremental{"incremental", false, "whether potentials telescope"};
  return {{"beam_search",
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
          {"pav_beam_search",
           "beam search by progress",
           "search",
           "width",
           "expand",
           {width,
            expand,
            rounds,
            {"alpha", 0.5, "weight of the progress"},
            {"prover", 4, "tries of the prover"}},
           &make_pav_beam},
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
          {"dvts",
           "DVTS",
           "search",
           "subtrees",
           "expand",
           {{"subtrees", 4, "independent searches"}, expand, rounds, reduction},
           &make_dvts},
          {"rebase",
           "REBASE",
           "search",
           "width",
           "",
           {draws, balance, rounds, reduction},
           &make_rebase},
          {"ets",
           "ETS",
           "search",
           "width",
           "",
           {draws,
            balance,
            {"node_cost", 1.0, "weight of the nodes that are kept"},
            {"coverage", 1.5, "weight of the different last steps that are kept"},
            rounds,
            reduction},
           &make_ets},
          {"particle_filter",
           "particle filter",
           "search",
           "particles",
           "",
           {{"particles", 16, "traces side by side"},
            tilt,
            resample_below,
            incremental,
            rounds,
            reduction},
           &make_particles},
          {"particle_gibbs",
           "particle Gibbs",
           "search",
           "sweeps",
           "particles",
           {{"sweeps", 4, "particle filters in a row"},
            {"particles", 4, "traces side by side in each"},
            tilt,
            resample_below,
            incremental,
            rounds,
            reduction},
           &make_gibbs},
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
          {"compute_optimal",
           "choice by difficulty",
           "search",
           "n",
           "",
           {{"n", 16, "solutions, or steps drawn side by side, pilots included"},
            {"pilots", 4, "solutions from which the difficulty is told"},
            {"agreement", 0.5, "share of equal answers from which on sampling goes on, not a beam"},
            expand,
            rounds,
            reduction},
           &make_compute_optimal}};
}

}  // namespace bench
