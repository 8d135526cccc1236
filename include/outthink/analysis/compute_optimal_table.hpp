// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/compute_optimal/best_arms.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace outthink {

/// What each strategy gained at each budget on each problem, such as the share of seeds that were
/// right.
struct strategy_gains {
  std::size_t strategies = 0;
  std::size_t budgets = 0;
  std::span<const double> gains;  ///< [strategies][budgets][problems]; NaN where it was not run

  [[nodiscard]] constexpr std::size_t problems() const noexcept {
    return gains.size() / (strategies * budgets);
  }
  [[nodiscard]] constexpr double at(std::size_t strategy, std::size_t budget,
                                    std::size_t problem) const noexcept {
    return gains[(strategy * budgets + budget) * problems() + problem];
  }
};

/// A strategy for each row (bins of difficulty, or problems) and budget.
struct strategy_choice {
  std::size_t budgets = 0;
  std::vector<std::size_t> strategies;  ///< [rows][budgets]

  [[nodiscard]] std::size_t at(std::size_t row, std::size_t budget) const noexcept {
    return strategies[row * budgets + budget];
  }
};

namespace detail {

/// The best strategies on the problems that `counts` lets through.
template <class Counts>
[[nodiscard]] strategy_choice best_strategies(const strategy_gains& measured,
                                              std::span<const std::size_t> bin_of_problem,
                                              std::size_t bins, const Counts& counts) {
  strategy_choice chosen{measured.budgets, std::vector<std::size_t>(bins * measured.budgets)};
  std::vector<arm_trial> trials;
  for (std::size_t budget = 0; budget < measured.budgets; ++budget) {
    trials.clear();
    for (std::size_t strategy = 0; strategy < measured.strategies; ++strategy) {
      for (std::size_t i = 0; i < bin_of_problem.size(); ++i) {
        const double gain = measured.at(strategy, budget, i);
        if (gain == gain && counts(i)) trials.push_back({bin_of_problem[i], strategy, gain});
      }
    }
    const auto best = best_arms(trials, bins, measured.strategies);
    for (std::size_t bin = 0; bin < bins; ++bin)
      chosen.strategies[bin * measured.budgets + budget] = best[bin];
  }
  return chosen;
}

inline void check_shape(const strategy_gains& measured, std::size_t problems) {
  require(measured.strategies >= 1 && measured.budgets >= 1 &&
              measured.gains.size() == measured.strategies * measured.budgets * problems,
          "compute-optimal table: give a gain for each strategy, budget and problem, and each "
          "problem's bin");
}

}  // namespace detail

/// @brief The best strategy for each bin of difficulty and each budget.
///
/// How it works: the largest mean gain on the problems of the bin, by `best_arms`. A row at some
/// budget is what the policy `compute_optimal` takes as `arm_of_bin`.
/// Shapes and units: `bin_of_problem` [problems], below `bins`, as `difficulty_bins` gives them.
/// Requires: at least one strategy and one budget. Cost: O(gains).
/// Errors: `errc::invalid_argument` for sizes that do not fit, a bin out of range.
/// Numerics: of equal means the earlier strategy is taken: put the cheaper first. A bin without
/// problems gets the strategy that is best over all.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, section 3. What the table promises on the
/// problems that it was made from is too much: see `held_out_choice`.
[[nodiscard]] inline strategy_choice compute_optimal_table(
    const strategy_gains& measured, std::span<const std::size_t> bin_of_problem, std::size_t bins) {
  detail::check_shape(measured, bin_of_problem.size());
  return detail::best_strategies(measured, bin_of_problem, bins, [](std::size_t) { return true; });
}

/// @brief The strategy for each problem and budget by tables made without that problem: what a
/// compute-optimal choice is worth on problems that it has not seen.
///
/// How it works: the problems of each bin are dealt to `folds` folds in an order shuffled by
/// `seed`; each fold is answered by the table of the others. With all problems in one bin it is the
/// best fixed strategy, chosen as honestly: compare with that one.
/// Shapes and units: as above; the result's rows are problems. Requires: folds ≥ 2.
/// Cost: O(folds · gains). Errors: `errc::invalid_argument` for what does not fit.
/// Determinism: a function of the arguments, on every machine. Numerics: the only problem of a bin
/// gets the strategy that is best over all others. Reference: as above, which uses two folds.
[[nodiscard]] inline strategy_choice held_out_choice(const strategy_gains& measured,
                                                     std::span<const std::size_t> bin_of_problem,
                                                     std::size_t bins, std::size_t folds = 2,
                                                     std::uint64_t seed = 0) {
  const std::size_t problems = bin_of_problem.size();
  detail::check_shape(measured, problems);
  require(folds >= 2, "held_out_choice: it takes two folds or more");
  std::vector<std::size_t> shuffled(problems), fold(problems), dealt(bins);
  for (std::size_t i = 0; i < problems; ++i) shuffled[i] = i;
  std::sort(shuffled.begin(), shuffled.end(), [seed](std::size_t a, std::size_t b) {
    const std::uint64_t x = mix_bits(seed, a), y = mix_bits(seed, b);
    return x != y ? x < y : a < b;
  });
  for (const std::size_t i : shuffled) {
    require(bin_of_problem[i] < bins, "held_out_choice: a problem's bin is out of range");
    fold[i] = dealt[bin_of_problem[i]]++ % folds;
  }
  strategy_choice chosen{measured.budgets, std::vector<std::size_t>(problems * measured.budgets)};
  for (std::size_t out = 0; out < folds; ++out) {
    const strategy_choice table = detail::best_strategies(
        measured, bin_of_problem, bins, [&](std::size_t i) { return fold[i] != out; });
    for (std::size_t i = 0; i < problems; ++i) {
      for (std::size_t budget = 0; fold[i] == out && budget < measured.budgets; ++budget)
        chosen.strategies[i * measured.budgets + budget] = table.at(bin_of_problem[i], budget);
    }
  }
  return chosen;
}

/// What a choice for each problem gained at a budget [problems], or cost where `measured` holds
/// costs: for `bootstrap_mean` and `paired_bootstrap`. NaN where the strategy was not run.
[[nodiscard]] inline std::vector<double> chosen_gains(const strategy_gains& measured,
                                                      const strategy_choice& chosen,
                                                      std::size_t budget) {
  std::vector<double> gains;
  for (std::size_t i = 0; i < measured.problems(); ++i)
    gains.push_back(measured.at(chosen.at(i, budget), budget, i));
  return gains;
}

}  // namespace outthink
