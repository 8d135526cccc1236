// SPDX-License-Identifier: MIT
// The blocks of docs/reference/logit_kernels.md.
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/mirostat.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/top_n_sigma.hpp>
#include <outthink/kernels/typical.hpp>

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

TEST_CASE("the reference page of the kernels draws from what two truncations keep") {
  const std::vector<float> logits{0, 1, 2, 3, 4};
  const auto kept = stricter(outthink::kernels::typical(logits, 0.9),
                             {outthink::kernels::top_n_sigma(logits, 1)});
  const auto token = outthink::kernels::draw_kept(logits, kept, 0.8F, 0.5);
  CHECK(token >= 3);
  CHECK(token <= 4);
}

TEST_CASE("the reference page of the kernels corrects mirostat's limit") {
  const std::vector<float> logits{0, 1, 2, 3, 4};
  outthink::kernels::mirostat_state state{.target = 4, .rate = 0.1};
  const auto next = outthink::kernels::mirostat_draw(logits, state, 1, 0.5);
  CHECK(next < 5);
  CHECK(state.limit > 8);
}
