// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/answer_statistics.hpp>
#include <outthink/backends/simulator/synthetic_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/normal_quantile.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace outthink::backends {

/// @brief Scores the solutions of a `synthetic_model`, as well as it is told to.
///
/// How it works: it sees whether a trace is right so far through noise: z is normal with mean ±d/2
/// and variance 1, d = √2 Φ⁻¹(auc), so that a right trace has the greater z with probability auc.
/// The score is the probability that the trace is right given z and the model's accuracy,
/// σ(d z + logit(accuracy)). The noise of a trace depends on its text alone; that of two steps is
/// independent, so that a product of many steps' scores tells more than one of them does.
/// Shapes and units: a probability for each step. Requires: traces of a `synthetic_model` with the
/// same statistics. Cost: a fraction of a microsecond a step; nothing is charged, as its machines
/// know what must be read. Errors: `errc::invalid_argument` for statistics out of range.
/// Determinism: a function of the trace. Numerics: a probability may round to 0 or 1.
class synthetic_verifier {
 public:
  using request = score_request;
  using response = verdict;

  explicit synthetic_verifier(const answer_statistics& habits)
      : distance_(std::sqrt(2.0) * kernels::normal_quantile(habits.auc)),
        prior_(std::log(habits.accuracy / (1 - habits.accuracy))) {
    validate(habits);
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts;
    verdicts.reserve(requests.size());
    for (const score_request& asked : requests) verdicts.push_back(answer_one(asked));
    return verdicts;
  }

 private:
  [[nodiscard]] verdict answer_one(const score_request& asked) const {
    verdict made;
    std::uint64_t seen = hash_text(asked.trace.prompt());
    std::uint32_t step = 0;
    for (const node_id node : asked.trace.tree().path(asked.trace.node())) {
      const step_payload payload = asked.trace.tree().payload(node);
      if (payload.text.empty()) continue;
      seen = mix_bits(seen, hash_text(payload.text));
      if (step++ >= asked.from) made.scores.push_back(score(payload.text, seen));
    }
    return made;
  }

  [[nodiscard]] float score(std::string_view line, std::uint64_t seen) const {
    random_stream random({.key = seen, .place = 0});
    const double noise = kernels::normal_quantile(random.uniform() + 0x1p-54);
    const double z = noise + (synthetic_model::line_is_right(line) ? 0.5 : -0.5) * distance_;
    return static_cast<float>(1 / (1 + std::exp(-(distance_ * z + prior_))));
  }

  double distance_;
  double prior_;
};

}  // namespace outthink::backends
