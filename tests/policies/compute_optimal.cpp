// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/compute_optimal.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/sequential_revisions.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

using outthink::arm_trial;
using outthink::best_arms;
using outthink::best_score;
using outthink::bins_by_agreement;
using outthink::bins_by_score;
using outthink::compute_optimal;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::pilot_samples;
using outthink::problem;
using outthink::random_stream;
using outthink::repeated_sampling;
using outthink::sequential_revisions;
using outthink::solve;
using outthink::solve_all;
using outthink::solve_options;

using two_arms = compute_optimal<bins_by_agreement, repeated_sampling, sequential_revisions<>>;
static_assert(outthink::policy<two_arms, archetypes::fruitless_search>);

namespace {

bool is_easy(std::string_view text) {
  return text.starts_with("easy");
}

/// A model that knows how to revise what is easy, and clings to its error where it is not.
std::string revises(const generation_request& asked, random_stream& random) {
  const std::string prompt(asked.trace.prompt());
  const bool easy = is_easy(prompt), first = prompt.ends_with("?\n");
  const bool was_right = prompt.ends_with("right\n");
  const double p = first ? 0.35 : easy ? 0.85 : was_right ? 0.7 : 0.03;
  return random.uniform() < p ? "right" : "wrong" + std::to_string(random.below(3));
}

/// Prefers right answers in 3 of 4 comparisons or so.
double judge(std::string_view text) {
  const double noise = static_cast<double>(outthink::hash_text(text) % 1000) / 1000;
  return (text.starts_with("right") ? 0.35 : 0) + 0.65 * noise;
}

std::vector<problem> fold(int number, int size) {
  std::vector<problem> all;
  for (int i = 0; i < size; ++i) {
    all.emplace_back(std::string(i % 2 == 0 ? "easy" : "hard") + " " +
                     std::to_string(2 * i + number) + "?\n");
  }
  return all;
}

/// For each problem whether the answer is right.
std::vector<bool> solved(const auto& policy, const std::vector<problem>& problems) {
  outthink::backends::scripted model(&revises);
  outthink::test::scripted_verifier verifier(&judge);
  std::vector<bool> right;
  for (const auto& result : solve_all(problems, model, policy, verifier, majority_vote{})) {
    right.push_back(result.answer == "right");
  }
  return right;
}

double share(const std::vector<bool>& right) {
  double sum = 0;
  for (const bool one : right) sum += one ? 1 : 0;
  return sum / static_cast<double>(right.size());
}

}  // namespace

TEST_CASE("bins are counted from the hardest, and what is not known is the hardest") {
  const std::vector<std::string> answers{"a", "b", "a", "a"};
  const std::vector<float> scores{.9F, .1F, .9F, .9F};
  const pilot_samples known{"p", answers, scores};
  CHECK(bins_by_agreement{{.5, .75, .9}}(known) == 2);
  CHECK(bins_by_score{{.5, .69, .71}}(known) == 2);
  CHECK(bins_by_agreement{{0, .5}}({"p", {}, {}}) == 0);
  CHECK(bins_by_score{{0, .5}}({"p", {}, {}}) == 0);
  const std::vector<float> unscored{std::nanf("")};
  CHECK(bins_by_score{{0, .5}}({"p", {}, unscored}) == 0);
}

// 2,000 held-out problems; both arms and the choice cost 8 samples. The fixed arms are 10 points
// and more below the choice, 8 standard errors.
TEST_CASE("compute_optimal is better than either of its arms on problems it was not told of") {
  const repeated_sampling parallel{.n = 8};
  const sequential_revisions<> sequential{.chains = 1, .length = 8};
  const auto told = fold(0, 400), held_out = fold(1, 2000);
  std::vector<arm_trial> trials;
  const auto first = solved(parallel, told), second = solved(sequential, told);
  for (std::size_t i = 0; i < told.size(); ++i) {
    const std::size_t bin = is_easy(told[i].prompt) ? 1 : 0;
    trials.push_back({bin, 0, first[i] ? 1.0 : 0.0});
    trials.push_back({bin, 1, second[i] ? 1.0 : 0.0});
  }
  const auto table = best_arms(trials, 2, 2);
  CHECK(table == std::vector<std::size_t>{0, 1});
  const auto by_text = [](const pilot_samples& known) -> std::size_t {
    return is_easy(known.problem) ? 1 : 0;
  };
  const compute_optimal chosen(by_text, table, std::tuple{parallel, sequential}, 0);
  const double best = share(solved(chosen, held_out));
  CHECK(best > share(solved(parallel, held_out)) + 0.05);
  CHECK(best > share(solved(sequential, held_out)) + 0.05);
}

TEST_CASE("compute_optimal keeps its pilots, and the arm goes on from them") {
  outthink::backends::scripted model([](const generation_request& asked, random_stream&) {
    return std::to_string(asked.ordinal);
  });
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const compute_optimal policy(bins_by_score{{0.4, 0.6}}, {0, 1, 0},
                               std::tuple{repeated_sampling{.n = 1}, repeated_sampling{.n = 3}}, 2);
  const auto result = solve("p", model, policy, verifier, best_score{});
  CHECK(result.spent.model_calls == 5);
  std::vector<std::string> all;
  for (const auto& made : result.candidates) all.push_back(made.solution);
  CHECK(all == std::vector<std::string>{"0", "1", "2", "3", "4"});
  CHECK(verifier.batches == std::vector<std::size_t>{2, 3});
}

TEST_CASE("compute_optimal keeps its pilots beside an arm with candidates of its own order") {
  outthink::backends::scripted model(&revises);
  const compute_optimal policy(bins_by_agreement{{0.6}}, {0, 0},
                               std::tuple{sequential_revisions<>{.chains = 2, .length = 2}}, 3);
  const auto result = solve("hard 1?\n", model, policy, no_verifier{}, majority_vote{});
  CHECK(result.candidates.size() == 7);
}

TEST_CASE("compute_optimal lets pilots that were cut tell nothing") {
  outthink::backends::scripted model([](const generation_request& asked, random_stream&) {
    outthink::generation made{.text = "same"};
    if (asked.ordinal < 3) made.ended = outthink::finish::length;
    return made;
  });
  std::size_t known = 99;
  const auto counts = [&](const pilot_samples& pilots) -> std::size_t {
    known = pilots.answers.size();
    return 0;
  };
  const compute_optimal policy(counts, {0}, std::tuple{repeated_sampling{.n = 1}}, 4);
  CHECK(solve("p", model, policy, no_verifier{}, majority_vote{}).candidates.size() == 2);
  CHECK(known == 1);
}

TEST_CASE("compute_optimal refuses bins and arms that are not there") {
  outthink::backends::scripted model(&revises);
  const auto message = [&](std::size_t bin, std::vector<std::size_t> table, int pilots) {
    const auto fixed = [bin](const pilot_samples&) { return bin; };
    const compute_optimal policy(fixed, table, std::tuple{repeated_sampling{}}, pilots);
    return solve("p", model, policy, no_verifier{}, majority_vote{}).message;
  };
  CHECK(message(1, {0}, 1).find("the bin is not in arm_of_bin") != std::string::npos);
  CHECK(message(0, {1}, 1).find("an arm that is not there") != std::string::npos);
  CHECK(message(0, {0}, -1).find("pilots must not be negative") != std::string::npos);
  CHECK(message(0, {0}, 0).empty());
}
