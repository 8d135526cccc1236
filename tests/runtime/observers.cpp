// SPDX-License-Identifier: MIT
#include "../support/event_text.hpp"
#include <outthink/runtime/observers.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using namespace outthink;

namespace {

struct counts_outcomes {
  std::size_t outcomes = 0;
  void on_batch(const progress&) {}
  void on_outcome(std::size_t, const outcome&) { ++outcomes; }
};

}  // namespace

static_assert(observer<observers<counts_outcomes, counts_outcomes>>);
static_assert(!event_observer<observers<counts_outcomes, counts_outcomes>>);
static_assert(event_observer<observers<counts_outcomes, test::event_text>>);

TEST_CASE("observers: each is told everything that it asks for") {
  counts_outcomes plain;
  test::event_text first, second;
  observers all(first, plain, second);
  all.on_batch({.done = 1, .live = 2, .total = 3, .spent = {}, .seconds = 0});
  all.on_event({.kind = event_kind::search_ended, .slot = 4, .problem = 5});
  all.on_outcome(5, outcome{});
  CHECK(plain.outcomes == 1);
  CHECK(first.lines ==
        std::vector<std::string>{"progress 1 of 3, 2 live", "search_ended 5 in 4", "outcome 5 "});
  CHECK(second.lines == first.lines);
}
