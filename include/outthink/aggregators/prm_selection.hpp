// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/core/step_reduction.hpp>

namespace outthink {

/// @brief The selections over process rewards under the names of the published comparisons:
/// `prm_{min,last,avg,prod}_{max,vote}`.
///
/// The first word reduces a solution's step scores to one; `max` takes the best solution
/// (`best_score`), `vote` the answer with the largest sum (`weighted_vote`), which document the
/// rest. Differs from the published code in one thing: there a solution without a score counts as
/// -1, here it ranks lowest and does not vote.
/// Reference: Liu et al. 2025, arXiv:2502.06703, and its code; `avg` is `step_reduction::mean`.
inline constexpr best_score prm_min_max{step_reduction::min};
inline constexpr best_score prm_last_max{step_reduction::last};
inline constexpr best_score prm_avg_max{step_reduction::mean};
inline constexpr best_score prm_prod_max{step_reduction::product};
inline constexpr weighted_vote prm_min_vote{step_reduction::min};
inline constexpr weighted_vote prm_last_vote{step_reduction::last};
inline constexpr weighted_vote prm_avg_vote{step_reduction::mean};
inline constexpr weighted_vote prm_prod_vote{step_reduction::product};

}  // namespace outthink
