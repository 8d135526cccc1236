// SPDX-License-Identifier: MIT
#include "../../archetypes/search.hpp"
#include "../../support/chi_square.hpp"
#include "../../support/scripted_verifier.hpp"
#include "../../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/policies/particle_filter/particle_gibbs.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using outthink::majority_vote;
using outthink::particle_gibbs;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(outthink::policy<particle_gibbs, archetypes::fruitless_search>);

namespace {

/// "a" and "b" promise alike; what follows decides.
double score_of(std::string_view text) {
  const std::string letters = letters_of(text);
  if (letters.size() == 1) return letters == "a" ? 0.5 : 0.6;
  return letters == "aa" ? 0.9 : letters == "ab" ? 0.3 : letters == "ba" ? 0.75 : 0.2;
}

double odds(double p) {
  return p / (1 - p);
}

/// How often the trace held in the last sweep was aa, ab, ba and bb.
std::array<std::uint64_t, 4> held_traces(const particle_gibbs& gibbs, int problems) {
  std::vector<outthink::problem> questions;
  for (int i = 0; i < problems; ++i) questions.emplace_back(std::to_string(i));
  toy_tree model{.depth = 2, .letters = 2, .random = true};
  scripted_verifier verifier(score_of);
  std::array<std::uint64_t, 4> counts{};
  for (const auto& result : solve_all(questions, model, gibbs, verifier, majority_vote{})) {
    const auto first = static_cast<std::size_t>((gibbs.sweeps - 1) * gibbs.particles);
    const std::string letters = letters_of(result.candidates.at(first).solution);
    ++counts[static_cast<std::size_t>((letters[0] - 'a') * 2 + (letters[1] - 'a'))];
  }
  return counts;
}

}  // namespace

// The chain forgets its start by a factor in every sweep; after six of four particles what is left
// is far below what 4,000 draws show. False alarm: 1 in a million, and the seed is fixed.
TEST_CASE("particle_gibbs holds traces with the probabilities of its target") {
  for (const bool incremental : {false, true}) {
    std::array<double, 4> target{};
    double total = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::string path{i < 2 ? 'a' : 'b', i % 2 == 0 ? 'a' : 'b'};
      target[i] = odds(score_of(path)) * (incremental ? 1 : odds(score_of(path.substr(0, 1))));
      total += target[i];
    }
    for (double& share : target) share /= total;
    for (const float resample_below : {2.0F, 0.0F}) {
      const auto counts = held_traces({.sweeps = 7,
                                       .particles = 4,
                                       .resample_below = resample_below,
                                       .incremental = incremental},
                                      4000);
      CHECK(outthink::test::chi_square_fit(counts, target) > 1e-6);
    }
  }
}

// All first steps score alike, so that the held one is drawn as often as any other: each of the
// three free particles goes on from it with probability 1/4. A fault that weighs the held trace by
// its end (odds 9,999) would have nearly all go on from it. Mean .75 of 2,000, 5 standard errors.
TEST_CASE("particle_gibbs weighs the held trace at every step by what its prefix scores there") {
  toy_tree model{.depth = 2, .letters = 26, .random = true};
  scripted_verifier verifier(
      [](std::string_view text) { return letters_of(text).size() == 1 ? 0.5 : 0.9999; });
  std::vector<outthink::problem> questions;
  for (int i = 0; i < 2000; ++i) questions.emplace_back(std::to_string(i));
  const auto results = solve_all(questions, model, particle_gibbs{.sweeps = 2, .particles = 4},
                                 verifier, majority_vote{});
  double shared = 0;
  for (const auto& result : results) {
    const std::string held = letters_of(result.candidates.at(4).solution).substr(0, 1);
    for (std::size_t i = 5; i < 8; ++i) {
      shared += letters_of(result.candidates[i].solution).substr(0, 1) == held ? 1 : 0;
    }
  }
  // Besides, another first step is the same letter with probability 1/26.
  const double expected = 3 * (0.25 + 0.75 / 26);
  CHECK(std::abs(shared / 2000 - expected) < 5 * std::sqrt(3 * 0.28 * 0.72 / 2000) * 1.5);
}

TEST_CASE("particle_gibbs makes candidates of every sweep, the held trace first") {
  toy_tree model{.depth = 3, .letters = 4, .random = true};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, particle_gibbs{.sweeps = 3, .particles = 5}, verifier, majority_vote{});
  REQUIRE(result.candidates.size() == 15);
  for (const std::size_t sweep : {1U, 2U}) {
    bool seen = false;
    for (std::size_t i = 0; i < 5; ++i) {
      seen = seen ||
             result.candidates[5 * sweep - 5 + i].solution == result.candidates[5 * sweep].solution;
    }
    CHECK(seen);
  }
  // The held trace is not generated again.
  CHECK(result.spent.model_calls == 15 + 2 * 12);
}

TEST_CASE("particle_gibbs with one particle keeps its trace") {
  toy_tree model{.depth = 3, .letters = 4, .random = true};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, particle_gibbs{.sweeps = 3, .particles = 1}, verifier, majority_vote{});
  CHECK(result.candidates.size() == 3);
  CHECK(result.spent.model_calls == 3);
}

TEST_CASE("particle_gibbs refuses options out of range") {
  for (const particle_gibbs& options :
       {particle_gibbs{.sweeps = 0}, particle_gibbs{.particles = 0},
        particle_gibbs{.temperature = 0}, particle_gibbs{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("particle_") != std::string::npos);
  }
}
