// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

namespace outthink::backends::http {

/// When a request that failed is sent again.
struct retry_policy {
  int attempts = 6;            ///< of a request in all, at least 1
  double first_delay = 0.25;   ///< bound of the first delay, in seconds; doubled each time
  double longest_delay = 30;   ///< bound of every delay, in seconds
  double longest_asked = 120;  ///< longest Retry-After that is waited for, in seconds

  /// Seconds to wait after the `failed`-th failed attempt, from 1 on: a uniform share of a bound
  /// that doubles, so that many clients do not come back together ("full jitter"). A server that
  /// asks for a delay (`asked` > 0) gets it, and the share on top. `uniform` lies in [0, 1).
  /// Reference: M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
  [[nodiscard]] double delay(int failed, double uniform, double asked) const {
    const double bound = std::min(longest_delay, first_delay * std::ldexp(1.0, failed - 1));
    return std::max(asked, 0.0) + uniform * bound;
  }
};

/// True for the statuses that may pass: 408, 409, 425, 429 and all of 500 to 599.
[[nodiscard]] constexpr bool may_pass(long status) noexcept {
  return status == 408 || status == 409 || status == 425 || status == 429 ||
         (status >= 500 && status <= 599);
}

}  // namespace outthink::backends::http
