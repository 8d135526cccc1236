// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>

#include <span>
#include <vector>

namespace outthink {

/// @brief Scores nothing: for policies and aggregators that need no verifier, such as
/// self-consistency.
///
/// A search does not ask it at all; policies see scores of 0 and candidates carry none.
/// Cost: none. Errors: none.
struct no_verifier {
  using request = score_request;
  using response = verdict;
  static constexpr bool abstains = true;

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    return std::vector<verdict>(requests.size());
  }
};

}  // namespace outthink
