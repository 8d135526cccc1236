// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/foreign_requests.hpp>
#include <outthink/runtime/service_queue.hpp>

#include <vector>

namespace outthink::detail {

/// What all searches of a scheduler share.
template <class Model, class Verifier>
struct search_queues {
  service_queue<Model> model;
  service_queue<Verifier> verifier;
  std::vector<foreign_entry> foreign;
};

}  // namespace outthink::detail
