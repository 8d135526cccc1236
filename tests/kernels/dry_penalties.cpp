// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/dry_penalties.hpp>
#include <outthink/kernels/sample.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <vector>

using namespace outthink;
using kernels::dry_options;
using kernels::dry_penalties;
using kernels::dry_workspace;
using kernels::token_bias;

namespace {

using tokens = std::vector<std::uint32_t>;

bool contains(std::span<const std::uint32_t> all, std::uint32_t token) {
  return std::find(all.begin(), all.end(), token) != all.end();
}

/// By the definition, comparing every earlier place with the end.
std::map<std::uint32_t, double> reference(const tokens& text, const dry_options& options) {
  std::map<std::uint32_t, double> penalties;
  for (std::size_t next = 1; next < text.size(); ++next) {
    std::size_t length = 0;
    while (length < next && text[next - 1 - length] == text[text.size() - 1 - length] &&
           !contains(options.breakers, text[next - 1 - length])) {
      ++length;
    }
    if (length == 0 || length < options.allowed_length) continue;
    if (contains(options.breakers, text[next])) continue;
    const double penalty =
        static_cast<double>(options.multiplier) *
        std::pow(static_cast<double>(options.base),
                 static_cast<double>(length) - static_cast<double>(options.allowed_length));
    penalties[text[next]] = std::max(penalties[text[next]], penalty);
  }
  return penalties;
}

/// Probabilities of equally likely tokens after the penalties.
std::vector<double> after(const tokens& text, const dry_options& options, std::size_t vocabulary) {
  dry_workspace room(text.size());
  std::vector<float> row(vocabulary, 0.0F);
  for (const token_bias& b : dry_penalties(text, options, room)) row[b.token] += b.bias;
  return test::probabilities_of(row);
}

}  // namespace

TEST_CASE("dry_penalties gives the probabilities of the published examples") {
  const auto check = [](const std::vector<double>& found, const std::vector<double>& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-5));
  };
  dry_options options{.multiplier = 1, .base = 1.1F, .allowed_length = 2};
  check(after({0, 1}, options, 4), {.25, .25, .25, .25});
  check(after({0, 1, 2, 0, 1}, options, 4), {.296923, .296923, .109232, .296923});
  const tokens breakers{3};
  options.breakers = breakers;
  check(after({0, 1, 3, 4, 0, 1}, options, 5), {.2, .2, .2, .2, .2});
  options = {.multiplier = 2, .base = 1.1F, .allowed_length = 2};
  check(after({0, 1, 2, 0, 1}, options, 5), {.241818, .241818, .032727, .241818, .241818});
  options = {.multiplier = 1, .base = 1.1F, .allowed_length = 4};
  check(after({0, 1, 2, 3, 4, 0, 1}, options, 5), {.2, .2, .2, .2, .2});
}

TEST_CASE("dry_penalties agrees with the definition for texts that repeat themselves") {
  std::mt19937 random(7);
  dry_workspace room(200);
  int found = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    tokens text(random() % 60), breakers;
    const auto letter = [&random](std::size_t count) {
      return static_cast<std::uint32_t>(10 + random() % count);
    };
    const std::size_t letters = 1 + random() % 4;
    for (std::uint32_t& token : text) token = letter(letters);
    for (std::size_t i = random() % 3; i > 0; --i) breakers.push_back(letter(5));
    const dry_options options{
        .multiplier = 0.5F, .base = 1.25F, .allowed_length = random() % 4, .breakers = breakers};
    const auto expected = reference(text, options);
    const auto penalties = dry_penalties(text, options, room);
    REQUIRE(penalties.size() == expected.size());
    std::size_t i = 0;
    for (const auto& [token, penalty] : expected) {
      CHECK(penalties[i].token == token);
      CHECK(static_cast<double>(-penalties[i].bias) == doctest::Approx(penalty).epsilon(1e-6));
      ++i;
      ++found;
    }
  }
  CHECK(found > 2000);
}

TEST_CASE("dry_penalties of a text that is one token stays finite and takes linear time") {
  const tokens text(20'000, 5);
  dry_workspace room(text.size());
  const auto penalties = dry_penalties(text, {}, room);
  REQUIRE(penalties.size() == 1);
  CHECK(penalties[0] == token_bias{5, std::numeric_limits<float>::lowest()});
}

TEST_CASE("dry_penalties of nothing to penalise is empty") {
  dry_workspace room(10);
  CHECK(dry_penalties(tokens{}, {}, room).empty());
  CHECK(dry_penalties(tokens{3}, {}, room).empty());
  CHECK(dry_penalties(tokens{1, 2, 3, 4}, {}, room).empty());
  CHECK(dry_penalties(tokens{1, 2, 1, 2}, {.multiplier = 0}, room).empty());
  const tokens breakers{2};
  CHECK(dry_penalties(tokens{1, 2, 3, 1, 2}, {.breakers = breakers}, room).empty());
}

TEST_CASE("sample takes the penalties as its bias") {
  const tokens text{0, 1, 2, 0, 1};
  dry_workspace room(text.size());
  std::vector<float> row{0, 0, 1, 0};
  kernels::sample_workspace workspace;
  kernels::sample_options options{.temperature = 0};
  CHECK(kernels::sample(row, options, 0.5, workspace).token == 2);
  options.bias = dry_penalties(text, {.multiplier = 1.5F}, room);
  CHECK(kernels::sample(row, options, 0.5, workspace).token == 0);
}
