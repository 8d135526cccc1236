// SPDX-License-Identifier: MIT
#include <outthink/backends/replayed_environment.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using outthink::observation;
using outthink::situation;
using outthink::backends::hidden_state;
using outthink::backends::replayed_environment;

namespace {

/// A counter that can be reset and counted up by the letters of an action; 3 is done.
struct counter {
  std::string log{};
  int at = 0;

  void reset(std::string_view problem) {
    log += "[" + std::string(problem) + "]";
    at = 0;
  }
  observation<hidden_state> act(const std::string& action) {
    if (action == "!") throw std::runtime_error("broken");
    log += action;
    at += static_cast<int>(action.size());
    return {.to = {},
            .text = std::to_string(at),
            .now = at == 3 ? situation::done : situation::open,
            .price = 2,
            .spent = {.money = 1}};
  }
};

using world = replayed_environment<counter>;
static_assert(outthink::environment<world>);

}  // namespace

TEST_CASE("replayed_environment acts in a state by doing again what led there") {
  world env{counter{}};
  const auto start = env.start("p");
  const auto one = env.answer(std::vector<world::request>{{start, "a"}});
  CHECK(one[0].text == "1");
  CHECK(one[0].price == 2);
  CHECK(one[0].spent.money == 1);
  CHECK(one[0].to.actions == std::vector<std::string>{"a"});
  const auto both = env.answer(std::vector<world::request>{{one[0].to, "bb"}, {one[0].to, "c"}});
  CHECK(both[0].text == "3");
  CHECK(both[0].now == situation::done);
  CHECK(both[1].text == "2");
  // The first was there already, the second had to come back.
  CHECK(env.world().log == "[p]abb[p]ac");
  CHECK(env.resets() == 2);
}

TEST_CASE("replayed_environment tells problems apart") {
  world env{counter{}};
  const auto seen =
      env.answer(std::vector<world::request>{{env.start("p"), "a"}, {env.start("q"), "a"}});
  CHECK(seen[0].to != seen[1].to);
  CHECK(env.world().log == "[p]a[q]a");
}

TEST_CASE("replayed_environment starts anew after the world has thrown") {
  world env{counter{}};
  const auto start = env.start("p");
  CHECK_THROWS_AS((void)env.answer(std::vector<world::request>{{start, "!"}}), std::runtime_error);
  CHECK(env.answer(std::vector<world::request>{{start, "a"}})[0].text == "1");
  CHECK(env.world().log == "[p][p]a");
}
