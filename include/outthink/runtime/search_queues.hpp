// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/service_queue.hpp>

#include <span>
#include <vector>

namespace outthink::detail {

/// Requests of one search to a service that the scheduler knows only through this interface.
struct foreign_requests {
  const void* service;
  const void* kind;  ///< of service; a service and its first member have the same address

  foreign_requests(const void* asked, const void* type) noexcept : service(asked), kind(type) {}
  foreign_requests(const foreign_requests&) = delete;
  foreign_requests& operator=(const foreign_requests&) = delete;
  virtual ~foreign_requests() = default;

  /// Asks the service for all of `group`, which holds requests to the same service, in one batch.
  virtual void answer_together(std::span<foreign_requests* const> group) = 0;
};

/// Its address tells services of different types apart.
template <class Service>
inline constexpr char service_kind = 0;

/// What a search has asked services the scheduler only knows by address.
struct foreign_entry {
  foreign_requests* requests;
  request_owner owner;
};

/// What all searches of a scheduler share.
template <class Model, class Verifier>
struct search_queues {
  service_queue<Model> model;
  service_queue<Verifier> verifier;
  std::vector<foreign_entry> foreign;
};

}  // namespace outthink::detail
