// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// Whose request it is: a search's slot in the scheduler, the problem that is searched there (slots
/// are reused), and what the search knows the request by.
struct request_owner {
  std::uint32_t slot;
  std::uint32_t problem;
  std::uint32_t tag;
};

/// @brief Requests that go to a service together, from any number of searches.
template <service_interface Service>
class batch {
 public:
  using request = typename Service::request;

  batch() = default;
  batch(std::vector<request> requests, std::vector<request_owner> owners) noexcept
      : requests_(std::move(requests)), owners_(std::move(owners)) {}

  [[nodiscard]] bool empty() const noexcept { return requests_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return requests_.size(); }
  [[nodiscard]] std::span<const request> requests() const noexcept { return requests_; }
  [[nodiscard]] const request_owner& owner(std::size_t i) const noexcept { return owners_[i]; }

  /// Replaces the content.
  template <class Requests, class Owners>
  void assign(Requests first, Requests last, Owners first_owner, Owners last_owner) {
    requests_.assign(first, last);
    owners_.assign(first_owner, last_owner);
  }

  /// Exchanges the content with that of two lists.
  void swap(std::vector<request>& requests, std::vector<request_owner>& owners) noexcept {
    requests_.swap(requests);
    owners_.swap(owners);
  }

  /// Requests [begin, end) as a batch of their own.
  [[nodiscard]] batch slice(std::size_t begin, std::size_t end) const {
    return {{requests_.begin() + static_cast<std::ptrdiff_t>(begin),
             requests_.begin() + static_cast<std::ptrdiff_t>(end)},
            {owners_.begin() + static_cast<std::ptrdiff_t>(begin),
             owners_.begin() + static_cast<std::ptrdiff_t>(end)}};
  }

 private:
  std::vector<request> requests_;
  std::vector<request_owner> owners_;
};

/// @brief The requests of all searches that wait for one service, first in, first out.
template <service_interface Service>
class service_queue {
 public:
  using request = typename Service::request;

  [[nodiscard]] std::size_t size() const noexcept { return requests_.size() - taken_; }

  void push(request&& asked, request_owner owner) {
    requests_.push_back(std::move(asked));
    owners_.push_back(owner);
  }

  /// The next requests, at most `most`, in storage that an earlier batch may have had.
  batch<Service> take(std::size_t most) {
    batch<Service> taken = std::move(spare_);
    if (taken_ == 0 && size() <= most) {  // all: nothing is copied
      taken.swap(requests_, owners_);
      requests_.clear();
      owners_.clear();
      return taken;
    }
    const auto begin = static_cast<std::ptrdiff_t>(taken_);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(most, size()));
    taken.assign(std::make_move_iterator(requests_.begin() + begin),
                 std::make_move_iterator(requests_.begin() + end), owners_.begin() + begin,
                 owners_.begin() + end);
    taken_ += taken.size();
    if (size() <= taken_) {  // what is left moves to the front: storage stays small, and in cache
      requests_.erase(requests_.begin(), requests_.begin() + static_cast<std::ptrdiff_t>(taken_));
      owners_.erase(owners_.begin(), owners_.begin() + static_cast<std::ptrdiff_t>(taken_));
      taken_ = 0;
    }
    return taken;
  }

  /// Forgets the requests whose owner is `dead`.
  template <class Dead>
  void drop(Dead dead) {
    std::size_t kept = taken_;
    for (std::size_t i = taken_; i < requests_.size(); ++i) {
      if (dead(owners_[i])) continue;
      if (kept != i) requests_[kept] = std::move(requests_[i]);
      owners_[kept++] = owners_[i];
    }
    requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(kept), requests_.end());
    owners_.erase(owners_.begin() + static_cast<std::ptrdiff_t>(kept), owners_.end());
  }

  /// Takes back the storage of a batch that is done with.
  void recycle(batch<Service>&& done) { spare_ = std::move(done); }

 private:
  std::vector<request> requests_;
  std::vector<request_owner> owners_;
  std::size_t taken_ = 0;
  batch<Service> spare_;
};

}  // namespace outthink
