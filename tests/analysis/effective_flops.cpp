// SPDX-License-Identifier: MIT
#include <outthink/analysis/effective_flops.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>

using outthink::effective_flops;
using outthink::sparse_reads;
using outthink::transformer_shape;
using outthink::trial_load;

namespace {

constexpr transformer_shape k8B{
    .parameters = 8e9, .layers = 36, .query_heads = 32, .kv_heads = 8, .head_size = 128};

}  // namespace

TEST_CASE("effective_flops of one and of eight long trials of an 8B model are as published") {
  const auto one = effective_flops(k8B, {.prompt = 512, .generated = 16384});
  CHECK(one.compute / 1e12 == doctest::Approx(346.26).epsilon(1e-4));
  CHECK(one.memory / 1e12 == doctest::Approx(11828.3).epsilon(1e-5));
  CHECK(one.memory / one.total() > 0.97);
  const auto eight = effective_flops(k8B, {.prompt = 512, .generated = 16384, .trials = 8});
  CHECK(eight.compute / 1e12 == doctest::Approx(2770.1).epsilon(1e-4));
  CHECK(eight.memory / 1e12 == doctest::Approx(89756.2).epsilon(1e-5));
}

TEST_CASE("effective_flops is the sum over the tokens that are generated") {
  const double prompt = 100, generated = 400;
  double compute = 0, bytes = 0;
  for (int token = 0; token < 400; ++token) {
    const double context = prompt + token + 0.5;
    compute += 2 * k8B.parameters + 4 * context * k8B.query_heads * k8B.head_size * k8B.layers;
    bytes += 4 * context * k8B.kv_heads * k8B.head_size * k8B.layers;
  }
  const auto made = effective_flops(k8B, {.prompt = prompt, .generated = generated}, 10);
  CHECK(made.compute == doctest::Approx(compute));
  CHECK(made.memory == doctest::Approx(10 * bytes));
}

TEST_CASE("sparse_reads is the sum over tokens of what each can see, up to the budget") {
  for (const double budget : {16.0, 100.0, 250.0, 1e6}) {
    double sum = 0;
    for (int token = 0; token < 400; ++token) sum += std::min(100 + token + 0.5, budget);
    CHECK(sparse_reads({.prompt = 100, .generated = 400}, budget) == doctest::Approx(sum));
  }
}
