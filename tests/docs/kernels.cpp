// SPDX-License-Identifier: MIT
// The blocks of docs/reference/kernels.md.
#include <outthink/kernels/sample.hpp>

#include <doctest/doctest.h>

#include <vector>

TEST_CASE("the reference page of the kernels draws one of the three likeliest tokens") {
  std::vector<float> logits{0, 1, 2, 3, 4};
  outthink::kernels::sample_workspace workspace;
  const outthink::kernels::sample_options options{.top_k = 3, .top_p = 0.95, .temperature = 0.8F};
  const auto drawn = outthink::kernels::sample(logits, options, 0.5, workspace);
  CHECK(drawn.token >= 2);
  CHECK(drawn.token <= 4);
}
