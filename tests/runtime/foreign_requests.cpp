// SPDX-License-Identifier: MIT
#include <outthink/runtime/foreign_requests.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <exception>
#include <span>
#include <stdexcept>
#include <vector>

using namespace outthink;
using namespace outthink::detail;

namespace {

struct scripted_requests : foreign_requests {
  using foreign_requests::foreign_requests;
  bool throws = false;
  std::size_t asked_with = 0;

  void answer_together(std::span<foreign_requests* const> group) override {
    if (throws) throw std::runtime_error("no");
    for (foreign_requests* one : group) {
      static_cast<scripted_requests*>(one)->asked_with = group.size();
    }
  }
};

}  // namespace

TEST_CASE(
    "foreign requests: those to one service go together, services in order of first request") {
  const int a = 0, b = 0;
  const char kind = 'k', other_kind = 'o';
  scripted_requests to_b(&b, &kind), to_a(&a, &kind), to_b_again(&b, &kind),
      to_other_at_b(&b, &other_kind);
  std::vector<foreign_entry> waiting;
  std::uint32_t slot = 0;
  for (auto* asked : {&to_b, &to_a, &to_other_at_b, &to_b_again}) {
    waiting.push_back({asked, {slot++, 9, 0}});
  }
  std::vector<std::vector<std::uint32_t>> groups;
  for_each_service(waiting, [&](std::span<const foreign_entry> group) {
    groups.emplace_back();
    for (const foreign_entry& entry : group) groups.back().push_back(entry.owner.slot);
    CHECK(answer_together(group) == nullptr);
  });
  CHECK(groups == std::vector<std::vector<std::uint32_t>>{{0, 3}, {1}, {2}});
  CHECK(to_b_again.asked_with == 2);
  CHECK(to_other_at_b.asked_with == 1);
}

TEST_CASE("foreign requests: what the service throws is given back") {
  const int a = 0;
  scripted_requests asked(&a, &a);
  asked.throws = true;
  const foreign_entry entry{&asked, {0, 0, 0}};
  const std::exception_ptr failure = answer_together(std::span(&entry, 1));
  REQUIRE(failure != nullptr);
  CHECK_THROWS_AS(std::rethrow_exception(failure), std::runtime_error);
}
