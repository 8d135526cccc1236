// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/q_star.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::no_verifier;
using outthink::q_star;
using outthink::situation;
using outthink::solve;
using outthink::test::toy_tree;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// A graph whose actions are numbers: price[state][action] and next[state][action]. Its last state
/// is the goal; a price of infinity fails.
struct graph {
  using state = std::size_t;
  using request = outthink::action_request<state>;
  using response = outthink::observation<state>;

  std::vector<std::vector<float>> price;
  std::vector<std::vector<std::size_t>> next;
  std::vector<std::size_t> batches{};
  std::size_t goal = price.size() - 1;

  [[nodiscard]] state start(std::string_view) const { return 0; }

  std::vector<response> answer(std::span<const request> asked) {
    batches.push_back(asked.size());
    std::vector<response> all;
    for (const request& one : asked) {
      const std::size_t action = std::stoul(one.action);
      const std::size_t to = next[one.from][action];
      const float paid = price[one.from][action];
      all.push_back({.to = to,
                     .now = std::isinf(paid) ? situation::failed
                            : to == goal     ? situation::done
                                             : situation::open,
                     .price = paid});
    }
    return all;
  }

  [[nodiscard]] std::size_t actions_done() const {
    std::size_t sum = 0;
    for (const std::size_t size : batches) sum += size;
    return sum;
  }

  /// The price of the cheapest way from every state, by Bellman's equation.
  [[nodiscard]] std::vector<double> left() const {
    std::vector<double> far(price.size(), std::numeric_limits<double>::infinity());
    far[goal] = 0;
    for (std::size_t pass = 0; pass < price.size(); ++pass) {
      for (std::size_t s = 0; s < price.size(); ++s) {
        for (std::size_t a = 0; a < price[s].size(); ++a) {
          far[s] = std::min(far[s], static_cast<double>(price[s][a]) + far[next[s][a]]);
        }
      }
    }
    return far;
  }
};

/// Q = price + share · what is left: exact with a share of 1, uninformed with 0.
struct estimates {
  using request = std::size_t;
  using response = std::vector<float>;

  const graph* world;
  double share = 1;
  std::size_t asked = 0;

  std::vector<response> answer(std::span<const request> states) {
    const auto left = world->left();
    std::vector<response> all;
    for (const std::size_t s : states) {
      ++asked;
      response q;
      for (std::size_t a = 0; a < world->price[s].size(); ++a) {
        const double ahead = share == 0 ? 0 : share * left[world->next[s][a]];
        q.push_back(static_cast<float>(static_cast<double>(world->price[s][a]) + ahead));
      }
      all.push_back(q);
    }
    return all;
  }
};

std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(std::to_string(i));
  return all;
}

using policy = q_star<graph, estimates>;

/// What the actions of a solution cost, from the start.
double price_of(const graph& world, std::string_view solution) {
  double sum = 0;
  std::size_t at = 0;
  while (!solution.empty()) {
    const std::size_t end = std::min(solution.find('\n'), solution.size());
    const std::size_t action = std::stoul(std::string(solution.substr(0, end)));
    sum += static_cast<double>(world.price[at][action]);
    at = world.next[at][action];
    solution.remove_prefix(std::min(end + 1, solution.size()));
  }
  CHECK(at == world.goal);
  return sum;
}

/// States with edges at random, whole prices from 1 to 9, one edge in six missing.
graph random_graph(outthink::random_stream& random, std::size_t states, std::size_t actions) {
  graph world;
  for (std::size_t s = 0; s < states; ++s) {
    world.price.emplace_back();
    world.next.emplace_back();
    for (std::size_t a = 0; a < actions; ++a) {
      const bool missing = random.below(6) == 0;
      world.price.back().push_back(missing ? kInfinity : static_cast<float>(1 + random.below(9)));
      world.next.back().push_back(random.below(static_cast<std::uint32_t>(states)));
    }
  }
  world.goal = states - 1;
  return world;
}

}  // namespace

static_assert(outthink::environment<graph>);

// 0 -> 1 (1) or 2 (2); 1 -> 3 (5), 2 -> 3 (1).
TEST_CASE("q_star takes the cheapest way through a diamond, one action for each of its steps") {
  graph world{.price = {{1, 2}, {5, 5}, {1, 1}, {1, 1}}, .next = {{1, 2}, {3, 3}, {3, 3}, {3, 3}}};
  estimates values{.world = &world};
  toy_tree model;
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const policy search{.world = &world, .values = &values, .actions = numbers(2)};
  const auto result = solve("p", model, search, verifier, best_score{});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.answer == "1\n0");
  CHECK(result.best().steps() == 2);
  CHECK(result.best().step_scores.size() == 2);
  CHECK(world.batches == std::vector<std::size_t>{1, 1});
  CHECK(model.batches.empty());
}

TEST_CASE("q_star does batch actions a round, however many there are") {
  for (const std::size_t actions : {3U, 50U, 2000U}) {
    for (const int batch : {1, 3}) {
      graph world;  // a line of ten states, on which only action 1 leads on
      for (std::size_t s = 0; s < 10; ++s) {
        world.price.emplace_back(actions, 1.0F);
        world.next.emplace_back(actions, s);
        world.next.back()[1] = std::min<std::size_t>(s + 1, 9);
      }
      world.goal = 9;
      estimates values{.world = &world};
      const policy search{
          .world = &world, .values = &values, .actions = numbers(actions), .batch = batch};
      const auto result = solve("p", toy_tree{}, search, no_verifier{}, best_score{});
      CHECK(result.answer == "1\n1\n1\n1\n1\n1\n1\n1\n1");
      CHECK(world.batches == std::vector<std::size_t>(9, static_cast<std::size_t>(batch)));
      CHECK(values.asked == 9);
    }
  }
}

TEST_CASE("q_star is optimal with admissible estimates, and within 1 / weight of it with weights") {
  outthink::random_stream random({.key = 5, .place = 1});
  int solvable = 0, dearer = 0;
  for (int trial = 0; trial < 200; ++trial) {
    graph world = random_graph(random, 12, 3);
    const double cheapest = world.left()[0];
    for (const double share : {0.0, 0.5, 1.0}) {
      for (const int batch : {1, 4}) {
        for (const float weight : {1.0F, 0.5F}) {
          estimates values{.world = &world, .share = share};
          const policy search{.world = &world,
                              .values = &values,
                              .actions = numbers(3),
                              .batch = batch,
                              .weight = weight};
          const auto result = solve("p", toy_tree{}, search, no_verifier{}, best_score{});
          REQUIRE(result.has_answer() == std::isfinite(cheapest));
          if (!result.has_answer()) continue;
          ++solvable;
          const double price = price_of(world, result.answer);
          CHECK(price <= cheapest / static_cast<double>(weight) + 1e-6);
          if (weight == 1) CHECK(price == cheapest);
          dearer += price > cheapest ? 1 : 0;
        }
      }
    }
  }
  CHECK(solvable > 1000);
  CHECK(dearer > 0);  // the weight does something
}

TEST_CASE("q_star: better estimates save actions") {
  outthink::random_stream random({.key = 9, .place = 1});
  std::size_t blind = 0, exact = 0;
  for (int trial = 0; trial < 50; ++trial) {
    graph world = random_graph(random, 30, 4);
    for (const double share : {0.0, 1.0}) {
      world.batches.clear();
      estimates values{.world = &world, .share = share};
      const policy search{.world = &world, .values = &values, .actions = numbers(4)};
      static_cast<void>(solve("p", toy_tree{}, search, no_verifier{}, best_score{}));
      (share == 0 ? blind : exact) += world.actions_done();
    }
  }
  CHECK(exact * 3 < blind);
}

TEST_CASE("q_star ends without a solution where there is none, or after its expansions") {
  graph world{.price = {{1}, {1}, {1}}, .next = {{1}, {0}, {2}}};
  estimates values{.world = &world, .share = 0};
  const policy search{.world = &world, .values = &values, .actions = numbers(1)};
  CHECK(solve("p", toy_tree{}, search, no_verifier{}, best_score{}).candidates.empty());
  CHECK(world.batches.size() == 2);  // there and back
  policy one = search;
  one.expansions = 1;
  world.batches.clear();
  static_cast<void>(solve("p", toy_tree{}, one, no_verifier{}, best_score{}));
  CHECK(world.batches.size() == 1);
}

TEST_CASE("q_star refuses options out of range, and the wrong number of values") {
  graph world{.price = {{1}, {1}}, .next = {{1}, {1}}};
  estimates values{.world = &world};
  const policy good{.world = &world, .values = &values, .actions = numbers(1)};
  const auto message = [&](auto change) {
    policy options = good;
    change(options);
    return solve("p", toy_tree{}, options, no_verifier{}, best_score{}).message;
  };
  CHECK(message([](policy&) {}).empty());
  CHECK(message([](policy& p) { p.world = nullptr; }).find("there must be") != std::string::npos);
  CHECK(message([](policy& p) { p.values = nullptr; }).find("there must be") != std::string::npos);
  CHECK(message([](policy& p) { p.actions.clear(); }).find("there must be") != std::string::npos);
  CHECK(message([](policy& p) { p.batch = 0; }).find("batch and") != std::string::npos);
  CHECK(message([](policy& p) { p.expansions = 0; }).find("batch and") != std::string::npos);
  CHECK(message([](policy& p) { p.weight = 1.5F; }).find("weight in (0, 1]") != std::string::npos);
  CHECK(message([](policy& p) { p.weight = 0; }).find("weight in (0, 1]") != std::string::npos);
  CHECK(message([](policy& p) { p.actions = numbers(2); }).find("1 values for 2 actions") !=
        std::string::npos);
}
