// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/draw_by_rejection.hpp>
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/dynamic_temperature.hpp>
#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/gumbel_max.hpp>
#include <outthink/kernels/log_softmax.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/kernels/min_p.hpp>
#include <outthink/kernels/mirostat.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/softmax.hpp>
#include <outthink/kernels/statistics.hpp>
#include <outthink/kernels/top_k.hpp>
#include <outthink/kernels/top_n_sigma.hpp>
#include <outthink/kernels/top_p.hpp>
#include <outthink/kernels/typical.hpp>
#include <outthink/kernels/xtc.hpp>

#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace outthink;
using kernels::bfloat16;
using kernels::half;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

static_assert(kernels::logit_row<std::vector<float>>);
static_assert(kernels::logit_row<std::span<float>>);
static_assert(kernels::logit_row<std::span<const half>>);
static_assert(kernels::logit_row<std::array<bfloat16, 3>>);
static_assert(kernels::logit_row<bfloat16[3]>);
static_assert(!kernels::logit_row<std::vector<double>>);
static_assert(!kernels::logit_row<std::vector<std::uint16_t>>);

namespace {

/// The bits of results in the order in which they came; of NaN only that it is NaN.
class results {
 public:
  void add(double x) { bits_.push_back(std::bit_cast<std::uint64_t>(x == x ? x : std::nan(""))); }
  void add(float x) { add(static_cast<double>(x)); }
  void add(std::size_t x) { bits_.push_back(x); }
  void add(const kernels::truncation& t) {
    add(t.threshold);
    add(std::size_t{t.last});
  }
  void add(const kernels::band& b) {
    add(b.floor);
    add(b.ceiling);
    add(std::size_t{b.first});
  }
  void add(std::span<const float> row) {
    for (const float x : row) add(x);
  }
  void add(std::span<const kernels::token_logit> ranked) {
    for (const kernels::token_logit& t : ranked) {
      add(std::size_t{t.token});
      add(t.logit);
    }
  }
  bool operator==(const results&) const = default;

 private:
  std::vector<std::uint64_t> bits_;
};

template <class Row>
void add_measures(const Row& row, std::size_t size, results& all) {
  all.add(kernels::argmax(row).token);
  all.add(kernels::argmax(row).logit);
  all.add(kernels::logsumexp(row));
  all.add(kernels::entropy(row).entropy);
  all.add(kernels::entropy(row).varentropy);
  all.add(kernels::dynamic_temperature(row, {}));
  std::vector<float> output(size);
  kernels::softmax(row, output, 0.7F);
  all.add(output);
  kernels::log_softmax(row, output);
  all.add(output);
  std::array<kernels::token_logit, 20> likeliest{};
  const std::array<std::uint32_t, 1> token{static_cast<std::uint32_t>(size / 2)};
  std::array<float, 1> logprob{};
  const auto s =
      kernels::statistics(row, likeliest, std::span(token).first(size > 0 ? 1 : 0), logprob);
  for (const double x : {static_cast<double>(s.largest), s.logsumexp, s.entropy, s.confidence,
                         s.self_certainty, static_cast<double>(logprob[0])})
    all.add(x);
  all.add(std::span<const kernels::token_logit>(likeliest).first(s.likeliest));
  for (const std::size_t k : {std::size_t{7}, std::size_t{600}}) {
    std::vector<kernels::token_logit> largest(k);
    all.add(std::span<const kernels::token_logit>(largest).first(kernels::top_k(row, largest)));
  }
}

template <class Row>
void add_truncations(const Row& row, results& all) {
  all.add(kernels::top_p(row, 0.9));
  all.add(kernels::top_n_sigma(row, 1));
  const kernels::band typical = kernels::typical(row, 0.6);
  all.add(typical);
  const kernels::band without_top = kernels::xtc(row, {.threshold = 0.05}, 0.1);
  all.add(without_top);
  all.add(kernels::draw_kept(row, typical, 0.8F, 0.6));
  all.add(kernels::draw_kept(row, without_top, 0.8F, 0.6));
  for (const auto version : {kernels::mirostat_version::one, kernels::mirostat_version::two}) {
    kernels::mirostat_state state{.version = version, .limit = 3};
    all.add(kernels::mirostat(row, state));
    all.add(kernels::mirostat_draw(row, state, 0.9F, 0.7));
    all.add(state.limit);
  }
}

template <class Row>
void add_draws(const Row& row, std::size_t size, results& all) {
  const std::vector<std::uint32_t> allowed(size / 32 + 1, 0xdb6db6dbU);
  for (const double u : {0.05, 0.5, 0.95}) {
    for (const float temperature : {0.0F, 0.8F}) {
      all.add(kernels::draw(row, temperature, u));
      all.add(kernels::draw_by_rejection(row, temperature, u));
      all.add(kernels::gumbel_max(row, temperature, std::bit_cast<std::uint64_t>(u)));
      all.add(kernels::min_p_draw(row, 0.1, temperature, u));
      all.add(kernels::top_p_draw(row, 0.8, temperature, u));
    }
    for (const std::uint32_t k : {0U, 40U}) {
      const auto drawn =
          kernels::sample(row, {.allowed = allowed, .top_k = k, .top_p = 0.95, .min_p = 0.01}, u);
      all.add(drawn.token);
      all.add(drawn.logprob);
    }
  }
}

/// What every kernel makes of a row.
template <class Row>
results everything(const Row& row, std::size_t size) {
  results all;
  add_measures(row, size, all);
  add_truncations(row, all);
  add_draws(row, size, all);
  return all;
}

/// Rows of every kind, and numbers that need care when they are widened.
std::vector<std::vector<float>> rows_to_narrow(std::size_t size) {
  std::vector<std::vector<float>> rows = test::rows_of(size);
  rows.emplace_back(size, minus_inf);
  rows.emplace_back(size, not_a_number);
  std::vector<float> small(size);  // denormal as halves, some as bfloat16s
  for (std::size_t i = 0; i < size; ++i)
    small[i] = (i % 2 == 0 ? 3e-7F : -4e-39F) * static_cast<float>(i % 9);
  rows.push_back(small);
  for (const float odd : {plus_inf, not_a_number}) {
    if (size == 0) continue;
    rows.push_back(test::flat_row(size, 3));
    rows.back()[size - 1] = odd;
  }
  return rows;
}

}  // namespace

TEST_CASE_TEMPLATE("every logit kernel gives, bit for bit, what it gives on the widened row",
                   Narrow, bfloat16, half) {
  test::for_each_target([] {
    for (const std::size_t size : test::sizes({0,  1,  2,  3,  4,  5,  7,  8,   9,   15,   16,
                                               17, 31, 33, 63, 64, 65, 67, 255, 273, 1041, 2500})) {
      for (const std::vector<float>& row : rows_to_narrow(size)) {
        std::vector<Narrow> narrow(size + 1);  // one more, so that rows start at odd addresses
        std::vector<float> wide(size);
        for (std::size_t i = 0; i < size; ++i) {
          narrow[i + 1] = Narrow::nearest(row[i]);
          wide[i] = static_cast<float>(narrow[i + 1]);
        }
        const std::span<const Narrow> shifted = std::span<const Narrow>(narrow).subspan(1);
        CAPTURE(size);
        const bool same = everything(shifted, size) == everything(wide, size);
        CHECK_FALSE(test::wide_registers_in_use());
        CHECK(same);
      }
    }
  });
}
