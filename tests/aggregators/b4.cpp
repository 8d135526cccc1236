// SPDX-License-Identifier: MIT
#include "tested.hpp"
#include <outthink/aggregators/b4.hpp>
#include <outthink/aggregators/codet.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

using outthink::b4;
using outthink::outcome;
using outthink::detail::test_outcomes;
using outthink::test::tested;

static_assert(outthink::aggregator<b4>);

namespace {

std::vector<double> scores(const b4& rule, const std::vector<outthink::candidate>& programs) {
  return rule.scores(test_outcomes(programs).matrix());
}

// The definition, cell by cell, by the standard library.
double by_definition(const std::vector<outthink::candidate>& programs, std::size_t of,
                     const b4& rule) {
  const auto log_beta = [](long double x, long double y) {
    return std::lgamma(x) + std::lgamma(y) - std::lgamma(x + y);
  };
  const std::string& row = programs[of].key;
  long double size = 0, n1 = 0, n0 = 0, p1 = 0, p0 = 0, tests = 0;
  for (const char c : row) tests += c == '1';
  for (const auto& other : programs) {
    size += other.key == row;
    if (other.key == row) continue;
    for (std::size_t t = 0; t < row.size(); ++t) {
      (row[t] == '1' ? n1 : n0) += 1;
      (row[t] == '1' ? p1 : p0) += other.key[t] == '1';
    }
  }
  const auto all = static_cast<long double>(programs.size());
  const auto m = static_cast<long double>(row.size());
  return static_cast<double>(
      log_beta(tests + rule.agree, m - tests + 1) + log_beta(size + rule.agree, all - size + 1) +
      log_beta(p1 + 1, n1 - p1 + 1) + log_beta(p0 + 1, n0 - p0 + rule.chance));
}

}  // namespace

TEST_CASE("b4 scores two published examples to four digits") {
  const b4 rule{.agree = 1e3, .chance = 1e4};
  const auto three = scores(rule, outthink::test::agreeing_three());
  CHECK(std::abs(three[0] + 80.0764) < 5e-5);
  CHECK(three[1] == three[0]);
  CHECK(std::abs(three[3] + 100.2529) < 5e-5);
  CHECK(std::abs(three[4] + 142.9837) < 5e-5);
  const auto two = scores(rule, outthink::test::agreeing_two());
  CHECK(std::abs(two[0] + 87.8975) < 5e-5);
  CHECK(std::abs(two[1] + 75.8517) < 5e-5);
  CHECK(std::abs(two[3] + 103.5069) < 5e-5);
}

TEST_CASE("b4 chooses with codet in one of the examples and against it in the other") {
  const b4 rule{.agree = 1e3, .chance = 1e4};
  CHECK(rule(outthink::test::agreeing_three()).chosen == 0);
  CHECK(rule(outthink::test::agreeing_three()).confidence == 0.6);
  CHECK(rule(outthink::test::agreeing_two()).chosen == 1);
  CHECK(outthink::codet{}(outthink::test::agreeing_two()).chosen == 0);
}

TEST_CASE("b4 scores random matrices as its definition does") {
  std::mt19937 generator(5);
  for (int round = 0; round < 30; ++round) {
    std::vector<std::string> rows;
    const std::size_t tests = 1 + generator() % 70;
    for (int i = 0; i < 12; ++i) {
      std::string row(tests, '0');
      for (char& c : row) c = generator() % 3 == 0 ? '1' : '0';
      rows.push_back(i > 0 && generator() % 2 == 0 ? rows[generator() % rows.size()] : row);
    }
    std::vector<outthink::candidate> programs;
    for (const auto& row : rows) programs.push_back(tested({row.c_str()})[0]);
    const b4 rule{.agree = 1 + static_cast<double>(generator() % 1000),
                  .chance = 1 + static_cast<double>(generator() % 100'000)};
    const auto made = scores(rule, programs);
    for (std::size_t i = 0; i < made.size(); ++i)
      CHECK(made[i] == doctest::Approx(by_definition(programs, i, rule)).epsilon(1e-9));
  }
}

TEST_CASE("b4 refuses options that are not positive, and chooses nothing where nothing ran") {
  CHECK_THROWS_AS(static_cast<void>(b4{.agree = 0}(tested({"1"}))), outthink::error);
  CHECK_THROWS_AS(static_cast<void>(b4{.chance = NAN}(tested({"1"}))), outthink::error);
  CHECK(b4{}(tested({""})).chosen == outcome::none);
  CHECK(b4{}(tested({"0"})).chosen == 0);
  CHECK(b4{}({}).chosen == outcome::none);
}
