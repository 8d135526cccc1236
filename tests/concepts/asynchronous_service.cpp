// SPDX-License-Identifier: MIT
#include "../archetypes/asynchronous_service.hpp"

#include "../archetypes/service.hpp"
#include <outthink/concepts/asynchronous_service.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

using outthink::asynchronous_service;
using outthink::service;

namespace {

struct without_abandon : archetypes::distant_measure {
  void abandon() = delete;
};

/// Takes two requests at a time and fails at the given one.
struct narrow : archetypes::distant_measure {
  std::size_t under_way = 0;
  int fails_at = -1;
  std::size_t given_up = 0;

  std::size_t capacity() const { return 2 - under_way; }
  void submit(std::uint64_t tag, const std::string& text) {
    if (fails_at-- == 0) throw std::runtime_error("no route");
    ++under_way;
    distant_measure::submit(tag, text);
  }
  void wait(std::vector<outthink::completion<long>>& done, double seconds) {
    under_way = 0;
    distant_measure::wait(done, seconds);
  }
  void abandon() { given_up += under_way; }
};

}  // namespace

static_assert(asynchronous_service<archetypes::distant_measure>);
static_assert(service<archetypes::distant_measure>);
static_assert(!asynchronous_service<archetypes::text_measure>);
static_assert(!asynchronous_service<without_abandon>);

TEST_CASE("asynchronous_service: answer_by_waiting gives the answers in the requests' order") {
  archetypes::distant_measure measure;
  const std::vector<std::string> texts{"a", "abc", "", "ab"};
  CHECK(measure.answer(texts) == std::vector<long>{1, 3, 0, 2});
  CHECK(measure.answer({}).empty());
}

TEST_CASE("asynchronous_service: answer_by_waiting submits no more than the service takes") {
  narrow measure;
  const std::vector<std::string> texts{"a", "abc", "", "ab", "abcd"};
  CHECK(outthink::answer_by_waiting(measure, texts) == std::vector<long>{1, 3, 0, 2, 4});
}

TEST_CASE("asynchronous_service: answer_by_waiting gives up the rest when a request throws") {
  narrow measure;
  measure.fails_at = 1;
  const std::vector<std::string> texts{"a", "abc", "", "ab"};
  CHECK_THROWS_WITH((void)outthink::answer_by_waiting(measure, texts), "no route");
  CHECK(measure.given_up == 1);
}
