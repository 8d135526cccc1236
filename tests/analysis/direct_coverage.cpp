// SPDX-License-Identifier: MIT
#include <outthink/analysis/direct_coverage.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <vector>

using outthink::direct_coverage_factor;
using outthink::direct_coverage_loss;
using outthink::proof_tree_coverage;

TEST_CASE("direct_coverage_factor gives the published values") {
  CHECK(direct_coverage_factor(0.01, 16) == doctest::Approx(0.9264).epsilon(1e-4));
  CHECK(direct_coverage_factor(0.1, 16) == doctest::Approx(0.40435).epsilon(1e-5));
  CHECK(direct_coverage_factor(0.5, 16) == doctest::Approx(2.44e-4).epsilon(2e-3));
  CHECK(direct_coverage_factor(0.1, 256) == doctest::Approx(5.5e-11).epsilon(1e-2));
}

TEST_CASE("direct_coverage_factor is the ratio of the slopes of the two losses") {
  for (const double n : {1.0, 2.0, 16.0}) {
    for (const double p : {0.02, 0.2, 0.7}) {
      const double step = 1e-6 * p;
      const auto slope = [&](double of) {
        return (direct_coverage_loss(p + step, of) - direct_coverage_loss(p - step, of)) /
               (2 * step);
      };
      CHECK(direct_coverage_factor(p, n) == doctest::Approx(slope(n) / slope(1)).epsilon(1e-5));
    }
  }
}

TEST_CASE("direct coverage for tiny probabilities, and at both ends") {
  CHECK(direct_coverage_loss(1e-300, 8) == doctest::Approx(-std::log(8e-300)));
  CHECK(direct_coverage_factor(1e-300, 8) == doctest::Approx(1));
  CHECK(direct_coverage_factor(0, 8) == 1);
  CHECK(direct_coverage_factor(1, 8) == 0);
  CHECK(direct_coverage_factor(1, 1) == 1);
  CHECK(direct_coverage_loss(1, 8) == 0);
  CHECK(std::isinf(direct_coverage_loss(0, 8)));
  CHECK(direct_coverage_loss(0.3, 1) == doctest::Approx(-std::log(0.3)));
}

// The likelier of two answers is right with .6; a policy gives it probability `confidence`.
TEST_CASE("pass@n of a confident and a hesitant policy, as published") {
  const auto pass_at = [](double n, double confidence) {
    const auto found = [n](double p) { return std::exp(-direct_coverage_loss(p, n)); };
    return 0.6 * found(confidence) + 0.4 * found(1 - confidence);
  };
  CHECK(pass_at(1, 0.9) == doctest::Approx(0.58));
  CHECK(pass_at(1, 0.6) == doctest::Approx(0.52));
  CHECK(pass_at(4, 0.9) == doctest::Approx(0.7375).epsilon(1e-4));
  CHECK(pass_at(4, 0.6) == doctest::Approx(0.9328).epsilon(1e-4));
  CHECK(pass_at(16, 0.9) == doctest::Approx(0.9259).epsilon(1e-4));
  CHECK(pass_at(16, 0.6) == doctest::Approx(0.9999).epsilon(1e-4));
}

TEST_CASE("proof_tree_coverage needs a right tactic at every step") {
  CHECK(proof_tree_coverage(std::vector<double>{0.5, 0.2}, 1) == doctest::Approx(0.1));
  CHECK(proof_tree_coverage(std::vector<double>{0.5, 0.2}, 2) == doctest::Approx(0.75 * 0.36));
  CHECK(proof_tree_coverage(std::vector<double>{0.5, 0}, 8) == 0);
  CHECK(proof_tree_coverage(std::vector<double>{1, 1}, 8) == 1);
  CHECK(proof_tree_coverage({}, 8) == 1);
}
