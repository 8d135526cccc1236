// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/service_queue.hpp>

#include <exception>
#include <span>
#include <utility>
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

/// Asks for a group in one batch; one that throws is asked again entry by entry, so that only the
/// culprit fails.
template <class Answered>
void answer_group(std::span<const foreign_entry> group, const Answered& answered) {
  std::vector<foreign_requests*> together;
  for (const foreign_entry& entry : group) together.push_back(entry.requests);
  std::exception_ptr failure;
  try {
    together.front()->answer_together(together);
  } catch (...) {
    if (group.size() > 1) {
      for (const foreign_entry& entry : group) answer_group(std::span(&entry, 1), answered);
      return;
    }
    failure = std::current_exception();
  }
  for (const foreign_entry& entry : group) answered(entry.owner, failure);
}

/// Asks every service for all that waits for it together; calls `answered(owner, failure)` for each
/// entry, where `failure` is null if there is none.
template <class Answered>
void answer_in_groups(std::vector<foreign_entry> waiting, const Answered& answered) {
  while (!waiting.empty()) {
    const foreign_requests& first = *waiting.front().requests;
    std::vector<foreign_entry> group, rest;
    for (const foreign_entry& entry : waiting) {
      const bool same =
          entry.requests->service == first.service && entry.requests->kind == first.kind;
      (same ? group : rest).push_back(entry);
    }
    answer_group(group, answered);
    waiting = std::move(rest);
  }
}

}  // namespace outthink::detail
