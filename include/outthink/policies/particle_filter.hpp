// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/effective_sample_size.hpp>
#include <outthink/kernels/multinomial_resampling.hpp>
#include <outthink/kernels/normalise_log_weights.hpp>
#include <outthink/kernels/residual_resampling.hpp>
#include <outthink/kernels/stratified_resampling.hpp>
#include <outthink/kernels/systematic_resampling.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// How a population of particles is drawn anew in proportion to its weights.
enum class resampling { multinomial, systematic, stratified, residual };

/// A weighted population of traces.
struct particle_population {
  frontier nodes;               ///< where each particle stands
  std::vector<double> weights;  ///< of the particles, summing to 1
  double log_evidence = 0;      ///< ln of the estimated mean of the product of all potentials
};

/// @brief Sequential Monte Carlo over steps: solutions drawn from the model, tilted by the
/// verifier.
///
/// How it works: `particles` traces, each extended by one step a round. A particle's potential is
/// (r / (1 - r))^(1 / temperature) of its score r, taken as at least 1e-7 from 0 and 1. Its weight
/// is multiplied by that, or, if `incremental`, by the quotient of that and its potential a round
/// before; then the population is drawn anew in proportion to its weights, unless their effective
/// sample size is at least `resample_below · particles`. Particles that have ended stand and
/// compete. When all have ended, or after `max_steps` rounds, those that finished become
/// candidates, as often as they were drawn.
///
/// With `incremental` weights the population aims at p(trace) times the last potential, and a
/// finished particle keeps its weight; without, at p(trace) times the product of all potentials,
/// and a finished particle's last potential counts in every round, as published.
///
/// Requires: particles and max_steps ≥ 1, temperature > 0, resample_below ≥ 0; scores in [0, 1].
/// Cost: at most `particles` generations and scorings per round, `max_steps` rounds.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: the search's own random numbers draw the population.
/// Numerics: a NaN score has no weight; where all weights vanish, all count alike.
/// Reference: I. Puri et al. 2025, arXiv:2502.01618, with `multinomial` and resampling in every
/// round (`resample_below` above 1); N. Gordon et al. 1993; P. Del Moral 2004 (evidence).
struct particle_filter {
  int particles = 16;                               ///< traces side by side
  float temperature = 1;                            ///< of the weights; large: all alike
  float resample_below = 2;                         ///< share of effective particles; > 1: always
  resampling scheme = resampling::systematic;       ///< how the population is drawn anew
  bool incremental = false;                         ///< whether potentials telescope
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a trace is worth

  task<candidate_nodes> operator()(search auto& s) const {
    const particle_population last = co_await population(s);
    s.retire(last.nodes);
    co_return s.candidates();
  }

  /// The population after the last round, with its weights and the estimate of the evidence. With
  /// a `reference`, the nodes of a trace from its first step on, particle 0 follows that trace
  /// whatever its weight, and the others are drawn anew independently: the sweep of particle Gibbs.
  task<particle_population> population(search auto& s,
                                       std::span<const node_id> reference = {}) const {
    require(particles >= 1 && max_steps >= 1 && temperature > 0 && resample_below >= 0,
            "particle_filter: particles and max_steps must be at least 1, temperature above 0, "
            "resample_below at least 0");
    const auto count = static_cast<std::size_t>(particles);
    const std::size_t held = reference.empty() ? 0 : 1;
    particle_population now{frontier(count, s.root()), std::vector<double>(count, 1.0)};
    std::vector<double> potentials(count), log_weights(count, -__builtin_log(particles));
    redraw space;
    for (std::size_t step = 0; step < static_cast<std::size_t>(max_steps); ++step) {
      const std::span<node_id> free = std::span(now.nodes).subspan(held);
      const frontier open = open_nodes(s.tree(), free);
      if (open.empty() && step >= reference.size()) break;
      const auto children = co_await s.extend(open, 1);
      move_on(s.tree(), free, children);
      // Where the reference stood at this step, so that it weighs what it weighed then.
      if (step < reference.size()) now.nodes[0] = reference[step];
      const auto scores = co_await s.score(now.nodes, reduction);
      for (std::size_t i = 0; i < count; ++i) {
        const double before = incremental ? potentials[i] : 0;
        potentials[i] = log_potential(scores[i]);
        log_weights[i] += potentials[i] - before;
      }
      now.log_evidence += kernels::normalise_log_weights(log_weights, now.weights);
      if (!any_open(s.tree(), now.nodes)) break;
      if (resample_below > 1 || kernels::effective_sample_size(now.weights) <
                                    static_cast<double>(resample_below) * particles) {
        draw_anew(now, potentials, held, s.random(), space);
        std::fill(log_weights.begin(), log_weights.end(), __builtin_log(now.weights[0]));
      } else {
        for (std::size_t i = 0; i < count; ++i) log_weights[i] = __builtin_log(now.weights[i]);
      }
    }
    co_return now;
  }

 private:
  [[nodiscard]] double log_potential(float score) const {
    const double r = std::clamp(static_cast<double>(score), 1e-7, 1 - 1e-7);
    return __builtin_log(r / (1 - r)) / static_cast<double>(temperature);
  }

  // What drawing a population anew needs, kept from round to round.
  struct redraw {
    std::vector<std::uint32_t> chosen;
    std::vector<double> uniforms, scratch, potentials;
    frontier nodes;
  };

  // The first `held` particles stay where they are.
  void draw_anew(particle_population& now, std::vector<double>& potentials, std::size_t held,
                 random_stream& random, redraw& space) const {
    const std::size_t count = now.nodes.size();
    const resampling by = held == 0 ? scheme : resampling::multinomial;
    space.chosen.resize(count);
    const auto free = std::span(space.chosen).subspan(held);
    space.uniforms.resize(by == resampling::systematic ? 1 : free.size());
    for (double& uniform : space.uniforms) uniform = random.uniform();
    draw_indices(now.weights, by, space, free);
    std::sort(free.begin(), free.end());  // copies of a trace are extended together
    space.nodes = now.nodes;
    for (std::size_t i = held; i < count; ++i) now.nodes[i] = space.nodes[space.chosen[i]];
    if (incremental) {
      space.potentials = potentials;
      for (std::size_t i = held; i < count; ++i) potentials[i] = space.potentials[space.chosen[i]];
    }
    std::fill(now.weights.begin(), now.weights.end(), 1 / static_cast<double>(count));
  }

  static void draw_indices(std::span<const double> weights, resampling by, redraw& space,
                           std::span<std::uint32_t> chosen) {
    space.scratch.resize(weights.size());
    switch (by) {
      case resampling::multinomial:
        return kernels::multinomial_resampling(weights, space.uniforms, chosen, space.scratch);
      case resampling::systematic:
        return kernels::systematic_resampling(weights, space.uniforms[0], chosen);
      case resampling::stratified:
        return kernels::stratified_resampling(weights, space.uniforms, chosen);
      case resampling::residual:
        return kernels::residual_resampling(weights, space.uniforms, chosen, space.scratch);
    }
  }
};

}  // namespace outthink
