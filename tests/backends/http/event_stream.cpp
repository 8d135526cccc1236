// SPDX-License-Identifier: MIT
#include <outthink/backends/http/event_stream.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::backends::http::event_stream;

namespace {

std::vector<std::string> events(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> all;
  event_stream stream;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    stream.feed(bytes.substr(0, piece), [&](std::string_view data) { all.emplace_back(data); });
  }
  return all;
}

}  // namespace

TEST_CASE("event_stream: the standard's own examples") {
  using all = std::vector<std::string>;
  CHECK(events("data: YHOO\ndata: +2\ndata: 10\n\n", 100) == all{"YHOO\n+2\n10"});
  CHECK(events(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
               "data:  third event\n\n",
               100) == all{"first event", "second event", " third event"});
  CHECK(events("data\n\ndata\ndata\n\ndata:", 100) == all{"", "\n"});
  CHECK(events("data:test\n\ndata: test\n\n", 100) == all{"test", "test"});
}

TEST_CASE("event_stream: cut anywhere and with any line ends, the events are the same") {
  const std::vector<std::string> expected{"{\"a\": 1}", "two\nlines", "[DONE]"};
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    std::string bytes = "\xEF\xBB\xBF";
    for (const char* line :
         {"data: {\"a\": 1}", "", ": comment", "event: x", "data: two", "data: lines", "retry: 5",
          "", "", "dat: no", "", "data: [DONE]", ""}) {
      bytes += line + end;
    }
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      CAPTURE(piece);
      CHECK(events(bytes, piece) == expected);
    }
  }
}

TEST_CASE("event_stream: an event that does not end is none") {
  CHECK(events("data: a\n\ndata: b\n", 100) == std::vector<std::string>{"a"});
  CHECK(events("", 1).empty());
}
