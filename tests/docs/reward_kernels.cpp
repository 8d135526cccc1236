// SPDX-License-Identifier: MIT
// The snippets of docs/reference/reward_kernels.md.
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/softmax_allocation.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("the page on reward kernels: a round of REBASE") {
  const std::vector<float> scores{0.9F, 0.7F, 0.5F, 0.1F};
  std::vector<std::uint32_t> counts(scores.size());
  std::vector<std::size_t> order(scores.size());
  std::vector<double> scratch(scores.size());
  outthink::kernels::softmax_allocation(scores, 0.2F, 16, counts, order, scratch);
  CHECK(counts == std::vector<std::uint32_t>{11, 4, 1, 0});
}

TEST_CASE("the page on reward kernels: pass@k of several problems") {
  const std::vector<std::uint64_t> right{3, 0, 10};  // of 10 samples of each problem
  double mean = 0;
  for (const std::uint64_t c : right) mean += outthink::kernels::pass_at_k(10, c, 5) / 3;
  CHECK(mean == doctest::Approx((0.9166667 + 0 + 1) / 3));
}
