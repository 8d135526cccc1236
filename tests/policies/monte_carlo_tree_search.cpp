// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/monte_carlo_tree_search/gumbel.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::gumbel;
using outthink::monte_carlo_tree_search;
using outthink::solve;
using outthink::step_value;
using outthink::tree_search;
using outthink::uct;
using outthink::value_backup;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// D. Silver et al. 2018.
double puct_of(double q, double prior, double parent_visits, double visits) {
  const double c = 1.25 + std::log((parent_visits + 19653) / 19652);
  return q + c * prior * std::sqrt(parent_visits) / (1 + visits);
}

auto always(double score) {
  return [score](std::string_view) { return score; };
}

std::size_t asked_after(const toy_tree& model, std::string_view prefix) {
  return static_cast<std::size_t>(std::count(model.prefixes.begin(), model.prefixes.end(), prefix));
}

}  // namespace

TEST_CASE("tree_search visits children in the order that PUCT gives") {
  CHECK(puct_of(.5, .3, 10, 2) == doctest::Approx(.895462));

  // Everything below a first letter is worth as much as the letter, so Q stays its score.
  const std::array<double, 4> worth{.6, .5, .4, .55};
  toy_tree model{.depth = 100, .letters = 4};
  scripted_verifier verifier([&worth](std::string_view text) {
    return worth[static_cast<std::size_t>(text.front() - 'a')];
  });
  constexpr int kSimulations = 40;
  static_cast<void>(solve(
      "p", model, tree_search{.simulations = kSimulations, .expand = 4, .leaves = 1, .widening = 0},
      verifier, best_score{}));

  std::array<double, 4> visits{1, 1, 1, 1};
  double total = 0;
  for (const double w : worth) total += std::exp(w);
  for (int simulation = 1; simulation < kSimulations; ++simulation) {
    std::size_t best = 0;
    double best_value = -1;
    for (std::size_t i = 0; i < 4; ++i) {
      const double value = puct_of(worth[i], std::exp(worth[i]) / total, simulation, visits[i]);
      if (value > best_value + 1e-6) best = i, best_value = value;
    }
    ++visits[best];
    const std::string& prefix = model.prefixes[static_cast<std::size_t>(simulation) * 4];
    CHECK(prefix.front() == static_cast<char>('a' + best));
  }
}

TEST_CASE("tree_search finds the best of 256 leaves with far fewer generations") {
  // The value of a step: what the best leaf below it is worth.
  for (const std::string best : {"aaaa", "dcba", "bdac", "dddd"}) {
    toy_tree model{.depth = 4, .letters = 4};
    scripted_verifier verifier(
        [best](std::string_view text) { return best.starts_with(letters_of(text)) ? 1.0 : 0.4; });
    const auto result =
        solve("p", model, tree_search{.simulations = 12, .expand = 4, .leaves = 1, .widening = 0},
              verifier, best_score{});
    CHECK(letters_of(result.answer) == best);
    CHECK(result.spent.model_calls <= 48);
  }
}

TEST_CASE("tree_search recovers from a first step that only looks best") {
  // "a" promises most, but everything after it disappoints; the solution is below "c".
  toy_tree model{.depth = 3, .letters = 4};
  scripted_verifier verifier([](std::string_view text) {
    const std::string letters = letters_of(text);
    if (letters.size() == 1) return letters == "a" ? 0.7 : 0.5;
    if (letters[0] == 'c') return letters == "cc" || letters == "ccc" ? 1.0 : 0.5;
    return 0.05;
  });
  const auto result =
      solve("p", model, tree_search{.simulations = 16, .expand = 4, .leaves = 1, .widening = 0},
            verifier, best_score{});
  CHECK(letters_of(result.answer) == "ccc");
}

TEST_CASE("tree_search sends the simulations of one round to different leaves") {
  toy_tree model{.depth = 10, .letters = 4};
  scripted_verifier verifier(always(0.5));
  static_cast<void>(solve("p", model,
                          tree_search{.simulations = 5, .expand = 4, .leaves = 4, .widening = 0},
                          verifier, best_score{}));
  CHECK(model.batches == std::vector<std::size_t>{4, 16});
  for (const char* letter : {"a\n", "b\n", "c\n", "d\n"}) CHECK(asked_after(model, letter) == 4);
}

TEST_CASE("tree_search widens a node to expand x floor(N^widening) children") {
  const auto root_children = [](int simulations, float widening) {
    toy_tree model{.depth = 100, .letters = 20};
    scripted_verifier verifier(always(0.5));
    static_cast<void>(solve(
        "p", model,
        tree_search{.simulations = simulations, .expand = 4, .leaves = 1, .widening = widening},
        verifier, best_score{}));
    return asked_after(model, "");
  };
  CHECK(root_children(40, 0) == 4);
  CHECK(root_children(4, 0.5F) == 4);  // floor(sqrt(N)) is 1 for N = 1, 2, 3
  CHECK(root_children(5, 0.5F) == 8);  // and 2 for N = 4
  CHECK(root_children(9, 0.5F) == 8);
  CHECK(root_children(10, 0.5F) == 12);  // 3 for N = 9
  CHECK(root_children(5, 1) == 16);      // at N = 0, 2, 3 and 4
}

TEST_CASE("tree_search leaves a subtree in which everything has ended") {
  toy_tree model{.depth = 2, .letters = 4};
  scripted_verifier verifier(always(0.5));
  SUBCASE("it does not come back to it") {
    const auto result =
        solve("p", model, tree_search{.simulations = 5, .expand = 4, .leaves = 1, .widening = 0},
              verifier, best_score{});
    for (const char* letter : {"a\n", "b\n", "c\n", "d\n"}) {
      CHECK(asked_after(model, letter) == 4);
    }
    CHECK(result.candidates.size() == 16);
  }
  SUBCASE("once all are left it draws new first steps") {
    static_cast<void>(solve("p", model,
                            tree_search{.simulations = 6, .expand = 4, .leaves = 1, .widening = 0},
                            verifier, best_score{}));
    CHECK(asked_after(model, "") == 8);
  }
}

TEST_CASE("tree_search neither scores nor extends repetitions") {
  toy_tree model{.depth = 4, .letters = 1};
  scripted_verifier verifier(always(0.5));
  const auto result =
      solve("p", model, tree_search{.simulations = 4, .expand = 4, .leaves = 1, .widening = 0},
            verifier, best_score{});
  CHECK(verifier.steps_scored ==
        std::vector<std::string>{"a\n", "a\na\n", "a\na\na\n", "a\na\na\na"});
  CHECK(model.batches == std::vector<std::size_t>{4, 4, 4, 4});
  REQUIRE(result.candidates.size() == 1);
  CHECK(letters_of(result.answer) == "aaaa");
}

TEST_CASE("tree_search visits the earliest of equally good children, also without a verifier") {
  toy_tree model{.depth = 10, .letters = 3};
  static_cast<void>(solve("p", model,
                          tree_search{.simulations = 4, .expand = 3, .leaves = 1, .widening = 0},
                          outthink::no_verifier{}, best_score{}));
  REQUIRE(model.prefixes.size() == 12);
  CHECK(model.prefixes[3] == "a\n");
  CHECK(model.prefixes[6] == "b\n");
  CHECK(model.prefixes[9] == "c\n");
}

TEST_CASE("tree_search never asks for more than simulations x expand generations") {
  for (const int simulations : {1, 3, 10}) {
    for (const int leaves : {1, 4, 20}) {
      toy_tree model{.depth = 5, .letters = 3, .random = true};
      scripted_verifier verifier(always(0.5));
      const auto result =
          solve("p", model, tree_search{.simulations = simulations, .expand = 2, .leaves = leaves},
                verifier, best_score{});
      CHECK(result.spent.model_calls == static_cast<std::size_t>(simulations) * 2);
      CHECK(result.status == outthink::outcome_status::answered);
    }
  }
}

TEST_CASE("monte_carlo_tree_search with uct visits children in the order that UCT gives") {
  const std::array<double, 3> worth{.6, .5, .1};
  toy_tree model{.depth = 100, .letters = 3};
  scripted_verifier verifier([&worth](std::string_view text) {
    return worth[static_cast<std::size_t>(text.front() - 'a')];
  });
  constexpr int kSimulations = 40;
  static_cast<void>(solve("p", model,
                          monte_carlo_tree_search<uct>{.simulations = kSimulations,
                                                       .expand = 3,
                                                       .leaves = 1,
                                                       .widening = 0,
                                                       .select = {.exploration = 0.5F}},
                          verifier, best_score{}));
  std::array<double, 3> visits{1, 1, 1};
  for (int simulation = 1; simulation < kSimulations; ++simulation) {
    std::size_t best = 0;
    double best_value = -1;
    for (std::size_t i = 0; i < 3; ++i) {
      const double value = worth[i] + 0.5 * std::sqrt(std::log(simulation) / visits[i]);
      if (value > best_value + 1e-6) best = i, best_value = value;
    }
    ++visits[best];
    const std::string& prefix = model.prefixes[static_cast<std::size_t>(simulation) * 3];
    CHECK(prefix.front() == static_cast<char>('a' + best));
  }
}

TEST_CASE("monte_carlo_tree_search backs up the mean or the largest value") {
  // Without exploration. Below "a" there is one good step among bad ones, below "b" all are fair:
  // after "a" and "aa" were expanded the mean of "a" is (.6 + .9 + 0) / 3 = .5, its largest .9.
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    if (letters[0] == 'b') return 0.55;
    return letters == "a" ? 0.6 : letters == "aa" ? 0.9 : 0.0;
  };
  for (const value_backup backup : {value_backup::mean, value_backup::max}) {
    toy_tree model{.depth = 10, .letters = 2};
    scripted_verifier verifier(score);
    static_cast<void>(solve("p", model,
                            monte_carlo_tree_search<uct>{.simulations = 4,
                                                         .expand = 2,
                                                         .leaves = 1,
                                                         .widening = 0,
                                                         .backup = backup,
                                                         .select = {.exploration = 0}},
                            verifier, best_score{}));
    REQUIRE(model.prefixes.size() == 8);
    CHECK(model.prefixes[2] == "a\n");
    CHECK(model.prefixes[4] == "a\na\n");
    // "aa" itself has passed .9 and 0 by then: its mean is .45, its largest .9.
    CHECK(model.prefixes[6] == (backup == value_backup::mean ? "b\n" : "a\na\na\n"));
  }
}

TEST_CASE("monte_carlo_tree_search can value a step by a whole solution made of it") {
  // The model goes on after "a" with "b" or "a" alike; only whole solutions have a score.
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    return letters.size() < 3 ? 0.0 : letters[0] == 'b' ? 0.8 : 0.2;
  };
  toy_tree model{.depth = 3, .letters = 2};
  scripted_verifier verifier(score);
  const auto result = solve("p", model,
                            monte_carlo_tree_search<uct>{.simulations = 2,
                                                         .expand = 2,
                                                         .leaves = 1,
                                                         .widening = 0,
                                                         .value = step_value::rollout,
                                                         .select = {.exploration = 0}},
                            verifier, best_score{});
  // a, b; a rollout of each; then two steps after "b" and a rollout of each.
  CHECK(model.prefixes ==
        std::vector<std::string>{"", "", "a\n", "b\n", "b\n", "b\n", "b\nb\n", "b\na\n"});
  CHECK(result.candidates.size() == 4);
  CHECK(letters_of(result.answer).front() == 'b');
}

TEST_CASE("monte_carlo_tree_search with gumbel halves the first steps in sequence") {
  // 4 first steps, 8 simulations below them: each is visited once, then the two best twice.
  const std::string order = "abcd";
  toy_tree model{.depth = 100, .letters = 4};
  scripted_verifier verifier(
      [](std::string_view text) { return 0.2 * (1 + static_cast<double>(text.front() - 'a')); });
  for (const int leaves : {1, 8}) {
    model.prefixes.clear();
    static_cast<void>(
        solve("p", model,
              monte_carlo_tree_search<gumbel>{
                  .simulations = 9, .expand = 1, .leaves = leaves, .select = {.considered = 4}},
              verifier, best_score{}));
    REQUIRE(model.prefixes.size() == 12);
    std::array<int, 4> visits{};
    for (std::size_t i = 4; i < 12; ++i) {
      const std::size_t letter = order.find(model.prefixes[i].front());
      ++visits[letter];
      if (i == 7) CHECK(visits == std::array<int, 4>{1, 1, 1, 1});
    }
    CHECK(visits == std::array<int, 4>{1, 1, 3, 3});
  }
}

TEST_CASE("tree_search refuses options out of range") {
  for (const tree_search& options :
       {tree_search{.simulations = 0}, tree_search{.expand = 0}, tree_search{.leaves = 0},
        tree_search{.widening = -0.1F}, tree_search{.widening = 1.1F},
        tree_search{.select = {.exploration = -1}}, tree_search{.select = {.base = 0}}}) {
    scripted_verifier verifier(always(0.5));
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("tree_search: ") != std::string::npos);
  }
}
