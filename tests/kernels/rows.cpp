// SPDX-License-Identifier: MIT
#include "logit_rows.hpp"
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/logit_row.hpp>
#include <outthink/kernels/rows.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/softmax.hpp>
#include <outthink/kernels/top_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

using namespace outthink;
using kernels::bfloat16;
using kernels::for_each_row;
using kernels::rows;

static_assert(
    std::is_same_v<decltype(rows(std::declval<std::vector<float>&>(), 1U, 1U)), rows<float>>);
static_assert(std::is_same_v<decltype(rows(std::declval<const std::vector<float>&>(), 1U, 1U)),
                             rows<const float>>);
static_assert(std::is_same_v<decltype(rows(std::declval<std::span<const bfloat16>>(), 1U, 1U, 2U)),
                             rows<const bfloat16>>);

TEST_CASE("rows are the parts of the data that the stride and the vocabulary name") {
  std::vector<int> data(3 * 7 + 5);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<int>(i);
  const rows four(data, 4, 5, 7);
  CHECK(four.size() == 4);
  CHECK(four.vocabulary() == 5);
  for (std::size_t r = 0; r < 4; ++r) {
    CHECK(four[r].size() == 5);
    CHECK(four[r].front() == static_cast<int>(7 * r));
  }
  four[3][4] = -1;
  CHECK(data.back() == -1);
  CHECK(rows(data, 2, 13)[1].front() == 13);
  CHECK(rows(data, 0, 99).size() == 0);
  CHECK(rows(data, 9, 0)[8].empty());
}

TEST_CASE("rows that do not fit the data are refused") {
  const std::vector<float> data(26);
  CHECK_NOTHROW(rows(data, 4, 5, 7));
  CHECK_THROWS_AS(rows(data, 4, 6, 7), outthink::error);
  CHECK_THROWS_AS(rows(data, 5, 5, 7), outthink::error);
  CHECK_THROWS_AS(rows(data, 2, 5, 4), outthink::error);
  CHECK_THROWS_AS(rows(data, 1, 27), outthink::error);
  constexpr std::size_t half = std::numeric_limits<std::size_t>::max() / 2 + 1;
  CHECK_THROWS_AS(rows(data, 3, 1, half), outthink::error);  // 2 · stride is 0 in its type
}

TEST_CASE("for_each_row gives every row what the kernel gives it alone") {
  constexpr std::size_t kRows = 5, kVocabulary = 1000, kStride = 1011;
  const std::vector<float> floats = test::random_floats(kRows * kStride, 3, 3);
  std::vector<bfloat16> data;
  for (const float x : floats) data.push_back(bfloat16::nearest(x));
  const rows logits(data, kRows, kVocabulary, kStride);

  std::vector<std::size_t> largest(kRows), drawn(kRows), sampled(kRows);
  const std::vector<double> uniforms{0, 0.2, 0.4, 0.6, 0.999};
  std::vector<kernels::sample_options> options(kRows);
  for (std::size_t r = 0; r < kRows; ++r) options[r].top_k = static_cast<std::uint32_t>(10 * r);
  std::vector<float> probabilities(kRows * kVocabulary);
  std::vector<kernels::token_logit> ranked(kRows * 7);
  for_each_row([](auto row, std::size_t& token) { token = kernels::argmax(row).token; }, logits,
               largest);
  for_each_row([](auto row, double u, std::size_t& token) { token = kernels::draw(row, 0.8F, u); },
               logits, uniforms, drawn);
  for_each_row([](auto row, const kernels::sample_options& o, double u,
                  std::size_t& token) { token = kernels::sample(row, o, u).token; },
               logits, options, uniforms, sampled);
  for_each_row([](auto row, std::span<float> p) { kernels::softmax(row, p); }, logits,
               rows(probabilities, kRows, kVocabulary));
  for_each_row(
      [](auto row, std::span<kernels::token_logit> k) { CHECK(kernels::top_k(row, k) == 7); },
      logits, rows(ranked, kRows, 7));

  for (std::size_t r = 0; r < kRows; ++r) {
    const auto row = std::span<const bfloat16>(data).subspan(r * kStride, kVocabulary);
    CHECK(largest[r] == kernels::argmax(row).token);
    CHECK(drawn[r] == kernels::draw(row, 0.8F, uniforms[r]));
    CHECK(sampled[r] == kernels::sample(row, options[r], uniforms[r]).token);
    std::vector<float> p(kVocabulary);
    kernels::softmax(row, p);
    CHECK(std::equal(p.begin(), p.end(), probabilities.begin() + std::ptrdiff_t(r * kVocabulary)));
    CHECK(ranked[7 * r].token == largest[r]);
  }
}

TEST_CASE("for_each_row refuses arguments of another number of rows and calls nothing then") {
  const std::vector<float> data(12);
  const rows logits(data, 3, 4);
  int calls = 0;
  const std::vector<double> two(2), three(3);
  CHECK_THROWS_AS(for_each_row([&](auto, double) { ++calls; }, logits, two), outthink::error);
  CHECK_THROWS_AS(
      for_each_row([&](auto, double, auto) { ++calls; }, logits, three, rows(data, 4, 3)),
      outthink::error);
  CHECK(calls == 0);
  for_each_row([&](auto, double) { ++calls; }, logits, three);
  CHECK(calls == 3);
  for_each_row([&](auto) { ++calls; }, rows(data, 0, 4));
  CHECK(calls == 3);
}
