// SPDX-License-Identifier: MIT
#include <outthink/backends/http/socket_watch.hpp>

#include <doctest/doctest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

using namespace outthink::backends::http;

namespace {

/// Two ends of a connection.
struct connected {
  std::array<int, 2> ends{};
  connected() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
  ~connected() { ::close(ends[0]), hang_up(); }
  connected(const connected&) = delete;
  connected& operator=(const connected&) = delete;
  void say() const { REQUIRE(::write(ends[1], "x", 1) == 1); }
  void hang_up() { ::close(std::exchange(ends[1], -1)); }
};

/// What is ready, by owner and socket.
std::map<std::pair<std::uint32_t, int>, int> ready(socket_watch& watch, double seconds = 0) {
  std::map<std::pair<std::uint32_t, int>, int> all;
  watch.wait(seconds, [&](std::uint32_t owner, int socket, int what) {
    CHECK(all.emplace(std::pair(owner, socket), what).second);
  });
  return all;
}

using expected = std::map<std::pair<std::uint32_t, int>, int>;

}  // namespace

TEST_CASE("socket_watch: tells whose socket is ready for what it is watched for") {
  socket_watch watch;
  const connected a, b;
  CHECK(ready(watch).empty());
  CHECK(watch.watch(a.ends[0], CURL_POLL_IN, 3));
  CHECK(watch.watch(b.ends[0], CURL_POLL_OUT, 4));
  CHECK(ready(watch) == expected{{{4, b.ends[0]}, CURL_CSELECT_OUT}});
  a.say();
  CHECK(ready(watch, 60) ==
        expected{{{3, a.ends[0]}, CURL_CSELECT_IN}, {{4, b.ends[0]}, CURL_CSELECT_OUT}});
}

TEST_CASE("socket_watch: the latest interest counts, and one that is let go of has none") {
  socket_watch watch;
  const connected a;
  a.say();
  CHECK(watch.watch(a.ends[0], CURL_POLL_OUT, 1));
  CHECK(watch.watch(a.ends[0], CURL_POLL_IN, 2));
  CHECK(ready(watch) == expected{{{2, a.ends[0]}, CURL_CSELECT_IN}});
  CHECK(watch.watch(a.ends[0], CURL_POLL_INOUT, 1));
  CHECK(ready(watch) == expected{{{1, a.ends[0]}, CURL_CSELECT_IN | CURL_CSELECT_OUT}});
  CHECK(watch.watch(a.ends[0], CURL_POLL_REMOVE, 1));
  CHECK(ready(watch).empty());
  CHECK(watch.watch(a.ends[0], CURL_POLL_REMOVE, 1));  // nothing to let go of
}

TEST_CASE("socket_watch: a connection that broke is ready for whoever wants to know why") {
  socket_watch watch;
  connected a;
  CHECK(watch.watch(a.ends[0], CURL_POLL_OUT, 1));
  a.hang_up();
  CHECK((ready(watch)[{1, a.ends[0]}] & CURL_CSELECT_IN) != 0);
}

TEST_CASE("socket_watch: every socket that is ready has its turn, however many") {
  socket_watch watch;
  constexpr std::size_t kCount = 300;
  const std::vector<connected> links(kCount);
  for (const connected& one : links) {
    one.say();
    CHECK(watch.watch(one.ends[0], CURL_POLL_IN, 1));
  }
  std::set<int> told;  // of sockets that stay ready
  for (int turn = 0; turn < 4; ++turn) {
    for (const auto& [of, what] : ready(watch)) told.insert(of.second);
  }
  CHECK(told.size() == kCount);
}

TEST_CASE("socket_watch: what the system cannot watch is said") {
  socket_watch watch;
  int closed = -1;
  {
    const connected a;
    closed = a.ends[0];
  }
#ifdef __linux__
  CHECK(!watch.watch(closed, CURL_POLL_IN, 1));
#endif
}
