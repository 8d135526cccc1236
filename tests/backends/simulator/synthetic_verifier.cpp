// SPDX-License-Identifier: MIT
#include <outthink/aggregators/best_score.hpp>
#include <outthink/analysis/roc_auc.hpp>
#include <outthink/backends/simulator/synthetic_verifier.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;
using backends::answer_statistics;
using backends::synthetic_model;
using backends::synthetic_verifier;

static_assert(verifier<synthetic_verifier>);

namespace {

std::vector<problem> problems_of(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("problem " + std::to_string(i));
  return all;
}

const solve_options kOptions{.answer = &synthetic_model::answer_of};

}  // namespace

TEST_CASE("synthetic_verifier tells right from wrong as well as it is told to, and is calibrated") {
  for (const double auc : {0.5, 0.7, 0.95}) {
    const answer_statistics habits{.accuracy = 0.3, .correlation = 0, .auc = auc};
    synthetic_model model(habits);
    synthetic_verifier judge(habits);
    std::vector<float> scores;
    std::vector<std::uint8_t> right;
    double likely = 0, likely_right = 0, expected = 0;
    for (const outcome& one : solve_all(problems_of(200), model, repeated_sampling{.n = 50}, judge,
                                        best_score{}, kOptions)) {
      for (const candidate& c : one.candidates) {
        CHECK(c.step_scores.size() == 8);
        scores.push_back(c.step_scores.back());
        right.push_back(c.answer == "right" ? 1 : 0);
        if (scores.back() < 0.25F || scores.back() > 0.6F) continue;
        likely += 1, likely_right += right.back();
        expected += static_cast<double>(scores.back());
      }
    }
    CHECK(roc_auc(scores, right) == doctest::Approx(auc).epsilon(0.03));
    CHECK(likely_right / likely == doctest::Approx(expected / likely).epsilon(0.1));
  }
}

TEST_CASE("a better synthetic_verifier makes search better") {
  double before = 0;
  for (const double auc : {0.5, 0.75, 0.95}) {
    const answer_statistics habits{.accuracy = 0.3, .correlation = 0.2, .auc = auc};
    synthetic_model model(habits);
    synthetic_verifier judge(habits);
    double right = 0;
    for (const outcome& one :
         solve_all(problems_of(300), model, beam_search{.width = 4}, judge, best_score{}, kOptions))
      right += one.answer == "right" ? 1 : 0;
    if (auc == 0.5) CHECK(right / 300 == doctest::Approx(0.3).epsilon(0.3));
    CHECK(right > before);
    before = right + 20;
  }
}

TEST_CASE("synthetic_verifier refuses what cannot be") {
  CHECK_THROWS_AS(synthetic_verifier({.auc = 1}), outthink::error);
}
