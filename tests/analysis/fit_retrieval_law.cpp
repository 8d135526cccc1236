// SPDX-License-Identifier: MIT
#include <outthink/analysis/fit_retrieval_law.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using outthink::fit_retrieval_law;
using outthink::retrieval_law;
using outthink::retrieval_trial;

namespace {

std::vector<retrieval_trial> trials_of(const retrieval_law& law,
                                       const std::vector<retrieval_law::three>& tasks) {
  std::vector<retrieval_trial> trials;
  for (const auto& gains : tasks) {
    for (const double documents : {0.0, 1.0, 10.0, 50.0}) {
      for (const double examples : {0.0, 2.0, 8.0}) {
        for (const double rounds : {1.0, 3.0}) {
          const retrieval_law::three amounts{documents, examples, rounds};
          trials.push_back({amounts, gains, law(amounts, gains)});
        }
      }
    }
  }
  return trials;
}

const retrieval_law kLaw{.a = {0.3, 0.1, 0.05}, .b = {0.5, 0.2, 0}, .c = -1.5, .shift = 0.01};

}  // namespace

TEST_CASE("fit_retrieval_law finds the law that made the measurements of two tasks") {
  const auto trials = trials_of(kLaw, {{0.4, 0.1, 0}, {0.1, 0.3, 0}});
  const retrieval_law found = fit_retrieval_law(trials, 0.01, 0);
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(found.a[j] == doctest::Approx(kLaw.a[j]).epsilon(1e-9));
    CHECK(found.b[j] == doctest::Approx(kLaw.b[j]).epsilon(1e-9));
  }
  CHECK(found.c == doctest::Approx(kLaw.c).epsilon(1e-9));
  CHECK(found({50, 8, 3}, {0.4, 0.1, 0}) == doctest::Approx(kLaw({50, 8, 3}, {0.4, 0.1, 0})));
}

TEST_CASE("fit_retrieval_law is the least sum of squares for measurements off any law") {
  auto trials = trials_of(kLaw, {{0.4, 0.1, 0}, {0.1, 0.3, 0}});
  for (std::size_t i = 0; i < trials.size(); ++i)
    trials[i].performance = 0.1 + 0.8 * std::fabs(std::sin(static_cast<double>(i)));
  const retrieval_law found = fit_retrieval_law(trials, 0.01);
  const auto error = [&](const retrieval_law& law) {
    const auto logit = [](double p) { return std::log(p / (1 - p)); };
    double sum = 0;
    for (const retrieval_trial& one : trials)
      sum += std::pow(logit(law(one.amounts, one.gains)) - logit(one.performance), 2);
    return sum;
  };
  const double least = error(found);
  for (const double step : {-1e-3, 1e-3}) {
    for (std::size_t j = 0; j < 3; ++j) {
      retrieval_law other = found;
      other.a[j] += step;
      CHECK(error(other) > least);
      if (j == 2) continue;
      other = found;
      other.b[j] += step;
      CHECK(error(other) > least);
    }
    retrieval_law other = found;
    other.c += step;
    CHECK(error(other) > least);
  }
}

TEST_CASE("fit_retrieval_law refuses what cannot tell its numbers apart") {
  CHECK_THROWS_AS((void)fit_retrieval_law(trials_of(kLaw, {{0.4, 0.1, 0}})), outthink::error);
  auto trials = trials_of(kLaw, {{0.4, 0.1, 0}, {0.1, 0.3, 0}});
  auto same_rounds = trials;
  for (auto& one : same_rounds) one.amounts[2] = 2;
  CHECK_THROWS_AS((void)fit_retrieval_law(same_rounds), outthink::error);
  trials[3].performance = NAN;
  CHECK_THROWS_AS((void)fit_retrieval_law(trials), outthink::error);
  trials.resize(5);
  CHECK_THROWS_AS((void)fit_retrieval_law(trials), outthink::error);
}

TEST_CASE("fit_retrieval_law clips what is never or always right") {
  auto trials = trials_of(kLaw, {{0.4, 0.1, 0}, {0.1, 0.3, 0}});
  trials[0].performance = 0;
  trials[1].performance = 1;
  CHECK(std::isfinite(fit_retrieval_law(trials, 0.01).c));
}
