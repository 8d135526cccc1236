// SPDX-License-Identifier: MIT
#include "../archetypes/environment.hpp"

#include "../archetypes/service.hpp"

#include <doctest/doctest.h>

#include <type_traits>
#include <vector>

using outthink::environment;
using outthink::situation;

namespace {

struct without_start {
  using state = int;
  using request = outthink::action_request<int>;
  using response = outthink::observation<int>;
  std::vector<response> answer(std::span<const request>);
};
struct of_other_states : without_start {
  using state = long;
  long start(std::string_view) const;
};
struct complete_one : without_start {
  int start(std::string_view) const;
};

}  // namespace

static_assert(environment<archetypes::button>);
static_assert(environment<complete_one>);
static_assert(!environment<without_start>);
static_assert(!environment<of_other_states>);
static_assert(!environment<archetypes::text_measure>);
static_assert(!std::is_copy_constructible_v<archetypes::button>);

TEST_CASE("environment: the smallest one answers an action with the state it leads to") {
  const archetypes::button world(situation::done);
  const std::vector<archetypes::button::request> push{{world.start("p"), "push"}};
  const auto seen = world.answer(push);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].to == archetypes::button::state::down);
  CHECK(seen[0].now == situation::done);
  CHECK(seen[0].text.empty());
}

TEST_CASE("action_in and step_with put actions and observations into steps of text") {
  CHECK(outthink::action_in("  click [3]\r\n") == "click [3]");
  CHECK(outthink::action_in(" \n").empty());
  CHECK(outthink::step_with("click\n", "page 2\n") == "click\npage 2\n");
  CHECK(outthink::step_with("click", "page 2") == "click\npage 2");
  CHECK(outthink::step_with("click", "") == "click");
}
