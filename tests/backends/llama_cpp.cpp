// SPDX-License-Identifier: MIT
// Against a library with llama.cpp's interface (llama_cpp/fake_llama.cpp), whose logits are right
// only if every sequence's tokens are in its cache.
#include "llama_cpp/fake_llama.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/llama_cpp.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace outthink;
using backends::llama_cpp;
using backends::llama_cpp_options;

static_assert(token_model<llama_cpp>);

namespace {

constexpr std::size_t kWords = fake_llama::vocabulary;

llama_cpp load(const llama_cpp_options& how = {.cells = 4096, .sequences = 8}) {
  llama_cpp model = llama_cpp::load("toy.gguf", how);
  fake_llama::since_reset() = {};
  return model;
}

/// The logits that must follow, both ends of a text counted as one.
std::vector<float> expected_after(const std::vector<token_id>& tokens) {
  std::vector<float> logits = fake_llama::logits_after(tokens);
  float &end = logits[fake_llama::end_of_text], &turn = logits[fake_llama::end_of_turn];
  end = static_cast<float>(std::log(std::exp(double{end}) + std::exp(double{turn})));
  turn = -std::numeric_limits<float>::infinity();
  return logits;
}

bool close(std::span<const float> a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (a[i] != b[i] && !(std::abs(a[i] - b[i]) < 1e-5F)) return false;
  }
  return true;
}

/// Appends to one sequence; the logits.
std::vector<float> append(llama_cpp& model, sequence_id s, const std::vector<token_id>& tokens) {
  std::vector<float> logits(kWords);
  const advance_row row{s, tokens};
  model.advance(std::span(&row, 1), logits);
  return logits;
}

errc code_of(llama_cpp& model, std::span<const advance_row> rows) {
  std::vector<float> logits(rows.size() * kWords);
  try {
    model.advance(rows, logits);
  } catch (const error& problem) {
    return problem.code();
  }
  FAIL("no error");
  return {};
}

}  // namespace

TEST_CASE("llama_cpp: the logits after a sequence are those of its tokens, however they came") {
  llama_cpp model = load();
  const sequence_id whole = model.open(), parts = model.open();
  CHECK(close(append(model, whole, {1, 2, 3}), expected_after({1, 2, 3})));
  append(model, parts, {1});
  CHECK(close(append(model, parts, {2, 3}), expected_after({1, 2, 3})));
  CHECK(model.sequence_length(parts) == 3);
  CHECK(close(append(model, whole, {4}), expected_after({1, 2, 3, 4})));
}

TEST_CASE("llama_cpp: a fork is a copy of the sequence's identity, and evaluates nothing") {
  llama_cpp model = load();
  const sequence_id first = model.open();
  append(model, first, {1, 2, 3});
  fake_llama::since_reset() = {};
  const sequence_id second = model.fork(first);
  CHECK(fake_llama::since_reset().copies == 1);
  CHECK(fake_llama::used_cells() == 3);
  CHECK(close(append(model, second, {9}), expected_after({1, 2, 3, 9})));
  CHECK(close(append(model, first, {8}), expected_after({1, 2, 3, 8})));
  CHECK(fake_llama::since_reset().evaluated == 2);
  model.release(first);
  CHECK(close(append(model, second, {7}), expected_after({1, 2, 3, 9, 7})));
  model.release(second);
  CHECK(fake_llama::used_cells() == 0);
}

TEST_CASE("llama_cpp: rows share a call of llama.cpp, and more tokens than it takes are cut up") {
  llama_cpp model = load({.cells = 4096, .sequences = 8, .batch = 4});
  const sequence_id a = model.open(), b = model.open(), c = model.open();
  const std::vector<token_id> of_a{1, 2, 3, 4, 5, 6, 7}, of_b{8}, of_c{9, 10};
  const std::vector<advance_row> rows{{a, of_a}, {b, of_b}, {c, of_c}};
  std::vector<float> logits(3 * kWords);
  model.advance(rows, logits);
  CHECK(fake_llama::since_reset().decodes == 3);  // 10 tokens
  CHECK(close(std::span(logits).subspan(0, kWords), expected_after(of_a)));
  CHECK(close(std::span(logits).subspan(kWords, kWords), expected_after(of_b)));
  CHECK(close(std::span(logits).subspan(2 * kWords, kWords), expected_after(of_c)));
}

TEST_CASE("llama_cpp: any number of sequences, of which llama.cpp keeps some") {
  // Two sequences in the cache and few cells: everything is dropped and evaluated again.
  for (const std::uint32_t sequences : {2U, 3U, 8U, 64U}) {
    llama_cpp model = load({.cells = 70, .sequences = sequences, .batch = 16});
    std::map<sequence_id, std::vector<token_id>> known;
    random_stream random({.key = sequences, .place = 0});
    for (int step = 0; step < 300; ++step) {
      const std::uint32_t what = random.below(10);
      if (known.empty() || (what == 0 && known.size() < 40)) {
        known[model.open()];
        continue;
      }
      auto at = known.begin();
      std::advance(at, random.below(static_cast<std::uint32_t>(known.size())));
      if (what < 4 && known.size() < 40) {
        const auto tokens = at->second;
        known[model.fork(at->first)] = tokens;
      } else if (what == 4 || at->second.size() > 20) {
        model.release(at->first);
        known.erase(at);
      } else {
        std::vector<advance_row> rows;
        std::vector<std::vector<token_id>> added(3);
        for (auto& tokens : added) {
          if (at == known.end() || at->second.size() > 20) break;
          for (std::uint32_t i = random.below(3) + 1; i > 0; --i) {
            tokens.push_back(static_cast<token_id>(random.below(50)));
            at->second.push_back(tokens.back());
          }
          rows.push_back({at->first, tokens});
          ++at;
        }
        std::vector<float> logits(rows.size() * kWords);
        model.advance(rows, logits);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          REQUIRE(close(std::span(logits).subspan(i * kWords, kWords),
                        expected_after(known[rows[i].sequence])));
        }
      }
    }
    for (const auto& [s, tokens] : known) {
      CHECK(model.sequence_length(s) == tokens.size());
      model.release(s);
    }
    CHECK(fake_llama::used_cells() == 0);
  }
}

TEST_CASE("llama_cpp: what was dropped is taken from the sequence that begins most alike") {
  llama_cpp model = load({.cells = 4096, .sequences = 2});
  const sequence_id a = model.open();
  append(model, a, {1, 2, 3, 4, 5});
  const sequence_id b = model.fork(a), c = model.fork(b);  // two have room
  fake_llama::since_reset() = {};
  CHECK(close(append(model, a, {6}), expected_after({1, 2, 3, 4, 5, 6})));
  CHECK(close(append(model, b, {7}), expected_after({1, 2, 3, 4, 5, 7})));
  CHECK(close(append(model, c, {8}), expected_after({1, 2, 3, 4, 5, 8})));
  CHECK(fake_llama::since_reset().evaluated == 3);
}

TEST_CASE("llama_cpp: a call that fails leaves every sequence as it was") {
  for (const std::int32_t result : {1, 2, -1, -3}) {
    llama_cpp model = load({.cells = 4096, .sequences = 8, .batch = 2});
    const sequence_id a = model.open(), b = model.open(), fresh = model.open();
    append(model, a, {1, 2});
    append(model, b, {3});
    const std::vector<token_id> more{4, 5, 6};
    const std::vector<advance_row> rows{{a, more}, {b, more}, {fresh, more}};
    fake_llama::fail_decode(3, result);
    if (result == 1) {
      // There is nothing that could be dropped to make room.
      CHECK(code_of(model, rows) == errc::context_full);
    } else {
      CHECK(code_of(model, rows) == errc::service_failed);
    }
    CHECK(model.sequence_length(a) == 2);
    CHECK(model.sequence_length(b) == 1);
    CHECK(model.sequence_length(fresh) == 0);
    CHECK(close(append(model, a, {7}), expected_after({1, 2, 7})));
    CHECK(close(append(model, b, {7}), expected_after({3, 7})));
    CHECK(close(append(model, fresh, {7}), expected_after({7})));
  }
}

TEST_CASE("llama_cpp: wrong calls are clear errors") {
  llama_cpp model = load({.cells = 30, .sequences = 2});
  const sequence_id s = model.open(), t = model.open();
  const std::vector<token_id> one{1}, none, wild{fake_llama::vocabulary}, negative{-1};
  CHECK(code_of(model, std::vector<advance_row>{{s, none}}) == errc::invalid_argument);
  CHECK(code_of(model, std::vector<advance_row>{{s, wild}}) == errc::invalid_argument);
  CHECK(code_of(model, std::vector<advance_row>{{s, negative}}) == errc::invalid_argument);
  CHECK(code_of(model, std::vector<advance_row>{{s, one}, {s, one}}) == errc::invalid_argument);
  CHECK(code_of(model, std::vector<advance_row>{{99, one}}) == errc::invalid_argument);
  CHECK(model.context_length() == 30);
  const std::vector<token_id> many(20, 1), most(31, 1);
  CHECK(code_of(model, std::vector<advance_row>{{s, most}}) == errc::context_full);
  CHECK(code_of(model, std::vector<advance_row>{{s, many}, {t, many}}) == errc::context_full);
  model.release(t);
  CHECK_THROWS_AS(model.release(t), error);
  CHECK_THROWS_AS(static_cast<void>(model.fork(t)), error);
  std::vector<float> small(3);
  const advance_row row{s, one};
  CHECK_THROWS_AS(model.advance(std::span(&row, 1), small), error);
  CHECK_THROWS_AS(static_cast<void>(llama_cpp::load("toy.gguf", {.sequences = 1})), error);
  CHECK_THROWS_WITH_AS(
      static_cast<void>(llama_cpp::load("toy.gguf", {.cells = 10, .sequences = 65})),
      "the model needs something that is not supported: toy.gguf: llama.cpp has no context for it "
      "with 10 cells and 65 sequences",
      error);
  CHECK_THROWS_WITH_AS(static_cast<void>(llama_cpp::load("none.gguf")),
                       "the file could not be read: none.gguf: llama.cpp could not load it", error);
}

TEST_CASE("llama_cpp: texts, tokens and their names") {
  const llama_cpp model = load();
  std::vector<token_id> tokens{5};
  model.tokenize("ab<|turn|>!", tokens);
  std::vector<token_id> expected{5, 'a', 'b', fake_llama::end_of_turn};
  expected.insert(expected.end(), 21, '!');
  CHECK(tokens == expected);
  CHECK(model.text_of('a') == "a");
  CHECK(model.text_of(0) == std::string(1, '\0'));
  CHECK(model.text_of(fake_llama::word) == "a word of more than sixteen bytes");
  CHECK(model.text_of(fake_llama::end_of_turn).empty());
  CHECK(model.token_named("<|turn|>") == fake_llama::end_of_turn);
  CHECK_FALSE(model.token_named("a").has_value());
  CHECK_FALSE(model.token_named("no such token").has_value());
  CHECK(model.begin_of_text() == fake_llama::begin);
  CHECK(model.end_of_text() == fake_llama::end_of_text);
  CHECK(model.flops(2, 3) == 2.0 * 1000 * 2 + 4.0 * 16 * (4 + 5));
  const llama_cpp plain =
      llama_cpp::load("toy.gguf", {.cells = 100, .sequences = 2, .control_tokens = false});
  tokens.clear();
  plain.tokenize("<|turn|>", tokens);
  CHECK(tokens.size() == 8);
}

TEST_CASE(
    "llama_cpp: a search through the decoder gives the same answers with little room as with "
    "much") {
  const std::vector<problem> problems{"p", "question", "what is this?"};
  no_verifier none;
  const solve_options options{.seed = 4, .steps = {.max_tokens = 6, .max_total_tokens = 24}};
  const auto run = [&](const llama_cpp_options& how, decoder_options of_decoder) {
    decoder model{llama_cpp::load("toy.gguf", how), of_decoder};
    std::vector<std::string> texts;
    for (const outcome& one : solve_all(problems, model, beam_search{.width = 2, .expand = 3}, none,
                                        majority_vote{}, options)) {
      CHECK(one.message.empty());
      for (const candidate& made : one.candidates) texts.push_back(made.solution);
    }
    return texts;
  };
  const auto roomy = run({.cells = 60000, .sequences = 64}, {});
  CHECK(roomy.size() > 2);
  CHECK(run({.cells = 200, .sequences = 3}, {.rows = 2}) == roomy);
  CHECK(run({.cells = 2000, .sequences = 64, .batch = 5}, {.rows = 16, .cache_tokens = 10}) ==
        roomy);
}
