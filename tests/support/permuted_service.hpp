// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace outthink::test {

/// Makes an asynchronous service of a synchronous one: answers come in a random order that the
/// seed fixes, some at a time.
template <class Service>
class permuted_service {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  permuted_service(Service& inner, std::size_t capacity, std::uint64_t seed)
      : inner_(&inner), capacity_(capacity), random_({.key = seed, .place = 0}) {}

  std::size_t most_under_way = 0;
  std::size_t waits = 0;
  std::size_t abandoned = 0;
  double longest_wait = 0;  ///< that was allowed, in seconds

  std::size_t capacity() const { return capacity_ - under_way_.size(); }

  void submit(std::uint64_t tag, const request& asked) {
    under_way_.push_back({tag, std::move(inner_->answer(std::span(&asked, 1))[0])});
    most_under_way = std::max(most_under_way, under_way_.size());
  }

  void wait(std::vector<completion<response>>& done, double seconds) {
    ++waits;
    longest_wait = std::max(longest_wait, seconds);
    const std::size_t some = 1 + random_.below(3);
    for (std::size_t i = 0; i < some && !under_way_.empty(); ++i) {
      std::swap(under_way_[random_.below(static_cast<std::uint32_t>(under_way_.size()))],
                under_way_.back());
      done.push_back(std::move(under_way_.back()));
      under_way_.pop_back();
    }
  }

  void abandon() {
    abandoned += under_way_.size();
    under_way_.clear();
  }

  std::vector<response> answer(std::span<const request> batch) {
    return answer_by_waiting(*this, batch);
  }

 private:
  Service* inner_;
  std::size_t capacity_;
  random_stream random_;
  std::vector<completion<response>> under_way_;
};

}  // namespace outthink::test
