// SPDX-License-Identifier: MIT
#include "../archetypes/chooser.hpp"

#include <outthink/concepts/chooser.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string_view>
#include <vector>

static_assert(outthink::chooser<archetypes::longest>);
static_assert(outthink::service<archetypes::longest>);

namespace {

struct without_answer {
  using request = outthink::choice_request;
  using response = outthink::choice;
};
struct with_other_response {
  using request = outthink::choice_request;
  using response = std::size_t;
  std::vector<std::size_t> answer(std::span<const outthink::choice_request>);
};

}  // namespace

static_assert(!outthink::chooser<without_answer>);
static_assert(!outthink::chooser<with_other_response>);

TEST_CASE("the smallest chooser takes the longest text") {
  archetypes::longest service;
  const std::string_view texts[] = {"a", "ccc", "bb", "ddd"};
  const outthink::choice_request asked[] = {{"p", texts}, {"p", std::span(texts).first(1)}};
  const auto made = service.answer(asked);
  CHECK(made[0].chosen == 1);
  CHECK(made[1].chosen == 0);
}
