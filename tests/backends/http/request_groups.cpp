// SPDX-License-Identifier: MIT
#include <outthink/backends/http/request_groups.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using outthink::backends::http::request_group;

namespace {

using request_groups = outthink::backends::http::request_groups<char>;

/// A request by its opening and its context.
void join(request_groups& groups, std::uint64_t tag, const std::string& opening, char of,
          std::size_t most = 3) {
  groups.join(tag, {.opening = opening, .most = most}, of);
}

/// Sends all; a line for each group: its number, what its members share, and each.
std::vector<std::string> sent(request_groups& groups) {
  std::vector<std::string> all;
  groups.send([&](std::uint64_t number, request_group<char>& of) {
    std::string line = std::to_string(number) + " " + std::move(of.opening);
    for (const char one : of.contexts) line += one;
    all.push_back(line);
  });
  return all;
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("request_groups: equal openings go together, in the order of their begin, up to `most`") {
  request_groups groups;
  for (const char* one : {"xa", "yb", "xc", "xd", "xe", "yf"}) {
    join(groups, static_cast<std::uint64_t>(one[1]), {one[0]}, one[1]);
  }
  CHECK(groups.gathered() == 3);
  CHECK(groups.room() == 2);
  CHECK(sent(groups) == lines{"0 xacd", "1 ybf", "2 xe"});
  CHECK(groups.gathered() == 0);
  CHECK(groups.room() == 0);
  CHECK(!groups.empty());
}

TEST_CASE("request_groups: what may not go with others does not, nor with those that were sent") {
  request_groups groups;
  join(groups, 1, "x", 'a', 1);
  join(groups, 2, "x", 'b', 1);
  CHECK(groups.room() == 0);
  CHECK(sent(groups) == lines{"0 xa", "1 xb"});
  join(groups, 3, "x", 'c');
  CHECK(sent(groups) == lines{"2 xc"});
  join(groups, 4, "x", 'd');
  CHECK(sent(groups) == lines{"3 xd"});
  CHECK(sent(groups).empty());
}

TEST_CASE("request_groups: a member that is cancelled before its group is sent is not asked for") {
  request_groups groups;
  for (std::uint64_t tag = 0; tag < 3; ++tag) join(groups, tag, "x", static_cast<char>('a' + tag));
  join(groups, 7, "y", 'y');
  CHECK(!groups.cancel(1));
  CHECK(!groups.cancel(7));
  CHECK(groups.gathered() == 1);
  join(groups, 1, "x", 'd');  // the tag is free, and so is the place
  join(groups, 7, "y", 'z');
  CHECK(sent(groups) == lines{"0 xacd", "2 yz"});
}

TEST_CASE("request_groups: openings of groups that are gone are not looked at again") {
  request_groups groups;
  const std::string opening(100, 'x');
  for (std::uint64_t tag = 0; tag < 4; ++tag) {
    join(groups, tag, opening, static_cast<char>('a' + tag), 2);
  }
  CHECK(!groups.cancel(0));
  CHECK(!groups.cancel(1));  // the first of the two groups
  join(groups, 4, opening, 'e', 2);
  CHECK(sent(groups) == lines{"1 " + opening + "cd", "2 " + opening + "e"});
}

TEST_CASE("request_groups: of one that was sent, the last to be cancelled ends the group") {
  request_groups groups;
  join(groups, 1, "x", 'a');
  join(groups, 2, "x", 'b');
  (void)sent(groups);
  CHECK(!groups.cancel(1));
  CHECK(!groups.cancel(1));  // is gone
  CHECK(groups.at(0).tags == std::vector<std::optional<std::uint64_t>>{{}, 2});
  join(groups, 1, "y", 'c');  // another one of that tag
  CHECK(groups.cancel(2) == 0U);
  CHECK(sent(groups) == lines{"1 yc"});
  groups.end(1);
  CHECK(groups.empty());
  CHECK(!groups.cancel(1));
}

TEST_CASE(
    "request_groups: the end of a group leaves a tag alone that was cancelled and came anew") {
  request_groups groups;
  join(groups, 1, "x", 'a');
  join(groups, 2, "x", 'b');
  (void)sent(groups);
  CHECK(!groups.cancel(1));
  join(groups, 1, "y", 'c');
  (void)sent(groups);
  groups.end(0);
  CHECK(groups.cancel(1) == 1U);
}

TEST_CASE("request_groups: after clear nothing is left") {
  request_groups groups;
  join(groups, 1, "x", 'a');
  (void)sent(groups);
  join(groups, 2, "x", 'b');
  groups.clear();
  CHECK(groups.empty());
  CHECK(groups.gathered() == 0);
  CHECK(sent(groups).empty());
  join(groups, 2, "x", 'c');
  CHECK(sent(groups) == lines{"2 xc"});
}
