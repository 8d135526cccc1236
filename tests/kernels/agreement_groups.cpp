// SPDX-License-Identifier: MIT
#include "../support/pass_matrices.hpp"
#include <outthink/kernels/agreement_groups.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

using outthink::kernels::agreement_groups;

namespace {

struct grouping {
  std::vector<std::uint32_t> groups, sizes;
  std::size_t count;
};

grouping group(const outthink::kernels::pass_matrix& matrix) {
  grouping g{std::vector<std::uint32_t>(matrix.solutions, 99),
             std::vector<std::uint32_t>(matrix.solutions, 99), 0};
  std::vector<std::uint32_t> scratch(outthink::kernels::agreement_scratch(matrix.solutions));
  g.count = agreement_groups(matrix, g.groups, g.sizes, scratch);
  return g;
}

}  // namespace

TEST_CASE("agreement_groups names the first solution that passes the same tests") {
  const outthink::test::owned_passes matrix({"110", "011", "110", "000", "011", "110"});
  const grouping g = group(matrix.view());
  CHECK(g.groups == std::vector<std::uint32_t>{0, 1, 0, 3, 1, 0});
  CHECK(g.sizes == std::vector<std::uint32_t>{3, 2, 3, 1, 2, 3});
  CHECK(g.count == 3);
}

TEST_CASE("agreement_groups agrees with comparing all rows") {
  for (std::size_t solutions = 0; solutions <= 67; ++solutions) {
    for (const std::size_t tests : {1U, 3U, 64U, 65U, 200U}) {
      const auto matrix =
          outthink::test::random_passes(static_cast<unsigned>(solutions), solutions, tests);
      const grouping g = group(matrix.view());
      const auto& rows = matrix.rows;
      CHECK(g.count == std::set<std::string>(rows.begin(), rows.end()).size());
      for (std::size_t i = 0; i < solutions; ++i) {
        CHECK(g.groups[i] == std::find(rows.begin(), rows.end(), rows[i]) - rows.begin());
        CHECK(g.sizes[i] == std::count(rows.begin(), rows.end(), rows[i]));
      }
    }
  }
}

TEST_CASE("agreement_groups: all different, all equal, and without tests all agree") {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < 300; ++i) {
    rows.emplace_back(300, '0');
    rows.back()[i] = '1';
  }
  CHECK(group(outthink::test::owned_passes(rows).view()).count == 300);
  CHECK(group(outthink::test::owned_passes(std::vector<std::string>(50, "101")).view()).sizes ==
        std::vector<std::uint32_t>(50, 50));
  const grouping g = group({{}, 4, 0});
  CHECK(g.groups == std::vector<std::uint32_t>(4, 0));
  CHECK(g.count == 1);
}
