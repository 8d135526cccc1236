// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/chooser.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace archetypes {

/// The smallest chooser: takes the longest text.
struct longest {
  using request = outthink::choice_request;
  using response = outthink::choice;

  std::vector<outthink::choice> answer(std::span<const outthink::choice_request> asked) {
    std::vector<outthink::choice> made(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto texts = asked[i].texts;
      for (std::size_t k = 1; k < texts.size(); ++k)
        if (texts[k].size() > texts[made[i].chosen].size()) made[i].chosen = k;
    }
    return made;
  }
};

}  // namespace archetypes
