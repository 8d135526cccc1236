// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include "../support/watched.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/meds3.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(policy<meds3<>, archetypes::fruitless_search>);

namespace {

struct reflection_mark {
  std::string operator()(const trace_view& trace) const { return "reflect: " + trace.solution(); }
};
using plain = meds3<reflection_mark>;

/// What a tree of letters says of the node at which `letters` ends.
struct known_node {
  std::size_t visits = 0;
  double mean = 0;
};

std::map<std::string, known_node> nodes_of(const text_tree& tree) {
  std::map<std::string, known_node> all;
  for (std::uint32_t i = 0; i < tree.size(); ++i) {
    const node_id node{i};
    if (tree.visits(node) == 0) continue;
    all[letters_of(trace_view(tree, node).solution())] = {
        tree.visits(node), static_cast<double>(tree.value(node)) / tree.visits(node)};
  }
  return all;
}

/// a .2, b .5, c .8 at first; below c .4, .6 and .8.
double worth(std::string_view text) {
  const std::string letters = letters_of(text);
  const std::map<std::string, double> known{{"a", .2},  {"b", .5},  {"c", .8},
                                            {"ca", .4}, {"cb", .6}, {"cc", .8}};
  const auto found = known.find(letters);
  return found == known.end() ? .1 : found->second;
}

std::map<std::string, known_node> grown(const plain& policy) {
  std::map<std::string, known_node> all;
  const test::watched watching{policy, [&](const text_tree& tree) { all = nodes_of(tree); }};
  scripted_verifier verifier(&worth);
  static_cast<void>(
      solve("p", toy_tree{.depth = 4, .letters = 3}, watching, verifier, best_score{}));
  return all;
}

}  // namespace

TEST_CASE("meds3: a node is worth the visit-weighted mean of its children") {
  const auto first = grown({.nodes = 3});
  CHECK(first.at("").visits == 3);
  CHECK(first.at("").mean == doctest::Approx(.5));
  const auto second = grown({.nodes = 6});  // below c, the best of three that were visited once
  CHECK(second.size() == 7);
  CHECK(second.at("c").visits == 3);
  CHECK(second.at("c").mean == doctest::Approx(.6));
  CHECK(second.at("").visits == 5);
  CHECK(second.at("").mean == doctest::Approx((.2 + .5 + 3 * .6) / 5));
}

TEST_CASE("meds3: a node is worth the average of its own value and that mean, on demand") {
  const auto all = grown({.nodes = 6, .value = meds3_value::own_and_mean});
  CHECK(all.at("c").mean == doctest::Approx((.8 + .6) / 2));
  CHECK(all.at("").mean == doctest::Approx((.2 + .5 + 3 * .7) / 5));
}

TEST_CASE("meds3 goes where mean + 2 sqrt(ln N / n) is largest") {
  // After c: N = 5; a .2 + 2 sqrt(ln 5), b .5 + 2 sqrt(ln 5), c .6 + 2 sqrt(ln 5 / 3): b is next.
  const auto all = grown({.nodes = 9});
  CHECK(all.at("b").visits == 3);
  CHECK(all.at("b").mean == doctest::Approx(.1));
  CHECK(all.at("a").visits == 1);
  // Without exploration it stays below c: .6 is more than .5.
  const auto best_only = grown({.nodes = 9, .exploration = 0});
  CHECK(best_only.at("b").visits == 1);
  CHECK(best_only.at("c").visits == 5);
}

TEST_CASE("meds3 finishes what is worth it, and reflects on what is worth less than before") {
  std::map<std::string, int> asked;  // by prompt, what was asked for and the letters so far
  backends::scripted model([&](const generation_request& one, random_stream&) {
    const std::string steps = letters_of(one.trace.solution());
    const std::string prompt = letters_of(one.trace.prompt());
    ++asked[prompt + (one.until == extent::solution ? " finish " : " step ") + steps];
    generation made{.text = std::string(1, static_cast<char>('a' + one.ordinal)) + "\n",
                    .ended = finish::step_end};
    if (one.until == extent::solution) made = {.text = "x\ny", .ended = finish::text_end};
    return made;
  });
  // a .95 is finished; b's children are worth less than b, .33 then, so that below them it
  // reflects.
  scripted_verifier verifier([](std::string_view text) {
    const std::string letters = letters_of(text);
    return letters == "a" ? .95 : letters == "b" ? .5 : letters == "ba" ? .3 : .01;
  });
  const auto result =
      solve("p", model,
            plain{.nodes = 6, .expand = 2, .exploration = 0, .value = meds3_value::own_and_mean},
            verifier, best_score{});
  CHECK(asked["p step "] == 2);
  CHECK(asked["p finish a"] == 1);
  CHECK(asked["p step b"] == 2);
  CHECK(asked["reflect: ba step "] == 2);
  CHECK(asked.size() == 4);
  REQUIRE(result.candidates.size() == 1);
  CHECK(letters_of(result.candidates[0].solution) == "axy");
  CHECK(result.candidates[0].step_ends.size() == 3);
}

TEST_CASE("meds3 stops when enough solutions are complete, or when nothing is left") {
  scripted_verifier verifier([](std::string_view) { return .5; });
  const auto run = [&](const plain& policy, int depth) {
    return solve("p", toy_tree{.depth = depth, .letters = 3}, policy, verifier, best_score{});
  };
  CHECK(run({.nodes = 1000, .solutions = 4}, 2).candidates.size() == 6);  // three at a time
  const auto all = run({.nodes = 1000, .solutions = 99}, 2);
  CHECK(all.status == outcome_status::answered);
  CHECK(all.candidates.size() == 9);
  CHECK(all.spent.model_calls == 3 + 9);
}

TEST_CASE("meds3 counts a value of NaN as 0") {
  scripted_verifier verifier([](std::string_view) { return NAN; });
  const auto result =
      solve("p", toy_tree{.depth = 2, .letters = 3}, plain{}, verifier, best_score{});
  CHECK(result.candidates.size() == 9);
}

TEST_CASE("meds3's own reflection shows the problem and the steps so far") {
  text_tree tree({.text = "1+1?"});
  const node_id step = tree.add_children(tree.root(), 1)[0];
  tree.set_payload(step, {"three", 1, 0}, node_status::open);
  const std::string prompt = ask_to_reflect{}(trace_view(tree, step));
  CHECK(prompt.find("1+1?") < prompt.find("three"));
}

TEST_CASE("meds3 refuses options out of range") {
  scripted_verifier verifier([](std::string_view) { return .5; });
  for (const plain& options :
       {plain{.nodes = 0}, plain{.expand = 0}, plain{.solutions = 0}, plain{.exploration = -1}}) {
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("meds3: counts") != std::string::npos);
  }
}
