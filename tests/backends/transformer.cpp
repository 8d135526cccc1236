// SPDX-License-Identifier: MIT
#include "../support/sanitized.hpp"
#include "transformer/expect_error.hpp"
#include "transformer/random_model.hpp"
#include <outthink/backends/transformer.hpp>
#include <outthink/concepts/token_model.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using outthink::advance_row;
using outthink::errc;
using outthink::sequence_id;
using outthink::token_id;
using outthink::backends::transformer;
using outthink::test::expect_error;
using outthink::test::model_shape;
using outthink::test::random_model;
using outthink::test::sanitized;
using outthink::test::temporary_file;

static_assert(outthink::token_model<transformer>);
static_assert(!std::is_copy_constructible_v<transformer>);
static_assert(std::is_nothrow_move_constructible_v<transformer>);
static_assert(std::is_nothrow_move_assignable_v<transformer>);
static_assert(sizeof(transformer) == sizeof(void*));

transformer random_transformer(const model_shape& shape = {.context = 200}) {
  const temporary_file file(random_model(shape).bytes());
  return transformer::load(file.path());
}

std::vector<float> append(transformer& model, sequence_id s, const std::vector<token_id>& tokens) {
  std::vector<float> logits(model.vocabulary_size());
  const advance_row row{s, tokens};
  model.advance({&row, 1}, logits);
  return logits;
}

std::vector<token_id> counted(std::size_t count, token_id first = 0) {
  std::vector<token_id> tokens(count);
  for (std::size_t i = 0; i < count; ++i) tokens[i] = (first + static_cast<token_id>(i)) % 260;
  return tokens;
}

/// Logits after `tokens` in a sequence that nobody shares.
std::vector<float> fresh(transformer& model, const std::vector<token_id>& tokens) {
  const sequence_id s = model.open();
  auto logits = append(model, s, tokens);
  model.release(s);
  return logits;
}

std::vector<token_id> joined(std::vector<token_id> a, const std::vector<token_id>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("a transformer knows its tokens and sizes") {
  const transformer model =
      random_transformer({.width = 8, .hidden = 12, .layers = 2, .context = 99});
  CHECK(model.vocabulary_size() == 260);
  CHECK(model.context_length() == 99);
  CHECK(model.begin_of_text() == 256);
  CHECK(model.end_of_text() == 257);
  CHECK(model.token_named("<good>") == 258);
  CHECK_FALSE(model.token_named("<ugly>"));
  std::vector<token_id> tokens;
  model.tokenize("4 9\n", tokens);
  CHECK(tokens == std::vector<token_id>{'4', ' ', '9', '\n'});
  CHECK(model.text_of('9') == "9");
  CHECK(model.text_of(256).empty());
  CHECK(model.parameters() == 260 * 8 + 2 * (4 * 64 + 3 * 96 + 2 * 8) + 8);
}

TEST_CASE("flops counts matrices per token and attention per position") {
  const transformer model = random_transformer({.width = 8, .hidden = 12, .layers = 2});
  const double per_token = 2 * (260 * 8 + 2 * (4 * 64 + 3 * 96));
  const double per_position = 4 * 8 * 2;
  CHECK(model.flops(0, 50) == 0);
  CHECK(model.flops(1, 0) == per_token + per_position);
  CHECK(model.flops(1, 9) == per_token + 10 * per_position);
  CHECK(model.flops(3, 2) == 3 * per_token + (3 + 4 + 5) * per_position);
}

TEST_CASE("a fork continues like a fresh sequence of the same tokens, whoever goes first") {
  transformer model = random_transformer();
  for (std::size_t prefix = 0; prefix <= 34; prefix += sanitized ? 17 : 1) {
    const auto shared = counted(prefix, 7);
    const sequence_id parent = model.open();
    if (prefix > 0) append(model, parent, shared);
    const sequence_id first = model.fork(parent);
    const sequence_id second = model.fork(parent);
    for (std::size_t step = 1; step <= 20; ++step) {
      const auto a = counted(step, 50);
      const auto b = counted(step, 90);
      REQUIRE(append(model, first, {a.back()}) == fresh(model, joined(shared, a)));
      REQUIRE(append(model, second, {b.back()}) == fresh(model, joined(shared, b)));
    }
    REQUIRE(append(model, parent, counted(3, 200)) ==
            fresh(model, joined(shared, counted(3, 200))));
    CHECK(model.sequence_length(parent) == prefix + 3);
    CHECK(model.sequence_length(second) == prefix + 20);
    for (const sequence_id s : {first, parent, second}) model.release(s);
    CHECK(model.pages_in_use() == 0);
  }
}

TEST_CASE("forks in one batch, with their parent, do not disturb each other") {
  transformer model = random_transformer();
  const auto shared = counted(21, 3);
  const sequence_id parent = model.open();
  append(model, parent, shared);
  std::vector<std::vector<token_id>> texts;
  for (token_id i = 0; i < 9; ++i)
    texts.push_back(counted(static_cast<std::size_t>(i % 4) + 1, 20 * i));
  std::vector<advance_row> rows = {{parent, texts[0]}};
  for (std::size_t i = 1; i < texts.size(); ++i) rows.push_back({model.fork(parent), texts[i]});
  std::vector<float> logits(rows.size() * 260);
  model.advance(rows, logits);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto expected = fresh(model, joined(shared, texts[i]));
    CHECK(std::equal(expected.begin(), expected.end(),
                     logits.begin() + static_cast<std::ptrdiff_t>(i * 260)));
  }
}

TEST_CASE("a beam stores its prompt once") {
  transformer model = random_transformer();
  const sequence_id root = model.open();
  append(model, root, counted(100));
  CHECK(model.pages_in_use() == 7);
  std::vector<sequence_id> beam;
  for (int i = 0; i < 64; ++i) beam.push_back(model.fork(root));
  CHECK(model.pages_in_use() == 7);
  const std::size_t page_bytes = model.kv_bytes() / 7;
  for (std::size_t i = 0; i < beam.size(); ++i)
    append(model, beam[i], counted(12, static_cast<token_id>(i)));
  CHECK(model.pages_in_use() == 6 + 64);  // each its own seventh page, the first wrote in place
  CHECK(model.kv_bytes() == page_bytes * 70);
  model.release(root);
  CHECK(model.pages_in_use() == 70);
  for (const sequence_id s : beam) model.release(s);
  CHECK(model.pages_in_use() == 0);
}

TEST_CASE("the last holder of a page appends in place") {
  transformer model = random_transformer();
  const sequence_id parent = model.open();
  append(model, parent, counted(20));
  const sequence_id child = model.fork(parent);
  append(model, parent, counted(2));
  model.release(parent);
  append(model, child, counted(1, 5));
  CHECK(model.pages_in_use() == 2);
  CHECK(append(model, child, {9}) == fresh(model, joined(joined(counted(20), counted(1, 5)), {9})));
}

TEST_CASE("sequence numbers are reused after release, never while open") {
  transformer model = random_transformer();
  const sequence_id a = model.open();
  const sequence_id b = model.fork(a);
  CHECK(a != b);
  model.release(a);
  const sequence_id c = model.open();
  CHECK(c == a);
  CHECK(model.sequence_length(c) == 0);
}

TEST_CASE("advance refuses a bad batch as a whole and changes nothing") {
  transformer model = random_transformer({.context = 40});
  const sequence_id good = model.open();
  const sequence_id full = model.open();
  const sequence_id gone = model.open();
  model.release(gone);
  append(model, good, counted(5));
  append(model, full, counted(38));
  const std::size_t pages = model.pages_in_use();
  const std::vector<token_id> one = {1};
  const std::vector<token_id> three = {1, 2, 3};
  const std::vector<token_id> unknown = {1, 260};
  const std::vector<token_id> negative = {-1};
  std::vector<float> logits(2 * 260);
  const auto refuse = [&](errc code, const std::string& part, advance_row second) {
    const std::vector<advance_row> rows = {{good, one}, second};
    expect_error(code, part, [&] { model.advance(rows, logits); });
    CHECK(model.sequence_length(good) == 5);
    CHECK(model.sequence_length(full) == 38);
    CHECK(model.pages_in_use() == pages);
  };
  refuse(errc::context_full, "3 more do not fit into the context of 40", {full, three});
  refuse(errc::invalid_argument, "is twice in the batch", {good, one});
  refuse(errc::invalid_argument, "is not open", {gone, one});
  refuse(errc::invalid_argument, "is not open", {12345, one});
  refuse(errc::invalid_argument, "has a row without tokens", {full, {}});
  refuse(errc::invalid_argument, "has token 260", {full, unknown});
  refuse(errc::invalid_argument, "has token -1", {full, negative});
  const std::vector<advance_row> row = {{good, one}};
  expect_error(errc::invalid_argument, "expected 1 rows of 260",
               [&] { model.advance(row, logits); });
  CHECK(append(model, good, {7}) == fresh(model, joined(counted(5), {7})));
  append(model, full, {1, 2});
  CHECK(model.sequence_length(full) == 40);
  expect_error(errc::context_full, "1 more", [&] { append(model, full, {1}); });
}

TEST_CASE("an empty batch is served") {
  transformer model = random_transformer();
  model.advance({}, {});
  CHECK(model.pages_in_use() == 0);
}

TEST_CASE("forks and releases of closed sequences are refused") {
  transformer model = random_transformer();
  const sequence_id s = model.open();
  model.release(s);
  expect_error(errc::invalid_argument, "is not open", [&] { model.release(s); });
  expect_error(errc::invalid_argument, "is not open", [&] { static_cast<void>(model.fork(s)); });
  expect_error(errc::invalid_argument, "is not open",
               [&] { static_cast<void>(model.sequence_length(s)); });
}

TEST_CASE("a transformer moves with its sequences") {
  transformer model = random_transformer();
  const sequence_id s = model.open();
  append(model, s, counted(5));
  transformer moved = std::move(model);
  CHECK(moved.sequence_length(s) == 5);
  CHECK(append(moved, s, {9}) == fresh(moved, joined(counted(5), {9})));
}

TEST_CASE("thread counts outside of 1 to 256 are refused") {
  const temporary_file file(random_model({}).bytes());
  for (const int threads : {0, -1, 257})
    expect_error(errc::invalid_argument, "transformer_options::threads",
                 [&] { static_cast<void>(transformer::load(file.path(), {.threads = threads})); });
}

TEST_CASE("the shipped models give the logits that PyTorch computed in double precision") {
  const std::filesystem::path root = OUTTHINK_SOURCE_DIR;
  std::ifstream recorded(root / "tests" / "data" / "logits.json");
  REQUIRE(recorded);
  const auto all = nlohmann::json::parse(recorded);
  for (const auto& [name, cases] : all.at("files").items()) {
    auto model = transformer::load((root / "examples" / "models" / name).string());
    CAPTURE(name);
    for (const auto& entry : cases) {
      std::vector<token_id> tokens = {model.begin_of_text()};
      model.tokenize(entry.at("prompt").get<std::string>(), tokens);
      CHECK(tokens == entry.at("tokens").get<std::vector<token_id>>());
      const auto logits = fresh(model, tokens);
      const auto expected = entry.at("logits").get<std::vector<double>>();
      REQUIRE(logits.size() == expected.size());
      double largest = 0;
      for (std::size_t i = 0; i < logits.size(); ++i)
        largest = std::max(largest, std::fabs(static_cast<double>(logits[i]) - expected[i]));
      CHECK(largest < 1e-4);
    }
  }
}
