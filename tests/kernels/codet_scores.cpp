// SPDX-License-Identifier: MIT
#include "../support/pass_matrices.hpp"
#include <outthink/kernels/codet_scores.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

std::vector<double> scores_of(const outthink::kernels::pass_matrix& matrix) {
  std::vector<double> scores(matrix.solutions, -1);
  std::vector<std::uint32_t> scratch(outthink::kernels::codet_scratch(matrix.solutions));
  outthink::kernels::codet_scores(matrix, scores, scratch);
  return scores;
}

}  // namespace

TEST_CASE("codet_scores gives the published values, against the most tests") {
  const outthink::test::owned_passes first({"11100", "11100", "11100", "10111", "01001"});
  const auto scores = scores_of(first.view());
  CHECK(scores[0] == doctest::Approx(5.1961524));
  CHECK(scores[0] == scores[1]);
  CHECK(scores[0] == scores[2]);
  CHECK(scores[3] == 4);
  CHECK(scores[4] == 2);
  const outthink::test::owned_passes second({"10101", "11011", "10101", "01011"});
  CHECK(scores_of(second.view())[0] == doctest::Approx(4.2426407));
  CHECK(scores_of(second.view())[1] == 4);
}

TEST_CASE("codet_scores agrees with counting, whatever the numbers of tests and solutions") {
  for (std::size_t solutions = 0; solutions <= 67; ++solutions) {
    for (const std::size_t tests : {0U, 1U, 64U, 65U, 500U}) {
      const auto matrix =
          outthink::test::random_passes(static_cast<unsigned>(solutions), solutions, tests);
      const auto scores = scores_of(matrix.view());
      for (std::size_t i = 0; i < solutions; ++i) {
        const auto& row = matrix.rows[i];
        const auto passed = static_cast<double>(std::count(row.begin(), row.end(), '1'));
        const auto same =
            static_cast<double>(std::count(matrix.rows.begin(), matrix.rows.end(), row));
        CHECK(scores[i] == passed * std::sqrt(same));
      }
    }
  }
}

TEST_CASE("codet_scores: solutions that pass nothing score nothing, however many they are") {
  const outthink::test::owned_passes matrix({"000", "000", "000", "001"});
  CHECK(scores_of(matrix.view()) == std::vector<double>{0, 0, 0, 1});
}

TEST_CASE("codet_scores do not depend on the order of the solutions") {
  auto matrix = outthink::test::random_passes(3, 40, 70);
  const auto before = scores_of(matrix.view());
  std::reverse(matrix.rows.begin(), matrix.rows.end());
  auto after = scores_of(outthink::test::owned_passes(matrix.rows).view());
  std::reverse(after.begin(), after.end());
  CHECK(after == before);
}
