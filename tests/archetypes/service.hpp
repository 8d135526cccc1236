// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <span>
#include <string>

namespace archetypes {

/// The smallest service: measures texts.
class text_measure {
 public:
  using request = std::string;
  using response = long;

  explicit text_measure(long unit) : unit_(unit) {}
  text_measure(text_measure&&) = default;  // a service need not be copied

  // Any sequence with `size()` and `[]` will do.
  std::deque<long> answer(std::span<const std::string> texts) {
    std::deque<long> lengths;
    for (const std::string& text : texts) lengths.push_back(unit_ * static_cast<long>(text.size()));
    return lengths;
  }

 private:
  long unit_;
};

}  // namespace archetypes
