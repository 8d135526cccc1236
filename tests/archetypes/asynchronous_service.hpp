// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/asynchronous_service.hpp>

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace archetypes {

/// The smallest asynchronous service: measures texts, the latest first.
class distant_measure {
 public:
  using request = std::string;
  using response = long;

  distant_measure() = default;
  distant_measure(distant_measure&&) = default;  // a service need not be copied

  int capacity() const { return 1000 - static_cast<int>(under_way_.size()); }
  void submit(std::uint64_t tag, const std::string& text) {
    under_way_.push_back({tag, static_cast<long>(text.size())});
  }
  void wait(std::vector<outthink::completion<long>>& done, double) {
    done.insert(done.end(), under_way_.rbegin(), under_way_.rend());
    under_way_.clear();
  }
  void abandon() { under_way_.clear(); }

  std::vector<long> answer(std::span<const std::string> texts) {
    return outthink::answer_by_waiting(*this, texts);
  }

 private:
  std::deque<outthink::completion<long>> under_way_;
};

}  // namespace archetypes
