// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/concepts/environment.hpp>
#include <outthink/policies/proof_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::no_verifier;
using outthink::proof_search;
using outthink::random_stream;
using outthink::situation;
using outthink::solve;

namespace {

/// Rewrites words: "drop i" takes a letter out, "swap" exchanges the first two. The empty word is
/// proved, a word that begins with x is lost.
struct rewriting {
  using state = std::string;
  using request = outthink::action_request<state>;
  using response = outthink::observation<state>;

  std::vector<std::string> searched{};  ///< goals on which tactics were tried
  bool shows_goals = true;

  [[nodiscard]] state start(std::string_view problem) const {
    return std::string(problem.substr(0, problem.find('\n')));
  }

  std::vector<response> answer(std::span<const request> asked) {
    if (searched.empty() || searched.back() != asked[0].from) searched.push_back(asked[0].from);
    std::vector<response> all;
    for (const request& one : asked) all.push_back(apply(one));
    return all;
  }

 private:
  [[nodiscard]] response apply(const request& one) const {
    std::string word = one.from;
    if (one.action == "swap" && word.size() > 1) {
      std::swap(word[0], word[1]);
    } else if (one.action == "drop" && !word.empty() && word[0] != 'x') {
      word.erase(0, 1);
    } else {
      return {.to = word, .now = situation::failed};
    }
    response seen{.to = word, .now = word.empty() ? situation::done : situation::open};
    if (shows_goals) seen.text = "goal: " + word + "\n";
    return seen;
  }
};

/// Proposes its tactics in turn, each with its log-probability, as a text that ends.
struct tactician {
  using request = generation_request;
  using response = generation;

  std::vector<generation> tactics;
  std::vector<std::string> read{};

  std::vector<generation> answer(std::span<const request> asked) {
    std::vector<generation> all;
    for (const request& one : asked) {
      if (one.ordinal == 0) read.push_back(one.trace.text());
      all.push_back(tactics[one.ordinal % tactics.size()]);
    }
    return all;
  }
};

tactician drops_and_swaps(float drop, float swap) {
  return {{{.text = "drop\n", .ended = finish::step_end, .logprob = drop},
           {.text = "swap\n", .ended = finish::step_end, .logprob = swap}}};
}

}  // namespace

static_assert(outthink::environment<rewriting>);

TEST_CASE("proof_search proves what takes two tactics, after two expansions") {
  rewriting world;
  auto model = drops_and_swaps(-0.5F, -1);
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const proof_search<rewriting> policy{.world = &world, .tactics = 2};
  const auto result = solve("ab\n", model, policy, verifier, best_score{});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.answer == "drop\ndrop");
  CHECK(result.best().steps() == 2);
  CHECK(result.best().logprob == doctest::Approx(-1));
  CHECK(result.spent.model_calls == 4);
  CHECK(world.searched == std::vector<std::string>{"ab", "b"});
  CHECK(model.read == std::vector<std::string>{"ab\n", "ab\ndrop\ngoal: b\n"});
}

TEST_CASE("proof_search searches a goal once, however often it is reached") {
  // Two swaps lead back; drop and swap lead to the same goals in either order.
  rewriting world;
  auto model = drops_and_swaps(-1, -0.1F);  // swaps are much likelier
  const proof_search<rewriting> policy{.world = &world, .tactics = 2};
  const auto result = solve("abcx\n", model, policy, no_verifier{}, best_score{});
  auto searched = world.searched;
  std::sort(searched.begin(), searched.end());
  CHECK(std::adjacent_find(searched.begin(), searched.end()) == searched.end());
  CHECK_FALSE(result.has_answer());  // x can be swapped away, but never dropped
  CHECK(result.status == outthink::outcome_status::answered);
}

TEST_CASE("proof_search takes the goal with the likeliest tactics behind it") {
  rewriting world;
  auto model = drops_and_swaps(-3, -1);
  const proof_search<rewriting> policy{.world = &world, .tactics = 2, .expansions = 4};
  static_cast<void>(solve("abc\n", model, policy, no_verifier{}, best_score{}));
  // abc; bac by a swap (-1); bc by a drop (-3); ac by swap and drop (-4). A swap back is no news.
  CHECK(world.searched == std::vector<std::string>{"abc", "bac", "bc", "ac"});
}

TEST_CASE("proof_search counts a proof that the last expansion finds") {
  rewriting world;
  auto model = drops_and_swaps(-0.5F, -1);
  const auto answer = [&](int expansions) {
    const proof_search<rewriting> policy{.world = &world, .tactics = 2, .expansions = expansions};
    return solve("ab\n", model, policy, no_verifier{}, best_score{}).answer;
  };
  CHECK(answer(2) == "drop\ndrop");
  CHECK(answer(1).empty());
}

TEST_CASE("proof_search gives the shortest proof that it knows, without goals between") {
  // "skip" is not a tactic; tactics that end the model's text are tactics all the same.
  rewriting world{.shows_goals = false};
  tactician model{
      {{.text = "skip"}, {.text = "drop", .logprob = -1}, {.text = "drop", .logprob = -9}}};
  const proof_search<rewriting> policy{.world = &world, .tactics = 3};
  const auto result = solve("aaa\n", model, policy, no_verifier{}, best_score{});
  CHECK(result.answer == "drop\ndrop\ndrop");
  CHECK(result.candidates.size() == 1);
  CHECK(result.spent.other_calls == 3 * 2);  // repetitions are applied once
}

TEST_CASE("proof_search ends when nothing is left to try") {
  rewriting world;
  auto model = drops_and_swaps(-0.5F, -1);
  const proof_search<rewriting> policy{.world = &world, .tactics = 2};
  const auto result = solve("x\n", model, policy, no_verifier{}, best_score{});
  CHECK(result.candidates.empty());
  CHECK(result.spent.model_calls == 2);
}

TEST_CASE("proof_search refuses options out of range") {
  rewriting world;
  auto model = drops_and_swaps(-0.5F, -1);
  using policy = proof_search<rewriting>;
  for (const policy& options : {policy{.world = nullptr}, policy{.world = &world, .tactics = 0},
                                policy{.world = &world, .expansions = 0}}) {
    const auto result = solve("ab\n", model, options, no_verifier{}, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("proof_search: there must be") != std::string::npos);
  }
}
