// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/sampler.hpp>

namespace archetypes {

/// The smallest sampler: the last token that is at least as likely as a threshold's logit.
class last_above {
 public:
  explicit last_above(float threshold) : threshold_(threshold) {}
  last_above(last_above&&) = default;

  short operator()(std::span<float> logits, const outthink::sampling_options&, double) {
    short chosen = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      if (logits[i] >= threshold_) chosen = static_cast<short>(i);
    }
    return chosen;
  }

 private:
  float threshold_;
};

}  // namespace archetypes
