// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/decide_by_weight.hpp>
#include <outthink/concepts/aggregator.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/step_reduction.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// @brief Draws a solution in proportion to e^(score / temperature): best-of-N without its taste
/// for the errors of a verifier.
///
/// How it works: the smaller the temperature, the nearer to `best_score`; the larger, the nearer to
/// one sample of the model. One uniform number decides, drawn from a stream that the seed and the
/// texts of the solutions name.
/// Requires: temperature > 0; no candidate chooses none.
/// Cost: O(n), n exponentials, a look at every byte. Errors: `errc::invalid_argument` for a
/// temperature that is not positive.
/// Determinism: a function of the candidates, their order, and the seed, on one machine; the
/// standard library's exponential decides where two probabilities meet.
/// Confidence: the probability of the solution that was drawn.
/// Numerics: in double, the largest score subtracted. NaN and minus infinity are never drawn beside
/// a number; solutions of plus infinity share all; if all are NaN or minus infinity, all are as
/// likely.
/// Reference: C. Mayrink Verdun et al. 2025, arXiv:2505.03156.
struct soft_best_of_n {
  float temperature = 1;                            ///< > 0, in the unit of the scores
  step_reduction reduction = step_reduction::last;  ///< how steps become one score
  std::uint64_t seed = 0;                           ///< of the draw

  [[nodiscard]] decision operator()(std::span<const candidate> candidates) const {
    require(temperature > 0, "soft_best_of_n: temperature must be positive");
    if (candidates.empty()) return {};
    const std::vector<double> weights = weigh(detail::reduced_scores(candidates, reduction));
    double total = 0;
    for (const double weight : weights) total += weight;
    double left = uniform(candidates) * total;
    std::size_t chosen = outcome::none;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (!(weights[i] > 0)) continue;
      chosen = i;
      left -= weights[i];
      if (left < 0) break;
    }
    return {chosen, weights[chosen] / total};
  }

 private:
  [[nodiscard]] std::vector<double> weigh(const std::vector<float>& scores) const {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    double best = -kInfinity;
    for (const float score : scores) best = std::fmax(best, static_cast<double>(score));
    std::vector<double> weights;
    weights.reserve(scores.size());
    for (const float score : scores) {
      const double behind = (static_cast<double>(score) - best) / static_cast<double>(temperature);
      const bool equal = best == -kInfinity || static_cast<double>(score) == best;
      weights.push_back(equal ? 1 : behind == behind ? std::exp(behind) : 0);
    }
    return weights;
  }

  [[nodiscard]] double uniform(std::span<const candidate> candidates) const {
    std::uint64_t place = candidates.size();
    for (const candidate& one : candidates) place = mix_bits(place, hash_text(one.solution));
    return random_stream({.key = seed, .place = place}).uniform();
  }
};

}  // namespace outthink
