// SPDX-License-Identifier: MIT
#include "../archetypes/toolbox.hpp"

#include "../archetypes/service.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <vector>

using outthink::toolbox;

static_assert(toolbox<archetypes::echo>);
static_assert(!toolbox<archetypes::text_measure>);
static_assert(!std::is_copy_constructible_v<archetypes::echo>);

TEST_CASE(
    "toolbox: the smallest one uses the tool that it has, and says of others that they fail") {
  const archetypes::echo tools("say");
  const std::vector<outthink::tool_call> calls{{"say", "hello"}, {"sing", "hello"}};
  const auto results = tools.answer(calls);
  REQUIRE(results.size() == 2);
  CHECK(results[0].text == "hello");
  CHECK_FALSE(results[0].failed);
  CHECK(results[1].failed);
}
