// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/multinomial_resampling.hpp>
#include <outthink/policies/particle_filter.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// @brief Particle filters one after the other, each held to a trace drawn from the one before: a
/// Markov chain whose traces are distributed exactly as the filter's target in the limit.
///
/// How it works: the first sweep is a `particle_filter`. Then a trace is drawn from its population
/// in proportion to the weights; in the next sweep one particle follows that trace, whatever its
/// weight, and competes at every step with the weight that its prefix has at that step; the others
/// are drawn anew from all, so that they may branch off it; and so on. The finished particles of
/// every sweep become candidates, as often as they stand in its population, the trace that was held
/// first.
///
/// Requires: sweeps, particles and max_steps ≥ 1, temperature > 0, resample_below ≥ 0; scores in
/// [0, 1]. With one particle nothing ever moves after the first sweep.
/// Cost: at most `sweeps · particles` generations per step of a trace, `sweeps · max_steps` rounds.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: the search's own random numbers draw traces and populations.
/// Numerics: as `particle_filter`.
/// Reference: C. Andrieu, A. Doucet, R. Holenstein 2010, JRSS B 72(3); over steps I. Puri et al.
/// 2025, arXiv:2502.01618. Published code gives a finished reference the weight of its last step
/// from the first step on, which is not that chain.
struct particle_gibbs {
  int sweeps = 4;                                   ///< particle filters in a row
  int particles = 8;                                ///< traces side by side in each
  float temperature = 1;                            ///< of the weights; large: all alike
  float resample_below = 2;                         ///< share of effective particles; > 1: always
  bool incremental = false;                         ///< whether potentials telescope
  int max_steps = 40;                               ///< rounds of a sweep
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    require(sweeps >= 1, "particle_gibbs: sweeps must be at least 1");
    const particle_filter filter{.particles = particles,
                                 .temperature = temperature,
                                 .resample_below = resample_below,
                                 .scheme = resampling::multinomial,
                                 .incremental = incremental,
                                 .max_steps = max_steps,
                                 .reduction = reduction};
    frontier reference;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const std::span<const node_id> held(reference);
      const particle_population last = co_await filter.population(s, held);
      s.retire(last.nodes);
      reference = trace_of(s, drawn_from(last, s.random()));
    }
    co_return s.candidates();
  }

 private:
  static node_id drawn_from(const particle_population& last, random_stream& random) {
    const double uniform = random.uniform();
    std::uint32_t chosen = 0;
    std::vector<double> scratch(last.weights.size());
    kernels::multinomial_resampling(last.weights, {&uniform, 1}, {&chosen, 1}, scratch);
    return last.nodes[chosen];
  }

  // The nodes from the first step to `end`.
  static frontier trace_of(auto& s, node_id end) {
    frontier backwards;
    for (node_id at = end; at != s.root(); at = s.tree().parent(at)) backwards.push_back(at);
    return {backwards.rbegin(), backwards.rend()};
  }
};

}  // namespace outthink
