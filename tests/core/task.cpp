// SPDX-License-Identifier: MIT
#include "../support/drive.hpp"
#include <outthink/core/task.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using outthink::ready_queue;
using outthink::task;
using outthink::test::counted;
using outthink::test::gate;
using outthink::test::run_to_end;

namespace {

task<int> number(int value) {
  co_return value;
}
task<bool> truth(bool value) {
  co_return value;
}
task<std::string> text(std::string value) {
  co_return value;
}
task<std::unique_ptr<int>> owner(int value) {
  co_return std::make_unique<int>(value);
}
task<> nothing() {
  co_return;
}

task<int> failing(std::string why) {
  throw std::runtime_error(why);
  co_return 0;
}

task<int> depth_below(int levels) {
  if (levels == 0) co_return 0;
  const int below = co_await depth_below(levels - 1);
  co_return below + 1;
}

task<int> fails_below(int levels) {
  if (levels == 0) throw std::runtime_error("at the bottom");
  const int below = co_await fails_below(levels - 1);
  co_return below + 1;
}

task<int> waits_below(int levels, gate& until) {
  const counted local;
  if (levels == 0) {
    co_await until;
    co_return 0;
  }
  const int below = co_await waits_below(levels - 1, until);
  co_return below + 1;
}

}  // namespace

TEST_CASE("task is move-only and starts only when it is awaited or started") {
  static_assert(!std::is_copy_constructible_v<task<int>>);
  static_assert(std::is_nothrow_move_constructible_v<task<int>>);
  bool started = false;
  const auto mark = [](bool& flag) -> task<> {
    flag = true;
    co_return;
  };
  task<> work = mark(started);
  CHECK_FALSE(started);
  ready_queue queue;
  work.start(queue);
  CHECK_FALSE(started);
  queue.run();
  CHECK(started);
  CHECK(work.done());
}

TEST_CASE("task gives its result to whoever awaits it") {
  const auto sum = []() -> task<int> {
    const int a = co_await number(40);
    const int b = co_await number(2);
    co_await nothing();
    co_return a + b;
  };
  CHECK(run_to_end(sum()) == 42);
  CHECK(run_to_end(text("a result longer than any small buffer")) ==
        "a result longer than any small buffer");
}

TEST_CASE("task hands over results that can only be moved") {
  const auto twice = []() -> task<std::unique_ptr<int>> {
    std::unique_ptr<int> made = co_await owner(21);
    *made *= 2;
    co_return made;
  };
  CHECK(*run_to_end(twice()) == 42);
}

TEST_CASE("task rethrows its exception where it is awaited") {
  SUBCASE("uncaught, it travels outwards") {
    const auto outer = []() -> task<int> {
      const int value = co_await failing("broken");
      co_return value;
    };
    CHECK_THROWS_WITH_AS(run_to_end(outer()), "broken", std::runtime_error);
  }
  SUBCASE("caught, the awaiting task goes on") {
    const auto outer = []() -> task<int> {
      int value = 0;
      try {
        value = co_await failing("broken");
      } catch (const std::runtime_error&) {
        value = 7;
      }
      const int more = co_await number(1);
      co_return value + more;
    };
    CHECK(run_to_end(outer()) == 8);
  }
  SUBCASE("through 10,000 levels") {
    CHECK_THROWS_WITH_AS(run_to_end(fails_below(10'000)), "at the bottom", std::runtime_error);
  }
}

// g++ 12 lays out the frame of such coroutines differently from what coroutine_handle expects when
// the awaiter is made in the condition itself; these forms must work nevertheless.
TEST_CASE("task can be awaited inside any condition") {
  SUBCASE("if") {
    const auto body = []() -> task<int> {
      if (co_await truth(true)) co_return 1;
      co_return 2;
    };
    CHECK(run_to_end(body()) == 1);
  }
  SUBCASE("if, with an initialiser") {
    const auto body = []() -> task<int> {
      if (const bool yes = co_await truth(false); yes) co_return 1;
      co_return 2;
    };
    CHECK(run_to_end(body()) == 2);
  }
  SUBCASE("while") {
    const auto body = []() -> task<int> {
      int rounds = 0;
      while (co_await truth(rounds < 5)) ++rounds;
      co_return rounds;
    };
    CHECK(run_to_end(body()) == 5);
  }
  SUBCASE("do while") {
    const auto body = []() -> task<int> {
      int rounds = 0;
      do {
        ++rounds;
      } while (co_await truth(rounds < 5));
      co_return rounds;
    };
    CHECK(run_to_end(body()) == 5);
  }
  SUBCASE("for") {
    const auto body = []() -> task<int> {
      int sum = 0;
      for (int i = 0; co_await truth(i < 4); ++i) sum += i;
      co_return sum;
    };
    CHECK(run_to_end(body()) == 6);
  }
  SUBCASE("switch") {
    const auto body = []() -> task<int> {
      switch (co_await number(3)) {
        case 3:
          co_return 30;
        default:
          co_return 0;
      }
    };
    CHECK(run_to_end(body()) == 30);
  }
  SUBCASE("and, or: the right side runs only if it decides") {
    const auto body = []() -> task<int> {
      int asked = 0;
      const auto count = [](int& n, bool value) -> task<bool> {
        ++n;
        co_return value;
      };
      const bool both = co_await count(asked, false) && co_await count(asked, true);
      const bool either = co_await count(asked, true) || co_await count(asked, true);
      if (co_await count(asked, true) && co_await count(asked, true)) asked += 100;
      co_return asked * 10 + (both ? 2 : 0) + (either ? 1 : 0);
    };
    CHECK(run_to_end(body()) == 1041);
  }
  SUBCASE("conditional operator") {
    const auto body = []() -> task<int> {
      const int a = co_await truth(true) ? 1 : 2;
      const int b = a == 1 ? co_await number(10) : co_await number(20);
      co_return a + b;
    };
    CHECK(run_to_end(body()) == 11);
  }
  SUBCASE("in the order of an expression's operands") {
    const auto body = []() -> task<int> { co_return co_await number(5) - co_await number(3); };
    CHECK(run_to_end(body()) == 2);
  }
  SUBCASE("in a condition, waiting in between") {
    gate until;
    const auto slow = [](gate& g, bool value) -> task<bool> {
      co_await g;
      co_return value;
    };
    const auto body = [&]() -> task<int> {
      if (co_await slow(until, true)) co_return 1;
      co_return 2;
    };
    ready_queue queue;
    task<int> work = body();
    work.start(queue);
    queue.run();
    CHECK_FALSE(work.done());
    REQUIRE(until.awaited());
    until.open(queue);
    queue.run();
    REQUIRE(work.done());
    CHECK(work.take() == 1);
  }
}

TEST_CASE("task needs a bounded stack for a recursion 100,000 levels deep") {
  CHECK(run_to_end(depth_below(100'000)) == 100'000);
}

TEST_CASE("task needs a bounded stack for 1,000,000 awaits that complete at once") {
  const auto loop = []() -> task<long> {
    long sum = 0;
    for (int i = 0; i < 1'000'000; ++i) {
      const int one = co_await number(1);
      sum += one;
    }
    co_return sum;
  };
  CHECK(run_to_end(loop()) == 1'000'000);
}

TEST_CASE("task that is destroyed while it waits frees everything it holds") {
  REQUIRE(counted::alive == 0);
  SUBCASE("before it started") {
    gate until;
    { const task<int> unused = waits_below(3, until); }
    CHECK(counted::alive == 0);
  }
  SUBCASE("1,000 levels deep") {
    gate until;
    ready_queue queue;
    {
      task<int> work = waits_below(1'000, until);
      work.start(queue);
      queue.run();
      CHECK_FALSE(work.done());
      CHECK(counted::alive == 1'001);
    }
    CHECK(counted::alive == 0);
  }
  SUBCASE("by assigning another task to it") {
    gate first, second;
    ready_queue queue;
    task<int> work = waits_below(2, first);
    work.start(queue);
    queue.run();
    CHECK(counted::alive == 3);
    work = waits_below(1, second);
    CHECK(counted::alive == 0);
    work.start(queue);
    queue.run();
    second.open(queue);
    queue.run();
    CHECK(work.take() == 1);
    CHECK(counted::alive == 0);
  }
  SUBCASE("after it ended, its result included") {
    const auto make = []() -> task<std::vector<counted>> {
      std::vector<counted> made(5);
      co_return made;
    };
    ready_queue queue;
    {
      task<std::vector<counted>> work = make();
      work.start(queue);
      queue.run();
      CHECK(counted::alive >= 5);
    }
    CHECK(counted::alive == 0);
  }
}
