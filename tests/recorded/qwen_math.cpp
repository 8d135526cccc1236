// SPDX-License-Identifier: MIT
// Qwen2.5-Math on 100 MATH problems, 8 samples each with the scores of its reward model. The vote
// (93; 91 to 94 over all ways to break the ties of four problems) compares answers as they were
// extracted and takes the first given of equally many; by meaning it is the same.
#include "../../benchmarks/outthink_bench/recorded/qwen_math.hpp"

#include <outthink/answers/answer_key.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

using namespace outthink;
using namespace bench::recorded;

TEST_CASE("majority of 8 recorded Qwen2.5-Math samples is right on 93 of 100 problems") {
  qwen_math run;
  no_verifier none;
  const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 8}, none,
                                  majority_vote{}, whole_solutions);
  CHECK(run.right(outcomes) == 93);
}

TEST_CASE("best of 8 recorded samples by the recorded reward is right on 94 of 100 problems") {
  qwen_math run;
  const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 8}, run.rewards,
                                  best_score{}, whole_solutions);
  CHECK(run.right(outcomes) == 94);
}

TEST_CASE("one recorded sample is right as often as the first samples are") {
  qwen_math run;
  no_verifier none;
  const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 1}, none,
                                  majority_vote{}, whole_solutions);
  int first = 0;
  for (const auto& entry : run.content) first += entry["correct"][0].get<int>();
  CHECK(run.right(outcomes) == first);
}

// Of the 800 answers no right one shares its key with a wrong one, and the right answers of each
// problem share one key.
TEST_CASE("answer_key keeps right and wrong answers of recorded samples apart") {
  qwen_math run;
  for (const auto& entry : run.content) {
    std::map<std::string, int> judged;
    std::size_t right = 0;
    for (std::size_t i = 0; i < entry["answer"].size(); ++i) {
      const int correct = entry["correct"][i].get<int>();
      const auto [found, first] =
          judged.emplace(answer_key(entry["answer"][i].get<std::string>()), correct);
      CAPTURE(found->first);
      CHECK(found->second == correct);
      right += first && correct == 1;
    }
    CHECK(right <= 1);
  }
}

TEST_CASE("recorded samples are chosen alike by every name of a rule") {
  qwen_math run;
  const auto chosen_by = [&run](const auto& aggregate, const solve_options& options) {
    const auto outcomes = solve_all(run.problems, run.model, repeated_sampling{.n = 8}, run.rewards,
                                    aggregate, options);
    return run.right(outcomes);
  };
  solve_options by_meaning = whole_solutions;
  by_meaning.key = [](std::string_view answer) { return answer_key(answer); };
  CHECK(chosen_by(prm_last_max, whole_solutions) == 94);
  CHECK(chosen_by(soft_best_of_n{.temperature = 1e-6F}, whole_solutions) == 94);
  CHECK(chosen_by(borda_vote{.power = 40}, whole_solutions) == 94);
  CHECK(chosen_by(borda_vote{.power = 0}, whole_solutions) == 93);
  CHECK(chosen_by(consensus{}, whole_solutions) == 93);
  CHECK(chosen_by(majority_vote{}, by_meaning) == 93);
}

TEST_CASE("recorded samples: pass@k, and the best of k by reward over all subsets, as recomputed") {
  const qwen_math run;
  CHECK(rounds_to(run.pass_at(1), 91, 4));
  CHECK(rounds_to(run.pass_at(2), 93.2857, 4));
  CHECK(rounds_to(run.pass_at(4), 95.1, 4));
  CHECK(rounds_to(run.pass_at(8), 96, 4));
  const double best_of[] = {91, 92.7857, 93.3929, 93.6143, 93.7143, 93.7857, 93.875, 94};
  for (std::size_t k = 1; k <= 8; ++k) {
    CAPTURE(k);
    CHECK(rounds_to(run.best_of(k), best_of[k - 1], 4));
  }
}
