// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/stop_rule.hpp>

namespace archetypes {

/// The smallest stop rule: enough is enough.
struct first_vote_rule {
  first_vote_rule(const first_vote_rule&) = delete;
  explicit first_vote_rule(int) {}

  bool operator()(std::span<const std::uint32_t> votes) const { return !votes.empty(); }
};

}  // namespace archetypes
