// SPDX-License-Identifier: MIT
#include <outthink/runtime/search_queues.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>

using outthink::detail::foreign_requests;
using outthink::detail::service_kind;

namespace {

struct adder {};
struct counted : foreign_requests {
  using foreign_requests::foreign_requests;
  std::size_t together = 0;
  void answer_together(std::span<foreign_requests* const> group) override {
    for (foreign_requests* one : group) static_cast<counted*>(one)->together = group.size();
  }
};

}  // namespace

TEST_CASE("search_queues tell services of different types at one address apart") {
  struct outer {
    adder first;
  } service;
  const counted whole(&service, &service_kind<outer>), part(&service.first, &service_kind<adder>);
  CHECK(whole.service == part.service);
  CHECK(whole.kind != part.kind);
}

TEST_CASE("search_queues: requests to one service are answered together") {
  adder service;
  counted one(&service, &service_kind<adder>), two(&service, &service_kind<adder>);
  foreign_requests* const group[] = {&one, &two};
  one.answer_together(group);
  CHECK(one.together == 2);
  CHECK(two.together == 2);
}
