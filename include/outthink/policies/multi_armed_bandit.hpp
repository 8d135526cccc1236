// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/generators.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/kernels/normal_posterior.hpp>
#include <outthink/kernels/select_by_uct.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace outthink {

/// How a bandit chooses an arm.
enum class bandit_rule {
  thompson,  ///< the largest draw from what is known about each arm
  ucb,       ///< the largest upper confidence bound
};

/// @brief Repeated sampling from several language models, or with several kinds of sampling, more
/// often from those whose solutions score better.
///
/// How it works: every generator is an arm of a bandit; to pull it is to draw one whole solution,
/// and the solution's score is the reward. A round pulls `batch` arms, chosen one after the other:
/// `thompson` draws each arm's mean from its posterior and takes the largest; `ucb` takes the
/// largest mean + exploration · √(ln pulls / own pulls), where pulls under way count with the mean
/// of their arm. All solutions become candidates.
///
/// Requires: counts ≥ 1, exploration ≥ 0, a generator at least; a verifier whose scores lie in
/// [0, 1].
/// Cost: `pulls` generations and scorings in `pulls / batch` rounds of each kind.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: the search's own random numbers choose by `thompson`; of equals the earlier arm.
/// Numerics: a score of NaN is a reward of 0.
/// Reference: W. Thompson 1933; P. Auer et al. 2002 (UCB1, exploration √2).
template <class Generators = own_generator, class Posterior = kernels::normal_posterior>
struct multi_armed_bandit {
  int pulls = 16;                                   ///< solutions in all
  int batch = 4;                                    ///< solutions drawn in one round
  bandit_rule rule = bandit_rule::thompson;         ///< how an arm is chosen
  float exploration = 1.41421356F;                  ///< of `ucb`
  step_reduction reduction = step_reduction::last;  ///< what a solution is worth
  Posterior prior{};                                ///< of `thompson`
  Generators generators{};                          ///< the arms

  task<candidate_nodes> operator()(search auto& s) const {
    require(pulls >= 1 && batch >= 1 && exploration >= 0 && generators.size() >= 1,
            "multi_armed_bandit: pulls and batch must be at least 1, exploration at least 0, and "
            "there must be a generator");
    record known{std::vector<Posterior>(generators.size(), prior),
                 std::vector<std::uint32_t>(generators.size()),
                 std::vector<float>(generators.size())};
    for (int done = 0; done < pulls; done += batch) {
      const std::vector<frontier> roots = chosen(known, done, s.root(), s.random());
      std::vector<task<frontier>> drawing;
      for (std::size_t which = 0; which < roots.size(); ++which) {
        if (!roots[which].empty()) drawing.push_back(generators.complete(s, which, roots[which]));
      }
      const std::vector<frontier> drawn = co_await when_all(std::move(drawing));
      frontier solutions;
      for (const frontier& some : drawn) {
        solutions.insert(solutions.end(), some.begin(), some.end());
      }
      const auto scores = co_await s.score(solutions, reduction);
      s.retire(solutions);
      std::size_t next = 0;
      for (std::size_t which = 0; which < roots.size(); ++which) {
        for (std::size_t i = 0; i < roots[which].size(); ++i, ++next) {
          const float reward = scores[next] == scores[next] ? scores[next] : 0;
          known.posteriors[which].observe(static_cast<double>(reward));
          known.sums[which] += reward;
          ++known.pulls[which];
        }
      }
    }
    co_return s.candidates();
  }

 private:
  struct record {
    std::vector<Posterior> posteriors;
    std::vector<std::uint32_t> pulls;
    std::vector<float> sums;
  };

  // For each arm the root as often as it is pulled in this round.
  std::vector<frontier> chosen(record known, int done, node_id root, random_stream& random) const {
    std::vector<frontier> roots(generators.size());
    for (int i = done; i < pulls && i < done + batch; ++i) {
      const std::size_t arm =
          rule == bandit_rule::thompson ? by_draw(known, random) : by_bound(known, i);
      const auto own = static_cast<float>(known.pulls[arm]);
      known.sums[arm] += own > 0 ? known.sums[arm] / own : 0;
      ++known.pulls[arm];
      roots[arm].push_back(root);
    }
    return roots;
  }

  static std::size_t by_draw(const record& known, random_stream& random) {
    std::size_t best = 0;
    double largest = 0;
    for (std::size_t i = 0; i < known.posteriors.size(); ++i) {
      const double u = random.uniform() + 0x1p-54, v = random.uniform() + 0x1p-54;
      const double worth = mean_of(draw(known.posteriors[i], u, v));
      if (i == 0 || worth > largest) best = i, largest = worth;
    }
    return best;
  }

  static double mean_of(double drawn) noexcept { return drawn; }
  static double mean_of(const kernels::normal_draw& drawn) noexcept { return drawn.mean; }

  [[nodiscard]] std::size_t by_bound(const record& known, int pulled) const {
    return kernels::select_by_uct(known.pulls, known.sums, static_cast<std::uint32_t>(pulled),
                                  exploration);
  }
};

}  // namespace outthink
