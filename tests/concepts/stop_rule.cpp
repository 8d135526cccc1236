// SPDX-License-Identifier: MIT
#include "../archetypes/stop_rule.hpp"

#include <outthink/concepts/stop_rule.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <type_traits>

using outthink::stop_rule;

static_assert(stop_rule<archetypes::first_vote_rule>);
static_assert(!std::is_copy_constructible_v<archetypes::first_vote_rule>);
static_assert(!std::is_default_constructible_v<archetypes::first_vote_rule>);
static_assert(!stop_rule<int>);

TEST_CASE("stop_rule: the smallest one stops at the first vote") {
  const archetypes::first_vote_rule rule(0);
  CHECK_FALSE(rule({}));
  CHECK(rule(std::array<std::uint32_t, 1>{0}));
}
