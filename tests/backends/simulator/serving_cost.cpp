// SPDX-License-Identifier: MIT
#include <outthink/analysis/effective_flops.hpp>
#include <outthink/backends/simulator/serving_cost.hpp>

#include <doctest/doctest.h>

using outthink::transformer_shape;
using outthink::backends::serving_cost;
using outthink::backends::serving_machine;

namespace {

constexpr transformer_shape k8B{
    .parameters = 8e9, .layers = 36, .query_heads = 32, .kv_heads = 8, .head_size = 128};

}  // namespace

TEST_CASE("serving_cost of a long answer is the published one") {
  // A machine with the intensity of the publication; weights do not count there.
  const double flops = 562.5e12, bytes = 1e12;
  const serving_cost cost{k8B, {.flops_per_second = flops, .bytes_per_second = bytes}};
  const double tokens = 16384, prompt = 512;
  const double weights = tokens * 2 * k8B.parameters / bytes;
  const double seconds = cost.steps_seconds(1, prompt, tokens) - weights;
  const auto published = outthink::effective_flops(
      k8B, {.prompt = prompt, .generated = tokens, .trials = 1}, flops / bytes);
  CHECK(published.total() == doctest::Approx(346.26e12 + 11828.3e12).epsilon(1e-3));
  CHECK(seconds == doctest::Approx(published.total() / flops).epsilon(1e-4));
}

TEST_CASE("serving_cost of many steps is the sum of single ones") {
  const serving_cost cost{k8B, {.step_overhead = 1e-3}};
  double context = 700, sum = 0;
  for (int step = 0; step < 50; ++step) {
    sum += cost.step_seconds(3, context);
    context += 3;
  }
  CHECK(cost.steps_seconds(3, 700, 50) == doctest::Approx(sum).epsilon(1e-12));
  CHECK(cost.steps_seconds(3, 700, 0) == 0);
}

TEST_CASE("serving_cost shares the weights within a batch, and reads a prompt at once") {
  const serving_cost cost{k8B, {}};
  CHECK(cost.step_seconds(64, 0) < 2 * cost.step_seconds(1, 0));
  CHECK(cost.prefill_seconds(1000, 0) < cost.steps_seconds(1, 0, 1000) / 20);
  CHECK(cost.prefill_seconds(100, 5000) > cost.prefill_seconds(100, 0));
  CHECK(cost.prefill_seconds(0, 5000) == 0);
  CHECK(cost.kv_bytes_per_token() == 4.0 * 8 * 128 * 36);
}
