// SPDX-License-Identifier: MIT
#include <outthink/analysis/retrieval_law.hpp>

#include <doctest/doctest.h>

#include <vector>

using outthink::retrieval_law;

TEST_CASE("retrieval_law predicts .681457 for 50 documents, 8 examples and 3 rounds") {
  const retrieval_law law{.a = {0.3, 0.1, 0.05}, .b = {0.5, 0.2, 0}, .c = -1.5};
  CHECK(law({50, 8, 3}, {0.4, 0.1, 0}) == doctest::Approx(0.681457).epsilon(1e-6));
}

TEST_CASE("retrieval_law grows with what has weight, and has a value without documents") {
  const retrieval_law law{.a = {0.3, 0, 0}, .b = {0.5, 0, 0}, .c = 0};
  CHECK(law({20, 0, 1}, {0.1, 0, 0}) > law({10, 0, 1}, {0.1, 0, 0}));
  CHECK(law({20, 0, 1}, {0.9, 0, 0}) > law({20, 0, 1}, {0.1, 0, 0}));
  CHECK(law({1, 0, 1}, {0.1, 0, 0}) == doctest::Approx(0.5).epsilon(1e-6));
  const double none = law({0, 0, 1}, {0.1, 0, 0});
  CHECK(none > 0);
  CHECK(none < 0.5);
}

TEST_CASE("best_allocation is the largest prediction within the context, or none") {
  const retrieval_law law{.a = {0.3, 0.1, 0.05}, .b = {0.5, 0.2, 0}, .c = -1.5};
  const std::vector<retrieval_law::three> grid{{10, 0, 1}, {50, 0, 1}, {20, 8, 2}, {50, 8, 4}};
  const auto tokens = [](const retrieval_law::three& amounts) {
    return amounts[2] * (1000 * amounts[0] + 500 * amounts[1]);
  };
  const retrieval_law::three gains{0.4, 0.1, 0};
  CHECK(best_allocation(law, gains, grid, tokens, 1e6) == 3);
  CHECK(best_allocation(law, gains, grid, tokens, 50'000) == 2);
  CHECK(best_allocation(law, gains, grid, tokens, 40'000) == 0);
  CHECK(best_allocation(law, gains, grid, tokens, 9'999) == grid.size());
}
