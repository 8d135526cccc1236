// SPDX-License-Identifier: MIT
#include "../support/markov_model.hpp"
#include <outthink/sampling/prefix_cache.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

using outthink::owned_sequence;
using outthink::prefix_cache;
using outthink::token_id;
using outthink::test::markov_model;
using tokens = std::vector<token_id>;

namespace {

tokens read(std::string_view text) {
  tokens out{markov_model::kBegin};
  markov_model{}.tokenize(text, out);
  return out;
}

markov_model erratic() {
  markov_model model;
  model.reads_history = true;
  return model;
}

/// What the model itself says after `text`.
std::vector<float> logits_after(const tokens& text) {
  markov_model model = erratic();
  std::vector<float> logits(markov_model::kVocabulary);
  const outthink::advance_row row{model.open(), text};
  model.advance(std::span(&row, 1), logits);
  return logits;
}

}  // namespace

TEST_CASE("owned_sequence releases its sequence once, when its last owner goes") {
  markov_model model;
  {
    owned_sequence<markov_model> first(model, model.open());
    owned_sequence<markov_model> second = first.fork();
    CHECK(model.sequences.size() == 2);
    owned_sequence<markov_model> moved = std::move(first);
    CHECK(model.sequences.size() == 2);
    second = std::move(moved);
  }
  CHECK(model.sequences.empty());
  CHECK(model.released == 2);
}

TEST_CASE("prefix_cache gives each prefix the logits the model gives it") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 1'000);
  const std::vector<tokens> texts{read("ab"), read("abba"), read("b"), read("ab")};
  const auto found = cache.ensure(texts);
  REQUIRE(found.size() == 4);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(found[i]->text == texts[i]);
    CHECK(found[i]->logits == logits_after(texts[i]));
    CHECK(model.sequences.at(found[i]->sequence.id()) == texts[i]);
  }
  CHECK(found[0] == found[3]);
}

TEST_CASE("prefix_cache evaluates what is new, all of it in one batch, and nothing twice") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 1'000);
  cache.ensure(std::vector<tokens>{read("ab"), read("ba"), read("ab")});
  CHECK(model.batches == std::vector<std::size_t>{2});
  CHECK(model.tokens_read == 6);
  cache.ensure(std::vector<tokens>{read("ab"), read("ba")});
  CHECK(model.batches.size() == 1);
  const auto longer = cache.ensure(std::vector<tokens>{read("abb"), read("ab"), read("baaa")});
  CHECK(model.batches == std::vector<std::size_t>{2, 2});
  CHECK(model.tokens_read == 6 + 1 + 2);
  CHECK(longer[0]->own_tokens == 1);
  CHECK(longer[2]->own_tokens == 2);
  CHECK(longer[2]->logits == logits_after(read("baaa")));
  CHECK(cache.ensure({}).empty());
  CHECK(model.batches.size() == 2);
}

TEST_CASE("prefix_cache forks the longest prefix it knows") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 1'000);
  cache.ensure(std::vector<tokens>{read("a")});
  cache.ensure(std::vector<tokens>{read("aba")});
  cache.ensure(std::vector<tokens>{read("ab")});
  const std::size_t before = model.tokens_read;
  const auto found = cache.ensure(std::vector<tokens>{read("abab")});
  CHECK(model.tokens_read == before + 1);
  CHECK(found[0]->logits == logits_after(read("abab")));
}

TEST_CASE("prefix_cache remembers sequences it is given") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 1'000);
  const tokens text = read("bb");
  std::vector<float> logits(markov_model::kVocabulary);
  for (int again = 0; again < 2; ++again) {
    owned_sequence<markov_model> made(model, model.open());
    const outthink::advance_row row{made.id(), text};
    model.advance(std::span(&row, 1), logits);
    cache.remember(text, std::move(made), logits, text.size());
  }
  CHECK(model.sequences.size() == 1);
  const std::size_t before = model.tokens_read;
  CHECK(cache.ensure(std::vector<tokens>{text})[0]->logits == logits_after(text));
  CHECK(model.tokens_read == before);
}

TEST_CASE("prefix_cache forgets the least recently used half past its capacity") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 12);
  const std::vector<tokens> texts{read("aaa"), read("bbb"), read("aba")};
  for (const tokens& text : texts) cache.ensure(std::vector<tokens>{text});
  cache.trim();
  CHECK(model.sequences.size() == 3);  // 12 tokens: within the capacity
  cache.ensure(std::vector<tokens>{texts[0]});
  cache.ensure(std::vector<tokens>{read("bab")});
  cache.trim();
  CHECK(model.sequences.size() < 4);
  const std::size_t before = model.tokens_read;
  cache.ensure(std::vector<tokens>{read("bab")});
  CHECK(model.tokens_read == before);  // the latest stayed
  cache.ensure(std::vector<tokens>{texts[1]});
  CHECK(model.tokens_read == before + 4);  // the oldest went
}

TEST_CASE("prefix_cache of capacity 0 forgets everything on trim") {
  markov_model model = erratic();
  prefix_cache<markov_model> cache(model, 0);
  cache.ensure(std::vector<tokens>{read("ab")});
  cache.trim();
  CHECK(model.sequences.empty());
  cache.trim();
  CHECK(cache.ensure(std::vector<tokens>{read("abb")})[0]->logits == logits_after(read("abb")));
}

TEST_CASE("prefix_cache releases every sequence it opened") {
  markov_model model;
  {
    prefix_cache<markov_model> cache(model, 20);
    for (int i = 0; i < 50; ++i) {
      cache.trim();
      tokens text = read("a");
      for (int bit = 0; bit < 6; ++bit) text.push_back((i >> bit) % 2 ? 2 : 3);
      cache.ensure(std::vector<tokens>{text});
    }
    CHECK(model.sequences.size() < 12);
  }
  CHECK(model.sequences.empty());
  CHECK(model.released == model.opened());
}

TEST_CASE("prefix_cache is as it was after the model threw") {
  markov_model model = erratic();
  model.context = 4;
  prefix_cache<markov_model> cache(model, 1'000);
  cache.ensure(std::vector<tokens>{read("ab")});
  const std::vector<tokens> too_long{read("a"), read("abbbbb")};
  CHECK_THROWS_AS(cache.ensure(too_long), outthink::error);
  CHECK(model.sequences.size() == 1);
  const auto found = cache.ensure(std::vector<tokens>{read("abb"), read("a")});
  CHECK(found[0]->logits == logits_after(read("abb")));
  CHECK(found[1]->logits == logits_after(read("a")));
}
