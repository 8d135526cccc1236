// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>
#include <outthink/runtime/service_queue.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::detail {

/// @brief What an asynchronous service was asked and has not answered yet.
///
/// A request's tag is its place here, so that finding it costs no search. What is still under way
/// at the end is given up, also when an exception ends the run.
template <class Service>
class requests_under_way {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  struct entry {
    request asked;
    request_owner owner;
  };

  explicit requests_under_way(Service& service) noexcept : service_(&service) {}
  requests_under_way(const requests_under_way&) = delete;
  requests_under_way& operator=(const requests_under_way&) = delete;
  ~requests_under_way() {
    if (size() > 0) service_->abandon();
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size() - free_.size(); }

  /// Sends a request; if the service throws, the request is not under way.
  void submit(const request& asked, request_owner owner) {
    if (free_.empty()) {
      entries_.emplace_back();
      free_.push_back(entries_.size() - 1);
    }
    const std::size_t tag = free_.back();
    service_->submit(tag, asked);
    entries_[tag].emplace(entry{asked, owner});
    free_.pop_back();
  }

  /// Waits and calls `take(entry, answer)` for every answer that came in.
  template <class Take>
  void wait(double seconds, Take take) {
    done_.clear();
    service_->wait(done_, seconds);
    for (auto& [tag, answer] : done_) {
      if (tag >= entries_.size() || !entries_[tag]) {
        throw error(errc::malformed_reply, "a service answered request " + std::to_string(tag) +
                                               ", which is not under way");
      }
      const entry answered = std::move(*entries_[tag]);
      entries_[tag].reset();
      free_.push_back(tag);
      take(answered, std::move(answer));
    }
  }

  /// Gives up the requests whose owner is `dead`, where the service can; where not, their answers
  /// come and are nobody's.
  template <class Dead>
  void drop(Dead dead) {
    if constexpr (cancellable_service<Service>) {
      for (std::size_t tag = 0; tag < entries_.size(); ++tag) {
        if (!entries_[tag] || !dead(entries_[tag]->owner)) continue;
        service_->cancel(tag);
        entries_[tag].reset();
        free_.push_back(tag);
      }
    }
  }

  /// Gives up all that is under way and calls `drop(entry)` for each.
  template <class Drop>
  void abandon(Drop drop) {
    service_->abandon();
    for (std::size_t tag = 0; tag < entries_.size(); ++tag) {
      if (!entries_[tag]) continue;
      const entry dropped = std::move(*entries_[tag]);
      entries_[tag].reset();
      free_.push_back(tag);
      drop(dropped);
    }
  }

 private:
  Service* service_;
  std::vector<std::optional<entry>> entries_;  // by tag
  std::vector<std::size_t> free_;              // tags that are not in use
  std::vector<completion<response>> done_;
};

/// Nothing of a synchronous service is ever under way.
template <class Service>
struct nothing_under_way {
  explicit nothing_under_way(Service&) noexcept {}
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 0; }
  template <class Dead>
  static constexpr void drop(Dead) noexcept {}
};

template <class Service>
using under_way = std::conditional_t<asynchronous_service<Service>, requests_under_way<Service>,
                                     nothing_under_way<Service>>;

/// True if the service takes a request now.
template <class Service>
[[nodiscard]] bool has_capacity(Service& service) {
  if constexpr (asynchronous_service<Service>) return service.capacity() > 0;
  return true;
}

}  // namespace outthink::detail
