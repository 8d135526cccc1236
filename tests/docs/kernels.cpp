// SPDX-License-Identifier: MIT
// The blocks of docs/reference/logit_kernels.md.
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/bfloat16.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/mirostat.hpp>
#include <outthink/kernels/rows.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/top_n_sigma.hpp>
#include <outthink/kernels/typical.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <vector>

namespace {

std::vector<outthink::kernels::bfloat16> brain_floats(std::initializer_list<float> floats) {
  std::vector<outthink::kernels::bfloat16> narrow;
  for (const float x : floats) narrow.push_back(outthink::kernels::bfloat16::nearest(x));
  return narrow;
}

}  // namespace

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

TEST_CASE("the reference page of the kernels finds the largest of bfloat16s") {
  const std::vector<outthink::kernels::bfloat16> row = brain_floats({0, 1, 2, 3, 4});
  const auto likeliest = outthink::kernels::argmax(row);
  CHECK(likeliest.token == 4);
  CHECK(likeliest.logit == 4);
}

TEST_CASE("the reference page of the kernels draws a token for every row of a batch") {
  const std::vector<float> logits{0, 9, 0, 9, 0, 0};
  const std::vector<double> uniforms{0.5, 0.5};
  std::vector<std::size_t> tokens(2);
  const outthink::kernels::rows batch(logits, 2, 3);  // 2 rows of 3 tokens, one after the other
  outthink::kernels::for_each_row(
      [](auto row, double uniform, std::size_t& token) {
        token = outthink::kernels::draw(row, 0.8F, uniform);
      },
      batch, uniforms, tokens);
  CHECK(tokens == std::vector<std::size_t>{1, 0});
}
