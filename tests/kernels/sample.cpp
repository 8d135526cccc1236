// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "chain_reference.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/sample.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::no_token;
using kernels::sample;
using kernels::sample_options;
using kernels::sample_workspace;
using kernels::token_bias;
using kernels::token_count;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

// As for top_p: closer than this to a step, rounding decides.
constexpr double kMargin = 1e-5;

/// Compares with the plain chain; false where rounding decides.
bool check(std::span<float> row, const sample_options& options, double uniform,
           sample_workspace& workspace) {
  const std::vector<float> before(row.begin(), row.end());
  const auto found = sample(row, options, uniform, workspace, true);
  if (options.bias.empty() && options.penalties.seen.empty())
    CHECK(sample(std::span<const float>(row), options, uniform).token == found.token);
  CHECK_FALSE(test::wide_registers_in_use());
  CHECK(std::equal(row.begin(), row.end(), before.begin()));
  double margin = 0;
  const auto kept = test::truncated(test::changed(before, options), options, margin);
  const auto p = test::probabilities_of(kept, static_cast<double>(options.temperature));
  const auto expected = test::invert(p, uniform);
  if (margin < kMargin || expected.margin < kMargin) return false;
  CHECK(found.token == expected.token);
  CHECK(std::fabs(static_cast<double>(found.logprob) - std::log(p[expected.token])) <= 2e-5);
  const double raw = static_cast<double>(before[expected.token]) - test::logsumexp_of(before);
  CHECK(std::fabs(found.raw_logprob - raw) <= 2e-5 + 1e-6 * std::fabs(raw));
  return true;
}

std::vector<sample_options> all_chains() {
  std::vector<sample_options> chains;
  for (const std::uint32_t k : {0U, 1U, 40U, 600U}) {
    for (const double p : {1.0, 0.9012}) {
      for (const double min_p : {0.0, 0.0512}) {
        for (const bool first : {false, true})
          chains.push_back({.top_k = k,
                            .top_p = p,
                            .min_p = min_p,
                            .temperature = 0.75F,
                            .temperature_first = first});
      }
    }
  }
  return chains;
}

}  // namespace

TEST_CASE("sample agrees with a plain chain at every size and alignment") {
  for_each_target([] {
    sample_workspace workspace;
    random_stream random({.key = 1, .place = 2});
    int compared = 0, all = 0;
    std::size_t all_rows = 0;
    const auto chains = all_chains();
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL || test::largest_of(row) > 1e20) continue;
        test::shifted_row shifted(row, size % 17);
        // All chains at the small sizes, each at every eighth of the larger ones, in turn.
        const std::size_t step = size > 130 ? 8 : 1;
        for (std::size_t c = all_rows++ % step; c < chains.size(); c += step) {
          compared += check(shifted.span(), chains[c], random.uniform(), workspace) ? 1 : 0;
          ++all;
        }
      }
    }
    CHECK(compared > all * 8 / 10);  // ties make many steps of equal height
  });
}

TEST_CASE("sample applies bias, mask and penalties, and restores the logits") {
  for_each_target([] {
    sample_workspace workspace(200);
    random_stream random({.key = 3, .place = 4});
    int compared = 0;
    for (const std::size_t size : test::sizes({70, 1000, 5003})) {
      std::vector<float> row = test::flat_row(size, 11);
      std::vector<token_bias> bias;
      std::vector<token_count> seen;
      std::vector<std::uint32_t> allowed((size + 31) / 32);
      for (std::uint32_t i = 0; i < 60; ++i) {
        bias.push_back({i, i % 7 == 0 ? minus_inf : 0.25F * static_cast<float>(i % 5)});
        seen.push_back({i + 5, 1 + i % 4});  // most of them biased as well
      }
      bias.push_back({3, 8});  // twice the same token
      for (auto& word : allowed) word = static_cast<std::uint32_t>(random.uniform() * 0x1p32);
      for (auto options : all_chains()) {
        options.bias = bias;
        options.penalties = {.repetition = 1.3F, .presence = 0.4F, .frequency = 0.2F, .seen = seen};
        compared += check(row, options, random.uniform(), workspace) ? 1 : 0;
        options.allowed = allowed;
        compared += check(row, options, random.uniform(), workspace) ? 1 : 0;
      }
    }
    CHECK(compared > 150);
  });
}

TEST_CASE("sample of a vocabulary agrees with a plain chain") {
  for_each_target([] {
    sample_workspace workspace;
    random_stream random({.key = 5, .place = 6});
    for (std::vector<float> row : {test::peaked_row(151'936, 3), test::flat_row(32'000, 3)}) {
      for (const sample_options& options :
           {sample_options{.top_k = 40, .top_p = .95, .min_p = .05, .temperature = .8F},
            sample_options{.top_k = 512}, sample_options{.min_p = .01, .temperature = 2}}) {
        int compared = 0;
        for (int i = 0; i < 5; ++i)
          compared += check(row, options, random.uniform(), workspace) ? 1 : 0;
        CHECK(compared >= 4);
      }
    }
  });
}

// Fixed seed; with a random one each check would fail once in 10^6.
TEST_CASE("sample has the frequencies of the truncated distribution") {
  for_each_target([] {
    std::vector<float> row;
    for (int i = 0; i < 60; ++i) row.push_back(0.0631F * static_cast<float>(i * i % 61));
    const sample_options options{.top_k = 20, .top_p = .9, .min_p = .05, .temperature = .8F};
    sample_workspace workspace;
    double margin = 0;
    const auto p = test::probabilities_of(test::truncated(row, options, margin), 0.8);
    CHECK(margin > kMargin);
    random_stream random({.key = 7, .place = 8});
    std::vector<std::uint64_t> counts(row.size());
    for (int i = 0; i < 30'000; ++i)
      ++counts[sample(row, options, random.uniform(), workspace).token];
    CHECK(test::chi_square_fit(counts, p) > 1e-6);
  });
}

TEST_CASE("sample takes the largest allowed logit at temperature 0") {
  for_each_target([] {
    sample_workspace workspace;
    std::vector<float> row = test::flat_row(700, 3);
    row[600] = 30;
    row[601] = 29;
    std::vector<std::uint32_t> allowed(22, ~0U);
    CHECK(sample(row, {.temperature = 0}, 0.5, workspace).token == 600);
    CHECK(sample(row, {.temperature = 0}, 0.5, workspace).logprob == 0);
    allowed[600 / 32] &= ~(1U << 600 % 32);
    CHECK(sample(row, {.allowed = allowed, .temperature = 0}, 0.5, workspace).token == 601);
  });
}

TEST_CASE("sample of rows that have nothing to give, or one token alone") {
  for_each_target([] {
    sample_workspace workspace;
    const std::vector<std::uint32_t> none(22, 0);
    for (const auto& options : all_chains()) {
      std::vector<float> empty, masked(700, minus_inf), undefined(700, not_a_number);
      CHECK(sample(empty, options, 0.5, workspace).token == no_token);
      CHECK(sample(masked, options, 0.5, workspace, true).token == no_token);
      CHECK(sample(undefined, options, 0.5, workspace).token == no_token);
      masked[500] = -1e30F;
      CHECK(sample(masked, options, 0.999, workspace).token == 500);
      CHECK(sample(masked, options, 0.999, workspace).logprob == 0);
      undefined[500] = 2;
      CHECK(sample(undefined, options, 0.999, workspace).token == 500);
      masked[600] = plus_inf;
      CHECK(sample(masked, options, 0.5, workspace).token == 600);
      std::vector<float> flat = test::flat_row(700, 1);
      auto forbidden = options;
      forbidden.allowed = none;
      CHECK(sample(flat, forbidden, 0.5, workspace).token == no_token);
    }
  });
}
