// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>

namespace outthink {

/// @brief Limits of what one problem may spend; a spent budget is an outcome, not an error.
///
/// How it works: before a search's next requests leave, the scheduler compares what they could cost
/// with what is left. Calls and tokens are reserved and therefore never exceeded: a round of n
/// generations may write at most `left / n` tokens each, and a round that does not fit is not sent.
/// FLOPs, money and seconds are known only afterwards: they end the search before its next round;
/// seconds also while it waits for an asynchronous service.
/// Determinism: all but `seconds` are.
struct budget {
  static constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t tokens = kUnlimited;          ///< generated tokens
  std::uint64_t model_calls = kUnlimited;     ///< generation requests
  std::uint64_t verifier_calls = kUnlimited;  ///< scoring requests
  std::uint64_t other_calls = kUnlimited;     ///< requests to services that a policy brought along
  double flops = std::numeric_limits<double>::infinity();
  double money = std::numeric_limits<double>::infinity();
  double seconds = std::numeric_limits<double>::infinity();  ///< wall time since the search began
};

}  // namespace outthink
