// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/runtime/text_search.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using outthink::candidate_nodes;
using outthink::frontier;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::node_id;
using outthink::node_status;
using outthink::outcome_status;
using outthink::solve;
using outthink::task;
using outthink::test::letters_of;
using outthink::test::toy_tree;

namespace {

/// A policy that is written in the test: `body` is a coroutine over the search.
template <class Body>
struct written {
  Body body;
  task<candidate_nodes> operator()(outthink::search auto& s) const { return body(s); }
};

/// A service that adds up numbers and can be told to fail.
struct adder {
  struct request {
    int a = 0, b = 0;
  };
  using response = int;
  std::vector<std::size_t> batches;
  bool loses_one = false;

  std::vector<int> answer(std::span<const request> asked) {
    batches.push_back(asked.size());
    std::vector<int> sums;
    for (const request& one : asked) {
      if (one.a < 0) throw std::runtime_error("negative");
      sums.push_back(one.a + one.b);
    }
    if (loses_one) sums.pop_back();
    return sums;
  }
};

/// An adder whose every answer costs something.
struct priced_adder {
  using request = adder::request;
  struct response {
    int sum;
    outthink::cost spent;
  };

  std::vector<response> answer(std::span<const request> asked) const {
    std::vector<response> sums;
    for (const request& one : asked) {
      sums.push_back(
          {one.a + one.b, {.tokens_read = 3, .tokens_written = 2, .flops = 10, .money = 0.25}});
    }
    return sums;
  }
};

std::string text_of(const outthink::text_tree& tree, node_id node) {
  return letters_of(outthink::trace_view(tree, node).solution());
}

}  // namespace

TEST_CASE("text_search::score asks once for a node, however often a round names it") {
  toy_tree model{.depth = 3, .letters = 2};
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto body = [](auto& s) -> task<candidate_nodes> {
    const auto first = co_await s.extend(s.root(), 2);
    const frontier twice{first[1], first[0], first[1], first[1]};
    auto one = s.score(twice);
    auto other = s.score(first);  // in the same round
    const std::vector<float> scores = co_await one;
    const std::vector<float> again = co_await other;
    CHECK(scores == std::vector<float>(4, 0.5F));
    CHECK(again == std::vector<float>(2, 0.5F));
    const auto ends = co_await s.complete(first, 1);
    const frontier pair{ends[0], ends[0]};
    static_cast<void>(co_await s.score(pair));
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, verifier, majority_vote{});
  CHECK(result.status == outcome_status::answered);
  CHECK(verifier.batches == std::vector<std::size_t>{2, 1});
  CHECK(result.spent.verifier_calls == 3);
}

TEST_CASE("text_search::score asks again for what the verifier failed at") {
  struct failing_once {
    using request = outthink::score_request;
    using response = outthink::verdict;
    int calls = 0;
    std::vector<response> answer(std::span<const request> asked) {
      std::vector<response> made(asked.size(), {.scores = {1, 0.25F}});
      if (++calls == 1) made[0].failure = "not now";
      if (calls == 2) throw std::runtime_error("nor now");
      return made;
    }
  } verifier;
  const auto body = [](auto& s) -> task<candidate_nodes> {
    const auto first = co_await s.extend(s.root(), 1);
    for (int tries = 0;; ++tries) {
      try {
        const auto scores = co_await s.score(first);
        CHECK(scores == std::vector<float>{0.25F});
        CHECK(tries == 2);
        break;
      } catch (const std::exception&) {
      }
    }
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, verifier, majority_vote{});
  CHECK(result.status == outcome_status::answered);
  CHECK(verifier.calls == 3);
}

TEST_CASE("text_search::extend gives the children of the i-th node at positions [i n, (i+1) n)") {
  toy_tree model{.depth = 3, .letters = 5};
  std::vector<std::string> texts;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const auto first = co_await s.extend(s.root(), 2);
    const auto second = co_await s.extend(first, 3);
    const frontier one{first[1]};
    const auto more = co_await s.extend(one, 1);
    for (const node_id node : second) texts.push_back(text_of(s.tree(), node));
    texts.push_back(text_of(s.tree(), more[0]));
    co_return s.candidates();
  };
  static_cast<void>(solve("p", model, written{body}, no_verifier{}, majority_vote{}));
  CHECK(texts == std::vector<std::string>{"aa", "ab", "ac", "ba", "bb", "bc", "bd"});
}

TEST_CASE("text_search: an operation on nothing asks nothing and does not wait") {
  toy_tree model;
  std::size_t found = 1;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const frontier none;
    const auto a = co_await s.extend(none, 3);
    const auto b = co_await s.extend(s.root(), 0);
    const auto c = co_await s.complete(none, 3);
    const auto d = co_await s.score(none);
    const auto e = co_await s.extend(s.root(), -1);
    found = a.size() + b.size() + c.size() + d.size() + e.size() + s.distinct(none).size();
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::answered);
  CHECK(found == 0);
  CHECK(model.batches.empty());
}

TEST_CASE("text_search::complete gives the node at which each solution ends") {
  toy_tree model{.depth = 3, .letters = 3};
  std::vector<std::string> texts;
  bool finished = true;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const auto steps = co_await s.extend(s.root(), 2);
    const auto ends = co_await s.complete(steps, 2);
    for (const node_id node : ends) {
      texts.push_back(text_of(s.tree(), node));
      finished = finished && s.tree().status(node) == node_status::finished;
    }
    s.retire(ends);
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(texts == std::vector<std::string>{"aaa", "abb", "baa", "bbb"});
  CHECK(finished);
  CHECK(result.candidates.size() == 4);
  CHECK(result.candidates[1].step_ends.size() == 3);
}

TEST_CASE("text_search::score reduces the scores of each trace and asks for none twice") {
  toy_tree model{.depth = 3, .letters = 2};
  outthink::test::scripted_verifier verifier(
      [](std::string_view text) { return letters_of(text).back() == 'a' ? 0.5 : 0.25; });
  std::vector<float> last, least, again;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const auto ends = co_await s.complete(s.root(), 2);
    last = co_await s.score(ends);
    least = co_await s.score(ends, outthink::step_reduction::product);
    const frontier root{s.root()};
    again = co_await s.score(root);
    co_return s.candidates();
  };
  static_cast<void>(solve("p", model, written{body}, verifier, majority_vote{}));
  CHECK(last == std::vector<float>{.5F, .25F});
  CHECK(least == std::vector<float>{.125F, .015625F});
  CHECK(again == std::vector<float>{0});
  CHECK(verifier.batches == std::vector<std::size_t>{2});
  CHECK(verifier.steps_scored.size() == 6);
}

TEST_CASE("text_search: several operations awaited together share a round") {
  toy_tree model{.depth = 3, .letters = 4};
  const auto body = [](auto& s) -> task<candidate_nodes> {
    auto first = s.extend(s.root(), 2);
    auto second = s.complete(s.root(), 3);
    const auto steps = co_await first;
    const auto ends = co_await second;
    s.retire(steps);
    s.retire(ends);
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(model.batches == std::vector<std::size_t>{5});
  CHECK(result.candidates.size() == 3);
}

TEST_CASE("text_search::distinct keeps the first of siblings with the same text") {
  toy_tree model{.depth = 2, .letters = 2};
  std::vector<std::string> texts;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const auto steps = co_await s.extend(s.root(), 5);  // a b a b a
    const frontier two = s.distinct(steps);
    const auto leaves = co_await s.extend(two, 3);  // aa ab aa | ba bb ba
    for (const node_id node : two) texts.push_back(text_of(s.tree(), node));
    for (const node_id node : s.distinct(leaves)) texts.push_back(text_of(s.tree(), node));
    co_return s.candidates();
  };
  static_cast<void>(solve("p", model, written{body}, no_verifier{}, majority_vote{}));
  CHECK(texts == std::vector<std::string>{"a", "b", "aa", "ab", "ba", "bb"});
}

TEST_CASE("text_search::keep_best retires what is finished and gives the best of the rest") {
  toy_tree model{.depth = 2, .letters = 4};
  std::vector<std::string> kept;
  std::size_t retired = 0;
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    const auto ends = co_await s.complete(s.root(), 1);
    const auto steps = co_await s.extend(s.root(), 4);
    frontier nodes(ends.begin(), ends.end());
    nodes.insert(nodes.end(), steps.begin(), steps.end());
    const std::vector<float> scores{9, kNaN, .5F, .7F, .5F};
    const frontier best = s.keep_best(nodes, scores, 2);
    for (const node_id node : best) kept.push_back(text_of(s.tree(), node));
    retired = s.candidates().size();
    co_return s.candidates();
  };
  static_cast<void>(solve("p", model, written{body}, no_verifier{}, majority_vote{}));
  CHECK(retired == 1);
  CHECK(kept == std::vector<std::string>{"d", "c"});  // siblings b, c, d, a of the ended "a"
}

TEST_CASE("text_search: branches have roots, candidates and random numbers of their own") {
  toy_tree model{.depth = 2, .letters = 20};
  std::size_t own = 9, left = 9, right = 9;
  bool different = false;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    auto a = s.branch();
    auto b = s.branch();
    const auto from_a = co_await a.complete(a.root(), 2);
    const auto from_b = co_await b.complete(b.root(), 1);
    a.retire(from_a);
    b.retire(from_b);
    own = s.candidates().size();
    left = a.candidates().size();
    right = b.candidates().size();
    const double x = s.random().uniform(), y = a.random().uniform(), z = b.random().uniform();
    different = x != y && y != z && x != z;
    candidate_nodes all = a.candidates();
    all.insert(all.end(), b.candidates().begin(), b.candidates().end());
    co_return all;
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(own == 0);
  CHECK(left == 2);
  CHECK(right == 1);
  CHECK(different);
  CHECK(result.candidates.size() == 3);
}

TEST_CASE("text_search::extend ends steps where the policy's own rule says") {
  std::vector<std::string> delimiters;
  std::vector<std::uint32_t> limits;
  outthink::backends::scripted model(
      [&](const outthink::generation_request& asked, outthink::random_stream&) {
        delimiters.push_back(asked.rule->delimiter);
        limits.push_back(asked.max_tokens);
        return std::string("one. stop. ");
      });
  const auto body = [](auto& s) -> task<candidate_nodes> {
    const outthink::step_rule own{.delimiter = ". ", .max_tokens = 7, .stops = {"stop"}};
    const frontier from{s.root()};
    const auto ends = co_await s.extend(from, 1, own);
    s.retire(ends);  // the rule's stop text ends the solution
    const auto others = co_await s.extend(from, 1);
    s.retire(others);
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(delimiters == std::vector<std::string>{". ", "\n"});
  CHECK(limits == std::vector<std::uint32_t>{7, 256});
  CHECK(result.candidates.size() == 2);
}

TEST_CASE("text_search: a branch on another prompt asks about that prompt, in one round") {
  std::vector<std::string> read;
  outthink::backends::scripted model(
      [&](const outthink::generation_request& asked, outthink::random_stream&) {
        read.push_back(asked.trace.text());
        return std::string(asked.trace.prompt()) + "!";
      });
  const auto body = [](auto& s) -> task<candidate_nodes> {
    auto other = s.branch("q");
    const frontier roots{s.root(), other.root()};
    const auto ends = co_await s.complete(roots, 1);
    s.retire(ends);
    co_return s.candidates();
  };
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{});
  CHECK(read == std::vector<std::string>{"p", "q"});
  REQUIRE(result.candidates.size() == 2);
  CHECK(result.candidates[1].solution == "q!");
}

TEST_CASE("text_search: what branches retired counts when the budget ends the search") {
  toy_tree model{.depth = 2, .letters = 4};
  const auto body = [](auto& s) -> task<candidate_nodes> {
    auto a = s.branch();
    const auto ends = co_await a.complete(a.root(), 2);
    a.retire(ends);
    const auto more = co_await a.complete(a.root(), 5);
    static_cast<void>(more);
    co_return s.candidates();
  };
  outthink::solve_options options;
  options.limits.model_calls = 4;
  const auto result = solve("p", model, written{body}, no_verifier{}, majority_vote{}, options);
  CHECK(result.status == outcome_status::budget_spent);
  CHECK(result.candidates.size() == 2);
  CHECK(result.has_answer());
  CHECK(result.spent.model_calls == 2);
}

TEST_CASE("text_search::ask asks a service of the policy's own, all searches in one batch") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    std::vector<adder::request> requests{{1, 2}, {3, 4}};
    const auto sums = co_await s.ask(service, std::move(requests));
    const auto ends = co_await s.complete(s.root(), sums[0] + sums[1]);
    s.retire(ends);
    co_return s.candidates();
  };
  toy_tree model;
  no_verifier none;
  const std::vector<outthink::problem> problems{"p", "q", "r"};
  const auto results = outthink::solve_all(problems, model, written{body}, none, majority_vote{});
  CHECK(service.batches == std::vector<std::size_t>{6});
  for (const auto& result : results) {
    CHECK(result.candidates.size() == 10);
    CHECK(result.spent.other_calls == 2);
  }
}

TEST_CASE("text_search::ask sends at most max_batch requests in one call") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    std::vector<adder::request> requests{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}};
    const auto sums = co_await s.ask(service, std::move(requests));
    CHECK(sums == std::vector<int>{1, 2, 3, 4, 5});
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{},
                            outthink::solve_options{.max_batch = 2});
  CHECK(result.status == outcome_status::answered);
  CHECK(service.batches == std::vector<std::size_t>{2, 2, 1});
}

TEST_CASE("text_search::ask charges what the responses say they cost") {
  priced_adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    std::vector<adder::request> requests{{1, 2}, {3, 4}};
    const auto sums = co_await s.ask(service, std::move(requests));
    CHECK(sums[1].sum == 7);
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{});
  CHECK(result.spent.other_calls == 2);
  CHECK(result.spent.money == 0.5);
  CHECK(result.spent.flops == 20);
  CHECK(result.spent.tokens == 4);
  CHECK(result.spent.prompt_tokens == 6);
}

TEST_CASE("text_search::ask: a round that the budget does not allow is not sent") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    const auto ends = co_await s.complete(s.root(), 1);
    s.retire(ends);
    for (;;) {
      std::vector<adder::request> requests{{1, 2}, {3, 4}};
      const auto sums = co_await s.ask(service, std::move(requests));
      CHECK(sums.size() == 2);
    }
  };
  outthink::solve_options options;
  options.limits.other_calls = 5;
  const auto result =
      solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{}, options);
  CHECK(result.status == outcome_status::budget_spent);
  CHECK(result.spent.other_calls == 4);
  CHECK(service.batches == std::vector<std::size_t>{2, 2});
  CHECK(result.has_answer());
}

TEST_CASE("text_search::ask ends with a budget of money, FLOPs or tokens that its answers spend") {
  for (const int what : {0, 1, 2}) {
    priced_adder service;
    std::size_t asked = 0;
    const auto body = [&](auto& s) -> task<candidate_nodes> {
      for (;;) {
        std::vector<adder::request> requests{{1, 2}, {3, 4}};
        const auto sums = co_await s.ask(service, std::move(requests));
        asked += sums.size();
      }
    };
    outthink::solve_options options;
    if (what == 0) options.limits.money = 1;  // a round costs 0.5, 20 and 4
    if (what == 1) options.limits.flops = 40;
    if (what == 2) options.limits.tokens = 7;
    const auto result =
        solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{}, options);
    CHECK(result.status == outcome_status::budget_spent);
    CHECK(asked == 4);
  }
}

TEST_CASE("text_search::ask: what nobody awaits is not asked") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    {
      std::vector<adder::request> requests{{1, 2}};
      const auto unwanted = s.ask(service, std::move(requests));
      static_cast<void>(unwanted);
    }
    const auto ends = co_await s.complete(s.root(), 2);
    s.retire(ends);
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{});
  CHECK(result.candidates.size() == 2);
  CHECK(result.spent.other_calls == 0);
  CHECK(service.batches.empty());
}

TEST_CASE("text_search::ask: a request that a service throws at fails its own search alone") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    const bool bad = s.tree().payload(s.root()).text == "bad";
    std::vector<adder::request> requests{{bad ? -1 : 1, 2}};
    const auto sums = co_await s.ask(service, std::move(requests));
    const auto ends = co_await s.complete(s.root(), sums[0]);
    s.retire(ends);
    co_return s.candidates();
  };
  toy_tree model;
  no_verifier none;
  const std::vector<outthink::problem> problems{"good", "bad", "better"};
  const auto results = outthink::solve_all(problems, model, written{body}, none, majority_vote{});
  CHECK(results[0].candidates.size() == 3);
  CHECK(results[1].status == outcome_status::failed);
  CHECK(results[1].message == "negative");
  CHECK(results[2].candidates.size() == 3);
}

TEST_CASE("text_search::ask: the wrong number of answers is a malformed reply") {
  adder service;
  service.loses_one = true;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    std::vector<adder::request> requests{{1, 2}, {1, 2}};
    const auto sums = co_await s.ask(service, std::move(requests));
    static_cast<void>(sums);
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message.find("a service gave 1 answers to 2 requests") != std::string::npos);
}

TEST_CASE("text_search: a policy can catch a service's failure and go on") {
  adder service;
  const auto body = [&service](auto& s) -> task<candidate_nodes> {
    bool failed = false;
    try {
      std::vector<adder::request> requests{{-1, 2}};
      const auto sums = co_await s.ask(service, std::move(requests));
      static_cast<void>(sums);
    } catch (const std::runtime_error&) {
      failed = true;
    }
    const frontier none;
    const auto nothing = co_await s.extend(none, 1);  // ready at once: no failure of its own
    const auto ends = co_await s.complete(s.root(), failed && nothing.empty() ? 2 : 1);
    s.retire(ends);
    co_return s.candidates();
  };
  const auto result = solve("p", toy_tree{}, written{body}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::answered);
  CHECK(result.candidates.size() == 2);
}

TEST_CASE("text_search: what nested tasks of different services wait for goes out together") {
  toy_tree model{.depth = 2, .letters = 4};
  adder service;
  const auto samples = [](auto& s, int n) -> task<int> {
    const auto ends = co_await s.complete(s.root(), n);
    s.retire(ends);
    co_return static_cast<int>(ends.size());
  };
  const auto sum = [](auto& s, adder& asked) -> task<int> {
    std::vector<adder::request> requests{{20, 22}};
    const auto sums = co_await s.ask(asked, std::move(requests));
    co_return sums[0];
  };
  int total = 0;
  const auto body = [&](auto& s) -> task<candidate_nodes> {
    auto left = s.branch();
    const std::tuple<int, int, int> all =
        co_await outthink::when_all(samples(s, 2), sum(s, service), samples(left, 3));
    total = std::get<0>(all) + std::get<1>(all) + std::get<2>(all);
    co_return s.candidates();
  };
  static_cast<void>(solve("p", model, written{body}, no_verifier{}, majority_vote{}));
  CHECK(total == 47);
  CHECK(model.batches == std::vector<std::size_t>{5});
  CHECK(service.batches == std::vector<std::size_t>{1});
}
