// SPDX-License-Identifier: MIT
#include <outthink/concepts/sampler.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/sampling/sampler_chain.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <span>
#include <vector>

using outthink::default_sampler;
using outthink::greedy;
using outthink::sampler_chain;
using outthink::sampling_options;

static_assert(outthink::sampler<sampler_chain<>>);

TEST_CASE("sampler_chain runs its stages in order, and none of them for greedy decoding") {
  std::vector<int> order;
  const auto stage = [&order](int id) {
    return [&order, id](std::span<float>, const sampling_options&) { order.push_back(id); };
  };
  sampler_chain chain(stage(1), stage(2), stage(3));
  std::vector<float> logits{0, 0};
  static_cast<void>(chain(logits, {}, 0.5));
  CHECK(order == std::vector<int>{1, 2, 3});
  static_cast<void>(chain(logits, greedy, 0.5));
  CHECK(order.size() == 3);
}

TEST_CASE("sampler_chain draws from what its stages leave, as the options say") {
  const auto forbid_second = [](std::span<float> logits, const sampling_options&) {
    logits[1] = -std::numeric_limits<float>::infinity();
  };
  sampler_chain chain(forbid_second);
  outthink::random_stream random({.key = 8, .place = 9});
  for (int i = 0; i < 100; ++i) {
    const std::vector<float> logits{1, 9, 0.5F, -1};
    const sampling_options options{.temperature = 3, .top_k = i % 2 == 0 ? 2 : 0, .top_p = .9F};
    const double uniform = random.uniform();
    std::vector<float> overwritten = logits;
    const auto token = chain(overwritten, options, uniform);
    CHECK(token == default_sampler{}(overwritten, options, uniform));
    CHECK(token != 1);
    if (options.top_k == 2) CHECK(token != 3);
  }
}

TEST_CASE("sampler_chain without stages is the default sampler") {
  sampler_chain<> chain;
  outthink::random_stream random({.key = 8, .place = 10});
  for (int i = 0; i < 100; ++i) {
    std::vector<float> logits{0, 1, 2, 1.5F};
    const double uniform = random.uniform();
    CHECK(chain(logits, {}, uniform) == default_sampler{}(logits, {}, uniform));
  }
}
