// SPDX-License-Identifier: MIT
#include "../../support/sanitized.hpp"
#include "random_model.hpp"
#include "reference_model.hpp"
#include <outthink/backends/transformer.hpp>
#include <outthink/backends/transformer/forward.hpp>
#include <outthink/kernels/simd/target.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace {

using outthink::advance_row;
using outthink::sequence_id;
using outthink::token_id;
using outthink::backends::transformer;
using outthink::kernels::simd_target;
using outthink::test::model_shape;
using outthink::test::random_model;
using outthink::test::reference_model;
using outthink::test::sanitized;
using outthink::test::temporary_file;

/// Limits the instruction set for as long as it lives.
struct target_limit {
  explicit target_limit(simd_target widest) { outthink::kernels::limit_target(widest); }
  target_limit(const target_limit&) = delete;
  target_limit& operator=(const target_limit&) = delete;
  ~target_limit() { outthink::kernels::limit_target(simd_target::avx512); }
};

std::vector<token_id> random_tokens(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<token_id> any(0, 259);
  std::vector<token_id> tokens(count);
  for (token_id& t : tokens) t = any(generator);
  return tokens;
}

/// Logits after `tokens`, given to a new sequence `chunk` at a time.
std::vector<float> logits_of(transformer& model, std::span<const token_id> tokens,
                             std::size_t chunk) {
  std::vector<float> logits(model.vocabulary_size());
  const sequence_id s = model.open();
  for (std::size_t i = 0; i < tokens.size(); i += chunk) {
    const advance_row row{s, tokens.subspan(i, std::min(chunk, tokens.size() - i))};
    model.advance({&row, 1}, logits);
  }
  model.release(s);
  return logits;
}

/// The largest difference to the reference at several lengths up to `most`.
double largest_error(const model_shape& shape, std::size_t most) {
  const random_model written(shape);
  const temporary_file file(written.bytes());
  auto model = transformer::load(file.path());
  const auto tokens = random_tokens(most, 7);
  double largest = 0;
  for (const std::size_t length :
       {std::size_t{1}, std::size_t{2}, std::size_t{16}, std::size_t{17}, most}) {
    const auto prefix = std::span(tokens).first(std::min(length, most));
    const auto logits = logits_of(model, prefix, prefix.size());
    const auto expected = reference_model(written).logits(prefix);
    for (std::size_t i = 0; i < expected.size(); ++i)
      largest = std::max(largest, std::fabs(static_cast<double>(logits[i]) - expected[i]));
  }
  return largest;
}

/// Shapes that leave every kind of remainder, and one of the shipped models' size.
std::vector<model_shape> shapes() {
  return {{},
          {.width = 128, .hidden = 352, .layers = 4, .heads = 4, .kv_heads = 4, .context = 256},
          {.width = 96, .hidden = 160, .heads = 6, .kv_heads = 2, .context = 128, .tied = false},
          {.width = 60, .hidden = 37, .heads = 3, .kv_heads = 1, .rotated = 10, .rope_base = 500},
          {.width = 34, .hidden = 1, .layers = 1, .heads = 1, .kv_heads = 1, .tied = false},
          {.width = 130, .hidden = 131, .layers = 3, .heads = 5, .kv_heads = 5, .epsilon = 0.01F}};
}

}  // namespace

TEST_CASE("a transformer's logits agree with a naive double-precision reference") {
  for (model_shape shape : shapes()) {
    CAPTURE(shape.width);
    CHECK(largest_error(shape, 40) < 5e-5);
    shape.type = 1;
    CHECK(largest_error(shape, 40) < 5e-5);
  }
  for (const std::uint32_t kv_heads : {1U, 2U, 4U})
    CHECK(largest_error({.width = 64, .hidden = 96, .heads = 4, .kv_heads = kv_heads, .type = 8},
                        40) < 5e-5);
}

TEST_CASE("every instruction set of this machine agrees with the reference") {
  for (const auto target : {simd_target::baseline, simd_target::avx2, simd_target::avx512}) {
    const target_limit limit(target);
    CAPTURE(static_cast<int>(target));
    for (const model_shape& shape : shapes()) CHECK(largest_error(shape, 33) < 5e-5);
  }
}

TEST_CASE("a sequence as long as its context agrees with the reference") {
  CHECK(largest_error({.context = 300}, 300) < 5e-5);
}

TEST_CASE("a row's logits are the same bits however its tokens are cut into calls") {
  for (const auto target : {simd_target::baseline, simd_target::avx2, simd_target::avx512}) {
    const target_limit limit(target);
    for (const model_shape& shape : shapes()) {
      const random_model written(shape);
      const temporary_file file(written.bytes());
      auto model = transformer::load(file.path());
      const auto tokens = random_tokens(50, 3);
      const auto whole = logits_of(model, tokens, tokens.size());
      // 1, 13, 25, 37 and 49 tokens, or all numbers
      for (std::size_t chunk = 1; chunk < tokens.size(); chunk += sanitized ? 12 : 1)
        REQUIRE(logits_of(model, tokens, chunk) == whole);
    }
  }
}

TEST_CASE("a row's logits are the same bits in every batch and for any number of threads") {
  const random_model written(
      {.width = 60, .hidden = 70, .heads = 3, .kv_heads = 3, .context = 400});
  const temporary_file file(written.bytes());
  auto alone = transformer::load(file.path());
  for (const int threads : {1, 2, 3, 7}) {
    auto model = transformer::load(file.path(), {.threads = threads});
    for (const std::size_t batch : {1U, 2U, 7U, 64U, 200U}) {
      if (sanitized && batch > 7) continue;
      std::vector<std::vector<token_id>> texts;
      std::vector<advance_row> rows;
      for (std::size_t i = 0; i < batch; ++i)  // lengths 1 to 17, and one of 300 that spans tiles
        texts.push_back(random_tokens(i == batch / 2 ? 300 : 1 + i % 17, static_cast<unsigned>(i)));
      for (const auto& text : texts) rows.push_back({model.open(), text});
      std::vector<float> logits(batch * model.vocabulary_size());
      model.advance(rows, logits);
      for (std::size_t i = 0; i < batch; ++i) {
        const auto expected = logits_of(alone, texts[i], texts[i].size());
        const auto row = std::span(logits).subspan(i * expected.size(), expected.size());
        REQUIRE(std::equal(row.begin(), row.end(), expected.begin()));
        model.release(rows[i].sequence);
      }
    }
  }
}
