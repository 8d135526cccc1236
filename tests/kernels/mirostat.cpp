// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "logit_rows.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/mirostat.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace outthink;
using kernels::mirostat;
using kernels::mirostat_draw;
using kernels::mirostat_state;
using kernels::mirostat_version;
using kernels::no_token;
using kernels::truncation;
using test::for_each_target;
using test::minus_inf;
using test::not_a_number;
using test::plus_inf;

namespace {

/// -log2 p of every token.
std::vector<double> surprises_of(std::span<const float> row, double temperature) {
  std::vector<float> tempered;
  double total = 0;
  const double largest = test::largest_of(row);
  for (const float z : row) total += std::exp((static_cast<double>(z) - largest) / temperature);
  std::vector<double> bits;
  for (const float z : row)
    bits.push_back((std::log(total) - (static_cast<double>(z) - largest) / temperature) /
                   std::log(2.0));
  return bits;
}

/// The paper's k, before rounding.
double zipf_k(std::span<const float> row, const std::vector<std::size_t>& ranked,
              double temperature, double limit) {
  double products = 0, squares = 0;
  for (std::size_t i = 0; i + 1 < std::min<std::size_t>(ranked.size(), 100); ++i) {
    const double t = std::log((static_cast<double>(i) + 2) / (static_cast<double>(i) + 1));
    const double b =
        (static_cast<double>(row[ranked[i]]) - static_cast<double>(row[ranked[i + 1]])) /
        temperature;
    products += t * b;
    squares += t * t;
  }
  const double s = products / squares, epsilon = s - 1;
  const auto vocabulary = static_cast<double>(row.size());
  return std::pow(epsilon * std::exp2(limit) / (1 - std::pow(vocabulary, -epsilon)), 1 / s);
}

std::size_t count_kept(std::span<const float> row, const truncation& kept) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.size(); ++i) count += kept.keeps(row[i], i) ? 1U : 0U;
  return count;
}

}  // namespace

TEST_CASE("mirostat two keeps the tokens within the limit at every size and alignment") {
  for_each_target([] {
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        const double largest = test::largest_of(row);
        if (largest == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        const auto bits = surprises_of(row, 0.75);
        for (const double limit : {-1.0, 0.5, 3.0, 8.0, 20.0}) {
          const truncation kept = mirostat(shifted.span(), {.limit = limit}, 0.75F);
          std::size_t wrong = 0;
          for (std::size_t i = 0; i < size; ++i) {
            if (std::fabs(bits[i] - limit) < 1e-4) continue;  // stated: 1e-5, and z is rounded
            const bool expected = bits[i] <= limit || static_cast<double>(row[i]) == largest;
            wrong += kept.keeps(row[i], i) == expected ? 0U : 1U;
          }
          CHECK(wrong == 0);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

TEST_CASE("mirostat one keeps as many of the likeliest as Zipf's law allows, at every size") {
  for_each_target([] {
    int compared = 0;
    for (const std::size_t size : test::interesting_sizes()) {
      for (const auto& row : test::rows_of(size)) {
        if (test::largest_of(row) == -HUGE_VAL) continue;
        test::shifted_row shifted(row, size % 17);
        const auto ranked = test::ranked_tokens(row);
        for (const double limit : {0.5, 3.0, 8.0}) {
          const double exact = zipf_k(row, ranked, 0.75, limit);
          if (!(std::fabs(exact - std::round(exact)) > 1e-3 * exact)) continue;
          ++compared;
          const auto most = static_cast<double>(ranked.size());
          const auto k = static_cast<std::size_t>(exact > 1 ? std::min(exact, most) : 1);
          const truncation kept =
              mirostat(shifted.span(), {.version = mirostat_version::one, .limit = limit}, 0.75F);
          CHECK(count_kept(row, kept) == k);
          CHECK(kept.keeps(row[ranked[k - 1]], ranked[k - 1]));
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
    CHECK(compared > 700);
  });
}

TEST_CASE("mirostat one finds the exponent and the k of an exact power law") {
  for_each_target([] {
    std::vector<float> row;
    for (int i = 1; i <= 50'000; ++i) row.push_back(static_cast<float>(-1.5 * std::log(i)));
    mirostat_state state{.version = mirostat_version::one, .limit = 5};
    CHECK(zipf_k(row, test::ranked_tokens(row), 1, 5) == doctest::Approx(6.3686).epsilon(1e-4));
    CHECK(mirostat(row, state) == truncation{row[5], 5});
    for (const double limit : {11.0, 16.0}) {  // k above 100, and above 512
      state.limit = limit;
      const double k = zipf_k(row, test::ranked_tokens(row), 1, limit);
      CHECK(k > (limit < 12 ? 100 : 512));
      CHECK(count_kept(row, mirostat(row, state)) == static_cast<std::size_t>(k));
    }
    state.limit = 5;
    CHECK(count_kept(std::vector<float>(40, 2.0F), mirostat(std::vector<float>(40, 2.0F), state)) ==
          1);
    state.limit = 6;
    CHECK(count_kept(std::vector<float>(40, 2.0F), mirostat(std::vector<float>(40, 2.0F), state)) ==
          40);
  });
}

TEST_CASE("mirostat_draw draws within the truncation and corrects the limit by the surprise") {
  for_each_target([] {
    random_stream random({.key = 1, .place = 2});
    for (const auto version : {mirostat_version::one, mirostat_version::two}) {
      for (const std::size_t size : test::sizes({1, 5, 67, 1000, 9000})) {
        const auto row = test::flat_row(size, 3);
        const auto bits = surprises_of(row, 0.8);
        mirostat_state state{.target = 3, .rate = 0.25, .version = version};
        CHECK(state.limit == 6);
        for (int i = 0; i < 20; ++i) {
          const double before = state.limit;
          const truncation kept = mirostat(row, state, 0.8F);
          const std::size_t token = mirostat_draw(row, state, 0.8F, random.uniform());
          REQUIRE(token < size);
          CHECK(kept.keeps(row[token], token));
          CHECK(std::fabs(state.limit - (before - 0.25 * (bits[token] - 3))) <= 1e-5);
        }
        CHECK_FALSE(test::wide_registers_in_use());
      }
    }
  });
}

// The limit stays bounded, so that the mean must come near the target: by (first limit - last
// limit) / (rate · tokens), for every seed.
TEST_CASE("mirostat brings the mean surprise of a text to its target") {
  for_each_target([] {
    random_stream random({.key = 3, .place = 4});
    for (const auto version : {mirostat_version::one, mirostat_version::two}) {
      const auto row = test::flat_row(3000, 3);
      const auto bits = surprises_of(row, 1);
      mirostat_state state{.target = 4, .version = version};
      double sum = 0;
      constexpr int kTokens = 2000;
      for (int i = 0; i < kTokens; ++i) sum += bits[mirostat_draw(row, state, 1, random.uniform())];
      CHECK(std::fabs(sum / kTokens - 4) < 0.1);
    }
  });
}

// Fixed seed; with a random one the check would fail once in 10^6.
TEST_CASE("mirostat_draw has the frequencies of the kept tokens") {
  for_each_target([] {
    const auto row = test::logarithms({.1, .2, .3, .4});  // 3.3, 2.3, 1.7 and 1.3 bits
    random_stream random({.key = 5, .place = 6});
    std::vector<std::uint64_t> counts(row.size());
    for (int i = 0; i < 20'000; ++i) {
      mirostat_state state{.limit = 2};
      ++counts[mirostat_draw(row, state, 1, random.uniform())];
    }
    CHECK(test::chi_square_fit(counts, std::vector<double>{0, 0, 3. / 7, 4. / 7}) > 1e-6);
  });
}

TEST_CASE("mirostat of rows without a distribution leaves its state alone") {
  for_each_target([] {
    for (const auto version : {mirostat_version::one, mirostat_version::two}) {
      mirostat_state state{.version = version};
      std::vector<float> row(700, not_a_number);
      CHECK(mirostat(row, state) == truncation{});
      CHECK(mirostat(std::vector<float>{}, state) == truncation{});
      CHECK(mirostat_draw(row, state, 1, 0.5) == no_token);
      CHECK(mirostat_draw(std::vector<float>(30, minus_inf), state, 1, 0.5) == no_token);
      row[600] = plus_inf;
      CHECK(mirostat(row, state) == truncation{plus_inf, 600});
      CHECK(mirostat_draw(row, state, 1, 0.5) == 600);
      row[600] = 1;
      row[500] = 2;
      CHECK(mirostat_draw(row, state, 0, 0.5) == 500);
      CHECK(state.limit == 10);
      row[500] = minus_inf;
      CHECK(mirostat_draw(row, state, 1, 0.5) == 600);
      CHECK(state.limit == doctest::Approx(10.5));
    }
  });
}
