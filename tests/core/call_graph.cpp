// SPDX-License-Identifier: MIT
#include <outthink/core/call_graph.hpp>
#include <outthink/core/random_stream.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

using outthink::call_graph;
using outthink::random_stream;
using positions = std::vector<std::size_t>;

namespace {

call_graph graph_of(const std::vector<std::pair<std::uint32_t, std::string>>& calls) {
  call_graph graph({.mark = "$"});
  for (const auto& [number, input] : calls) graph.add({number, "f", input});
  return graph;
}

/// When the last call has ended, if each starts the moment it can and takes its time.
int makespan(call_graph& graph, const std::vector<int>& times) {
  using event = std::pair<int, std::size_t>;  // when, and which call has ended
  std::priority_queue<event, std::vector<event>, std::greater<>> under_way;
  int now = 0;
  for (;;) {
    for (const std::size_t i : graph.start()) under_way.emplace(now + times[i], i);
    if (under_way.empty()) return now;
    const std::size_t ended = under_way.top().second;
    now = under_way.top().first;
    under_way.pop();
    graph.finish(ended, "(" + graph.input(ended) + ")");
  }
}

}  // namespace

TEST_CASE("call_graph: two calls of 10 ms and one that needs both take 20 ms, not 30") {
  call_graph graph = graph_of({{1, "a"}, {2, "b"}, {3, "$1 $2"}});
  CHECK(makespan(graph, {10, 10, 10}) == 20);
  CHECK(graph.done());
  CHECK(graph.result(2) == "((a) (b))");
}

TEST_CASE("call_graph: a call that is ready does not wait for others of its level") {
  // In rounds it would be 10 + 10; 3 needs 1 alone, and 2 is slow.
  call_graph graph = graph_of({{1, "a"}, {2, "b"}, {3, "$1"}});
  CHECK(makespan(graph, {1, 10, 9}) == 10);
}

TEST_CASE(
    "call_graph: the makespan of any graph is its longest chain, the inputs always the same") {
  random_stream random({.key = 7, .place = 9});
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t size = 1 + random.below(30);
    std::vector<std::pair<std::uint32_t, std::string>> calls;
    std::vector<int> times;
    std::vector<int> end;             // of the longest chain that ends with the call
    std::vector<std::string> result;  // by substitution in the order of the plan
    for (std::size_t i = 0; i < size; ++i) {
      std::string input = "x", filled = "x";
      int begin = 0;
      for (std::uint32_t needs = random.below(4); needs > 0 && i > 0; --needs) {
        const std::size_t on = random.below(static_cast<std::uint32_t>(i));
        input += "$" + std::to_string(on + 1) + ",";
        filled += result[on] + ",";
        begin = std::max(begin, end[on]);
      }
      calls.emplace_back(static_cast<std::uint32_t>(i + 1), input);
      times.push_back(static_cast<int>(random.below(20)));
      end.push_back(begin + times.back());
      result.push_back("(" + filled.substr(0, 4000) + ")");
      if (result.back().size() > 3000) break;
    }
    call_graph graph = graph_of(calls);
    CHECK(makespan(graph, times) == *std::max_element(end.begin(), end.end()));
    CHECK(graph.done());
    for (std::size_t i = 0; i < calls.size(); ++i) CHECK(graph.result(i) == result[i]);
  }
}

TEST_CASE("call_graph: each call is given once, in the order of the plan") {
  call_graph graph = graph_of({{1, "a"}, {2, "$1$1"}, {3, "$1"}, {4, "b"}});
  CHECK(graph.start() == positions{0, 3});
  CHECK(graph.start().empty());
  CHECK_FALSE(graph.done());
  graph.finish(3, "B");
  CHECK(graph.start().empty());
  graph.finish(0, "A");
  CHECK(graph.start() == positions{1, 2});
  CHECK(graph.input(1) == "AA");
  graph.finish(2, "");
  graph.finish(1, "");
  CHECK(graph.done());
}

TEST_CASE("call_graph: calls may be added while others are under way or have ended") {
  call_graph graph({.mark = "#E", .before = "[", .after = "]"});
  graph.add({1, "search", "who"});
  CHECK(graph.start() == positions{0});
  graph.add({2, "search", "age of #E1"});
  CHECK(graph.start().empty());
  graph.finish(0, "X");
  CHECK(graph.start() == positions{1});
  CHECK(graph.input(1) == "age of [X]");
  graph.add({3, "search", "home of #E1"});
  CHECK(graph.start() == positions{2});
}

TEST_CASE("call_graph: with eleven calls #E10 is the tenth, and evidence is put in once") {
  call_graph graph({.mark = "#E", .before = "[", .after = "]"});
  for (std::uint32_t i = 1; i <= 10; ++i) graph.add({i, "f", ""});
  graph.add({11, "f", "is #E1 or #E10"});
  for (const std::size_t i : graph.start()) graph.finish(i, "#E" + std::to_string(i + 1) + "!");
  CHECK(graph.input(10) == "is [#E1!] or [#E10!]");
}

TEST_CASE("call_graph: a call that fails fails those that need it, and no others") {
  call_graph graph =
      graph_of({{1, "a"}, {2, "$1"}, {3, "$2 $1"}, {4, "b"}, {5, "$4"}, {6, "$3$5"}});
  static_cast<void>(graph.start());
  graph.finish(0, "timeout", true);
  CHECK(graph.failed(1));
  CHECK(graph.failed(2));
  CHECK(graph.failed(5));
  CHECK(graph.result(1) == "$1 failed, and this call needs it");
  CHECK(graph.result(5) == "$3 failed, and this call needs it");
  CHECK_FALSE(graph.done());
  graph.finish(3, "B");
  CHECK(graph.start() == positions{4});
  graph.finish(4, "C");
  CHECK(graph.done());
  CHECK(graph.start().empty());
  graph.add({7, "f", "$6"});  // planned when it is known already
  CHECK(graph.failed(6));
  CHECK(graph.done());
}

TEST_CASE("call_graph: references forward, to itself, in circles or to nowhere fail the call") {
  call_graph graph = graph_of({{1, "$2"}, {2, "$1"}, {3, "$3"}, {4, "costs $100"}, {5, "a"}});
  CHECK(graph.start() == positions{4});
  CHECK(graph.result(0) == "$2 is not planned before this call");
  CHECK(graph.result(1) == "$1 failed, and this call needs it");
  CHECK(graph.result(2) == "$3 is not planned before this call");
  CHECK(graph.result(3) == "$100 is not planned before this call");
  graph.finish(4, "A");
  CHECK(graph.done());
}

TEST_CASE("call_graph: a number that is planned again stands for the later call from then on") {
  call_graph graph = graph_of({{1, "a"}, {2, "$1"}, {1, "b$1"}, {3, "$1"}});
  CHECK(graph.start() == positions{0});
  graph.finish(0, "A");
  CHECK(graph.start() == positions{1, 2});
  CHECK(graph.input(1) == "A");
  CHECK(graph.input(2) == "bA");
  graph.finish(2, "B");
  CHECK(graph.start() == positions{3});
  CHECK(graph.input(3) == "B");
}

TEST_CASE("call_graph: a chain of a hundred thousand calls fails without a deep stack") {
  call_graph graph({.mark = "$"});
  // Every call refers to the one before it, found at once from the end.
  for (std::uint32_t i = 0; i < 100'000; ++i)
    graph.add({i, "f", i == 0 ? "" : "$" + std::to_string(i - 1)});
  graph.finish(graph.start()[0], "", true);
  CHECK(graph.done());
  CHECK(graph.failed(99'999));
}
