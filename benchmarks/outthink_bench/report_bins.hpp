// SPDX-License-Identifier: MIT
#pragma once

#include "measurements.hpp"
#include <outthink/analysis/difficulty_bins.hpp>
#include <outthink/core/step_reduction.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// A way to cut a task's problems by difficulty.
struct binning {
  std::string name;                 ///< given, oracle or predicted
  std::vector<std::string> bins;    ///< the easiest first
  std::vector<std::size_t> bin_of;  ///< [problems]
};

namespace detail {

/// The samples of all seeds of the first strategy that has some and, if wanted, scores of them.
inline std::vector<const read_pass*> sampled_passes(const std::vector<measurement>& measured,
                                                    measuring& from, bool scored) {
  for (const measurement& one : measured) {
    if (one.how->line.at("sampling").at(0) == 0 || (scored && one.how->scores.empty())) continue;
    std::vector<const read_pass*> passes;
    for (std::size_t seed = 0; seed < one.seeds; ++seed)
      if (const read_pass* own = from.samples(*one.how, seed)) passes.push_back(own);
    if (!passes.empty()) return passes;
  }
  return {};
}

/// The share of right ones among a problem's samples; NaN without samples.
inline double share_of_right(const std::vector<const read_pass*>& passes, std::size_t problem) {
  double right = 0, all = 0;
  for (const read_pass* pass : passes) {
    for (const sample& one : pass->drawn.samples[problem]) right += one.right ? 1 : 0, all += 1;
  }
  return all > 0 ? right / all : std::numeric_limits<double>::quiet_NaN();
}

/// What a verifier says of a problem's finished samples on average; NaN if it says nothing.
inline double mean_score(const std::vector<const read_pass*>& passes, std::size_t problem,
                         outthink::step_reduction reduction) {
  double sum = 0, all = 0;
  for (const read_pass* pass : passes) {
    for (const outthink::candidate& one : pass->candidates[problem]) {
      const double score = static_cast<double>(reduce_steps(one.step_scores, reduction));
      if (score == score) sum += score, all += 1;
    }
  }
  return all > 0 ? sum / all : std::numeric_limits<double>::quiet_NaN();
}

/// Five bins of about equally many problems, fewer where problems are few or equally easy.
inline binning binning_by(std::string name, const std::string& unit,
                          const std::vector<double>& ease) {
  constexpr std::size_t kMost = 5, kLeastProblems = 6;
  const std::size_t wanted = std::clamp<std::size_t>(ease.size() / kLeastProblems, 1, kMost);
  const auto hardest_first =
      outthink::difficulty_bins(ease, outthink::difficulty_edges(ease, wanted));
  binning made{std::move(name), {}, std::vector<std::size_t>(ease.size())};
  for (std::size_t bin = wanted; bin-- > 0;) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    bool any = false;
    for (std::size_t i = 0; i < ease.size(); ++i) {
      if (hardest_first[i] != bin) continue;
      any = true;
      made.bin_of[i] = made.bins.size();
      if (ease[i] == ease[i]) low = std::min(low, ease[i]), high = std::max(high, ease[i]);
    }
    if (!any) continue;
    made.bins.push_back(low > high ? "unknown"
                        : low == high
                            ? fmt::format("{} {:.0f} %", unit, 100 * low)
                            : fmt::format("{} {:.0f} to {:.0f} %", unit, 100 * low, 100 * high));
  }
  return made;
}

}  // namespace detail

/// @brief The ways to cut a task's problems by difficulty: by the task's own levels (given), by the
/// share of right samples (oracle), by a verifier's mean score of them (predicted).
///
/// Of the last two, those that can be told from the samples, with two bins or more.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, section 3.2.
[[nodiscard]] inline std::vector<binning> binnings_of(const stored_task& task,
                                                      const std::vector<measurement>& measured,
                                                      measuring& from) {
  std::vector<binning> made{{"given", task.bins, task.bin_of}};
  const auto add = [&](const char* name, const char* unit, const auto& ease_of) {
    std::vector<double> ease;
    for (std::size_t i = 0; i < task.problems(); ++i) ease.push_back(ease_of(i));
    binning one = detail::binning_by(name, unit, ease);
    if (one.bins.size() > 1) made.push_back(std::move(one));
  };
  if (const auto drawn = detail::sampled_passes(measured, from, false); !drawn.empty()) {
    add("oracle", "right", [&](std::size_t i) { return detail::share_of_right(drawn, i); });
  }
  if (const auto scored = detail::sampled_passes(measured, from, true); !scored.empty()) {
    add("predicted", "score",
        [&](std::size_t i) { return detail::mean_score(scored, i, task.reduction); });
  }
  return made;
}

}  // namespace bench
