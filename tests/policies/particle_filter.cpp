// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/particle_filter.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::majority_vote;
using outthink::particle_filter;
using outthink::particle_population;
using outthink::resampling;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// Runs a filter and keeps what the population was in the end.
struct watched_filter {
  particle_filter filter;
  std::vector<particle_population>* seen;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    particle_population last = co_await filter.population(s);
    s.retire(last.nodes);
    seen->push_back(std::move(last));
    co_return s.candidates();
  }
};

std::vector<particle_population> populations(const particle_filter& filter, const auto& score,
                                             toy_tree model, int problems) {
  std::vector<particle_population> seen;
  std::vector<outthink::problem> questions;
  for (int i = 0; i < problems; ++i) questions.emplace_back(std::to_string(i));
  scripted_verifier verifier(score);
  static_cast<void>(
      solve_all(questions, model, watched_filter{filter, &seen}, verifier, majority_vote{}));
  return seen;
}

/// Odds of 1 : 4 to 4 : 1, by the letters.
double score_of(std::string_view text) {
  const std::string letters = letters_of(text);
  if (letters.size() == 1) return letters == "a" ? 0.8 : 0.5;
  return letters == "aa" ? 0.2 : letters == "ab" ? 0.6 : letters == "ba" ? 0.75 : 0.5;
}

double odds(double p) {
  return p / (1 - p);
}

}  // namespace

// I. Puri et al. 2025: softmax(logit r) is proportional to r / (1 - r).
TEST_CASE("particle_filter weighs particles by the odds of their scores") {
  const auto score = [](std::string_view text) { return letters_of(text) == "a" ? 0.9 : 0.5; };
  const auto seen = populations({.particles = 2}, score, toy_tree{.depth = 1, .letters = 2}, 1);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].weights[0] == doctest::Approx(0.9));
  CHECK(seen[0].weights[1] == doctest::Approx(0.1));
  CHECK(seen[0].log_evidence == doctest::Approx(std::log(5.0)));
  const auto soft =
      populations({.particles = 2, .temperature = 2}, score, toy_tree{.depth = 1, .letters = 2}, 1);
  CHECK(soft[0].weights[0] == doctest::Approx(0.75));
}

// The estimate of the evidence is unbiased for every scheme and threshold. A mean of 4,000 runs may
// lie 5 standard errors off: a false alarm in about 2 million runs, and the seed is fixed.
TEST_CASE("particle_filter: the evidence is estimated without bias") {
  double product = 0, last = 0;
  for (const std::string path : {"aa", "ab", "ba", "bb"}) {
    product += odds(score_of(path.substr(0, 1))) * odds(score_of(path)) / 4;
    last += odds(score_of(path)) / 4;
  }
  for (const resampling scheme : {resampling::multinomial, resampling::systematic,
                                  resampling::stratified, resampling::residual}) {
    for (const float resample_below : {2.0F, 0.7F, 0.0F}) {
      for (const bool incremental : {false, true}) {
        const particle_filter filter{.particles = 4,
                                     .resample_below = resample_below,
                                     .scheme = scheme,
                                     .incremental = incremental};
        const auto seen =
            populations(filter, score_of, toy_tree{.depth = 2, .letters = 2, .random = true}, 4000);
        double sum = 0, squares = 0;
        for (const particle_population& one : seen) {
          const double evidence = std::exp(one.log_evidence);
          sum += evidence;
          squares += evidence * evidence;
        }
        const auto runs = static_cast<double>(seen.size());
        const double mean = sum / runs;
        const double error = std::sqrt((squares / runs - mean * mean) / runs);
        CAPTURE(mean);
        CHECK(std::abs(mean - (incremental ? last : product)) < 5 * error);
      }
    }
  }
}

TEST_CASE("particle_filter with constant scores and systematic resampling loses no particle") {
  const auto score = [](std::string_view) { return 0.3; };
  for (const auto& last :
       populations({.particles = 8}, score, toy_tree{.depth = 3, .letters = 8}, 3)) {
    auto nodes = last.nodes;
    std::sort(nodes.begin(), nodes.end());
    CHECK(std::unique(nodes.begin(), nodes.end()) == nodes.end());
    for (const double weight : last.weights) CHECK(weight == doctest::Approx(0.125));
  }
}

TEST_CASE("particle_filter resamples only below its threshold") {
  // Effective sample size of weights 4 : 1 : 1 : 1 is 49 / 19 = 2.58 of 4.
  const auto score = [](std::string_view text) { return letters_of(text)[0] == 'a' ? 0.8 : 0.5; };
  for (const bool below : {true, false}) {
    toy_tree model{.depth = 2, .letters = 4};
    scripted_verifier verifier(score);
    const auto result =
        solve("p", model, particle_filter{.particles = 4, .resample_below = below ? 0.65F : 0.64F},
              verifier, best_score{});
    const auto copies = std::count(model.prefixes.begin(), model.prefixes.end(), "a\n");
    CHECK((below ? copies >= 2 : copies == 1));
    CHECK(result.candidates.size() == 4);
  }
}

TEST_CASE("particle_filter: particles that have ended stand, and can be drawn again") {
  const auto score = [](std::string_view text) { return text.starts_with("x") ? 0.999999 : 0.001; };
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        if (asked.trace.steps() == 0 && asked.ordinal == 0) return "x";
        return "y\n";
      });
  scripted_verifier verifier(score);
  const auto result =
      solve("p", model, particle_filter{.particles = 4, .max_steps = 5}, verifier, best_score{});
  REQUIRE(result.candidates.size() == 4);
  for (const auto& made : result.candidates) CHECK(made.solution == "x");
  CHECK(result.spent.model_calls == 4);
}

TEST_CASE("particle_filter refuses options out of range") {
  for (const particle_filter& options :
       {particle_filter{.particles = 0}, particle_filter{.temperature = 0},
        particle_filter{.resample_below = -1}, particle_filter{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("particle_filter: ") != std::string::npos);
  }
}
