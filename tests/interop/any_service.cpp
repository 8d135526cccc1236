// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/interop/any_service.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

/// Answers a number with the next one, in a container that is no vector, and counts its lives.
struct successor {
  using request = int;
  using response = int;
  int* alive;
  int batches = 0;

  explicit successor(int& counter) : alive(&counter) { ++*alive; }
  successor(const successor&) = delete;
  successor& operator=(const successor&) = delete;
  ~successor() { --*alive; }

  std::deque<int> answer(std::span<const int> batch) {
    ++batches;
    if (batch.front() < 0) throw std::invalid_argument("negative");
    std::deque<int> answers;
    for (const int asked : batch) answers.push_back(asked + 1);
    return answers;
  }
};

using any_successor = any_service<int, int>;

static_assert(language_model<any_language_model>);
static_assert(verifier<any_verifier>);
static_assert(!std::is_copy_constructible_v<any_successor>);

}  // namespace

TEST_CASE("any_service hands batches to the service it refers to, and leaves it alive") {
  int alive = 0;
  successor known(alive);
  {
    any_successor any = known;
    const std::vector<int> asked{1, 5};
    CHECK(any.answer(asked) == std::vector<int>{2, 6});
    any_successor moved = std::move(any);
    CHECK(moved.answer(asked) == std::vector<int>{2, 6});
  }
  CHECK(known.batches == 2);
  CHECK(alive == 1);
}

TEST_CASE("any_service ends the service it owns once, however often it is moved") {
  int alive = 0;
  {
    any_successor any(std::make_unique<successor>(alive));
    any_successor moved = std::move(any);
    any_successor other(std::make_unique<successor>(alive));
    CHECK(alive == 2);
    other = std::move(moved);
    CHECK(alive == 1);
    const std::vector<int> asked{7};
    CHECK(other.answer(asked) == std::vector<int>{8});
  }
  CHECK(alive == 0);
}

TEST_CASE("any_service passes an exception on") {
  int alive = 0;
  successor known(alive);
  any_successor any = known;
  const std::vector<int> asked{-1};
  CHECK_THROWS_AS(static_cast<void>(any.answer(asked)), std::invalid_argument);
}

TEST_CASE("a search with any_language_model and any_verifier has the same outcome as without") {
  const auto write = [](const generation_request&, random_stream& random) {
    return std::string(1, static_cast<char>('a' + random.below(4))) + "\n";
  };
  backends::scripted model(write);
  test::scripted_verifier verifier([](std::string_view text) { return text[0] == 'c' ? 1 : 0; });
  any_language_model any_model = model;
  any_verifier any_judge = verifier;
  const repeated_sampling policy{.n = 8};
  const outcome plain = solve("p\n", model, policy, verifier, best_score{}, {.seed = 3});
  const outcome erased = solve("p\n", any_model, policy, any_judge, best_score{}, {.seed = 3});
  CHECK(plain.answer == "c\n");
  CHECK(test::same(plain, erased));
}
