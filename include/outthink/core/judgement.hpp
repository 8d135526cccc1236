// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace outthink {

/// A verdict of three values, which may abstain.
enum class judgement : std::uint8_t {
  wrong,      ///< found wrong
  uncertain,  ///< no clear verdict: the check could not be done, or did not tell
  right,      ///< found right
};

/// The score that stands for a judgement: 0, 1/2 or 1. An abstention ranks between right and wrong.
[[nodiscard]] constexpr float score_of(judgement made) noexcept {
  return made == judgement::right ? 1.0F : made == judgement::wrong ? 0.0F : 0.5F;
}

/// The judgement that a score stands for: right from 3/4, wrong up to 1/4, uncertain between and
/// for NaN.
[[nodiscard]] constexpr judgement judgement_of(float score) noexcept {
  if (score >= 0.75F) return judgement::right;
  return score <= 0.25F ? judgement::wrong : judgement::uncertain;
}

}  // namespace outthink
