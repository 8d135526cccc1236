// SPDX-License-Identifier: MIT
#include "../../support/fault_server.hpp"
#include <outthink/backends/http/transfer.hpp>
#include <outthink/backends/http/transfer_group.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace outthink::backends::http;
using outthink::test::body_of;
using outthink::test::fault_server;
using outthink::test::reply;

namespace {

/// Two groups on one watch.
struct two_groups {
  socket_watch watch{};
  transfer_group first{watch, 0, 4}, second{watch, 1, 4};

  transfer_group& at(std::uint32_t number) { return number == 0 ? first : second; }

  /// Goes on until a group has a finished transfer.
  finished_transfer next(std::uint32_t number) {
    for (;;) {
      if (const auto one = at(number).next_finished(); one.handle != nullptr) return one;
      for (transfer_group* group : {&first, &second}) {
        if (group->due() <= transfer_group::now()) group->act_on_time();
      }
      const double wait = std::min(first.due(), second.due()) - transfer_group::now();
      watch.wait(std::clamp(wait, 0.0, 0.01),
                 [&](std::uint32_t owner, int socket, int ready) { at(owner).act(socket, ready); });
    }
  }
};

}  // namespace

TEST_CASE("transfer_group: each hears of its own transfers, and of each end once") {
  fault_server server(
      [](std::size_t, const std::string& request) { return reply(200, body_of(request)); });
  const connection_options options;
  const header_list headers = make_headers("");
  two_groups groups;
  CHECK(groups.first.due() == transfer_group::kNever);
  transfer a(options, headers.get()), b(options, headers.get());
  for (std::uint64_t round = 0; round < 3; ++round) {
    a.begin({1, "first"}, server.url(), 0);
    b.begin({2, "second"}, server.url(), 0);
    groups.first.add(a.handle());
    groups.second.add(b.handle());
    CHECK(groups.first.due() <= transfer_group::now());  // wants to begin
    const finished_transfer of_second = groups.next(1), of_first = groups.next(0);
    CHECK(&transfer::of(of_first.handle) == &a);
    CHECK(&transfer::of(of_second.handle) == &b);
    CHECK(of_first.code == CURLE_OK);
    CHECK(a.body() == "first");
    CHECK(b.body() == "second");
    CHECK(groups.first.next_finished().handle == nullptr);
    groups.first.remove(a.handle());
    groups.second.remove(b.handle());
  }
  CHECK(server.connections() == 2);  // each keeps its own
}

TEST_CASE("transfer_group: a transfer that fails has ended too; one that is removed has not") {
  fault_server silent(
      [](std::size_t, const std::string&) { return outthink::test::reaction{.silent = true}; });
  const connection_options options;
  const header_list headers = make_headers("");
  two_groups groups;
  transfer refused(options, headers.get()), dropped(options, headers.get());
  dropped.begin({1, "{}"}, silent.url(), 0);
  groups.first.add(dropped.handle());
  while (silent.requests() == 0) {
    refused.begin({2, "{}"}, fault_server::nobody(), 0);
    groups.second.add(refused.handle());
    CHECK(groups.next(1).code == CURLE_COULDNT_CONNECT);
    groups.second.remove(refused.handle());
  }
  groups.first.remove(dropped.handle());
  CHECK(groups.first.next_finished().handle == nullptr);
  CHECK(groups.first.due() == transfer_group::kNever);
}

TEST_CASE("transfer_group: a limit of libcurl's comes without any socket") {
  fault_server silent(
      [](std::size_t, const std::string&) { return outthink::test::reaction{.silent = true}; });
  connection_options options;
  options.limits.total = 0.02;
  const header_list headers = make_headers("");
  two_groups groups;
  transfer late(options, headers.get());
  late.begin({1, "{}"}, silent.url(), 0);
  groups.first.add(late.handle());
  CHECK(groups.next(0).code == CURLE_OPERATION_TIMEDOUT);
  groups.first.remove(late.handle());
}
