// SPDX-License-Identifier: MIT
#pragma once

#include "logit_rows.hpp"

#include <cmath>
#include <cstddef>
#include <span>

namespace outthink::test {

/// A divergence in double precision, and the mean of |ln p| + |ln q| under the first row.
struct reference_divergence {
  double value;
  double distance;
};

inline reference_divergence kl_of(std::span<const float> p, std::span<const float> q) {
  const double p_total = logsumexp_of(p), q_total = logsumexp_of(q);
  reference_divergence d{0, 0};
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] == minus_inf) continue;
    if (q[i] == minus_inf) return {HUGE_VAL, 0};
    const double log_p = static_cast<double>(p[i]) - p_total;
    const double log_q = static_cast<double>(q[i]) - q_total;
    d.value += std::exp(log_p) * (log_p - log_q);
    d.distance += std::exp(log_p) * (std::fabs(log_p) + std::fabs(log_q));
  }
  return d;
}

inline double js_of(std::span<const float> p, std::span<const float> q) {
  const double p_total = logsumexp_of(p), q_total = logsumexp_of(q);
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double a = std::exp(static_cast<double>(p[i]) - p_total);
    const double b = std::exp(static_cast<double>(q[i]) - q_total);
    if (a > 0) sum += a * std::log(2 * a / (a + b));
    if (b > 0) sum += b * std::log(2 * b / (a + b));
  }
  return sum / 2;
}

}  // namespace outthink::test
