// SPDX-License-Identifier: MIT
#include <outthink/runtime/foreign_requests.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using outthink::request_owner;
using outthink::detail::answer_in_groups;
using outthink::detail::foreign_entry;
using outthink::detail::foreign_requests;
using outthink::detail::service_kind;

namespace {

std::vector<std::string> batches;  // of one test

/// A search's requests, by a letter; a capital one makes its batch throw.
struct letter : foreign_requests {
  char name;
  letter(char of, const void* asked, const void* type) : foreign_requests(asked, type), name(of) {}

  void answer_together(std::span<foreign_requests* const> group) override {
    std::string together;
    for (foreign_requests* one : group) together += static_cast<const letter*>(one)->name;
    batches.push_back(together);
    for (const char c : together) {
      if (c >= 'A' && c <= 'Z') throw std::runtime_error(std::string(1, c));
    }
  }
};

}  // namespace

TEST_CASE("foreign_requests: what waits for one service goes together, the culprit alone fails") {
  const int first = 0, second = 0;
  const void *kind = &service_kind<int>, *other = &service_kind<long>;
  letter a('a', &first, kind), b('b', &second, kind), c('c', &first, kind), d('d', &first, other);
  letter e('E', &second, kind), f('f', &second, kind);
  std::vector<foreign_entry> waiting;
  std::uint32_t tag = 0;
  for (letter* one : {&a, &b, &c, &d, &e, &f}) waiting.push_back({one, {0, 0, tag++}});
  std::string failed;
  std::vector<int> answered(6);
  batches.clear();
  answer_in_groups(waiting, [&](const request_owner& owner, const std::exception_ptr& failure) {
    ++answered[owner.tag];
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::runtime_error& problem) {
      failed += problem.what();
    }
  });
  CHECK(batches == std::vector<std::string>{"ac", "bEf", "b", "E", "f", "d"});
  CHECK(answered == std::vector<int>(6, 1));
  CHECK(failed == "E");
}
