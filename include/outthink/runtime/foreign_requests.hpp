// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/service_queue.hpp>

#include <cstddef>
#include <cstdint>
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

/// Requests to one such service as an observer sees them: as one batch, numbered in it.
struct foreign_batch {
  std::span<const foreign_entry> group;

  [[nodiscard]] std::size_t size() const noexcept { return group.size(); }
  [[nodiscard]] request_owner owner(std::size_t i) const noexcept {
    return {group[i].owner.slot, group[i].owner.problem, static_cast<std::uint32_t>(i)};
  }
};

/// Calls `answer(group)` for the entries of each service, in the order in which the services were
/// first asked.
template <class Answer>
void for_each_service(std::vector<foreign_entry> waiting, Answer answer) {
  while (!waiting.empty()) {
    const foreign_requests& first = *waiting.front().requests;
    std::vector<foreign_entry> group, rest;
    for (const foreign_entry& entry : waiting) {
      const bool same =
          entry.requests->service == first.service && entry.requests->kind == first.kind;
      (same ? group : rest).push_back(entry);
    }
    answer(std::span<const foreign_entry>(group));
    waiting = std::move(rest);
  }
}

/// Asks the service of `group` for all of it in one batch; the exception if it throws.
[[nodiscard]] inline std::exception_ptr answer_together(std::span<const foreign_entry> group) {
  std::vector<foreign_requests*> together;
  for (const foreign_entry& entry : group) together.push_back(entry.requests);
  try {
    together.front()->answer_together(together);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace outthink::detail
