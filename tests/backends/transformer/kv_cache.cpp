// SPDX-License-Identifier: MIT
#include <outthink/backends/transformer/kv_cache.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

namespace {

using outthink::backends::llama::cached_sequence;
using outthink::backends::llama::hyperparameters;
using outthink::backends::llama::kv_cache;
using outthink::backends::llama::page_layout;

constexpr std::size_t page = outthink::kernels::page_tokens;

page_layout small_layout(std::size_t layers = 1) {
  hyperparameters h;
  h.layers = layers;
  h.kv_heads = 1;
  h.head_dim = 2;
  return page_layout(h);
}

/// A sequence whose tokens are numbers, written where the first key of each token lies.
struct tokens {
  cached_sequence cached;
  std::vector<float> expected;
};

std::vector<float*> pages_of(kv_cache& cache, const tokens& t) {
  std::vector<float*> pages(t.cached.length / page + 1);
  cache.list_pages(t.cached, pages.data());
  return pages;
}

void append(kv_cache& cache, tokens& t, const std::vector<float>& more) {
  cache.reserve(kv_cache::pages_to_append(t.cached, more.size()));
  cache.append(t.cached, more.size());
  const auto pages = pages_of(cache, t);
  for (const float token : more) {
    const std::size_t i = t.expected.size();
    pages[i / page][i % page] = token;
    t.expected.push_back(token);
  }
}

bool intact(kv_cache& cache, const tokens& t) {
  const auto pages = pages_of(cache, t);
  for (std::size_t i = 0; i < t.expected.size(); ++i)
    if (pages[i / page][i % page] != t.expected[i]) return false;
  return t.cached.length == t.expected.size();
}

}  // namespace

TEST_CASE("a page layout places layers one after another, values padded to sixteen") {
  hyperparameters h;
  h.layers = 3;
  h.kv_heads = 2;
  h.head_dim = 20;
  const page_layout layout(h);
  CHECK(layout.value_width == 32);
  CHECK(layout.keys(0) == 0);
  CHECK(layout.values(0) == 2 * 16 * 20);
  CHECK(layout.keys(1) == 2 * 16 * (20 + 32));
  CHECK(layout.floats() == 3 * 2 * 16 * (20 + 32));
}

TEST_CASE("random forks, appends and releases keep every sequence intact") {
  std::mt19937 generator(11);
  kv_cache cache(small_layout());
  std::vector<tokens> open(1);
  float next = 1;
  for (int step = 0; step < 20000; ++step) {
    const std::size_t i = generator() % open.size();
    const auto action = generator() % 10;
    if (action < 3 && open.size() < 40) {
      open.push_back({cache.fork(open[i].cached), open[i].expected});
    } else if (action < 5 && open.size() > 1) {
      cache.release(open[i].cached);
      open[i] = open.back();
      open.pop_back();
    } else if (open[i].expected.size() < 100) {
      std::vector<float> more(1 + generator() % (action == 9 ? 40 : 3));
      for (float& token : more) token = next++;
      append(cache, open[i], more);
    }
    if (step % 64 == 0)
      for (const tokens& t : open) REQUIRE(intact(cache, t));
  }
  for (tokens& t : open) cache.release(t.cached);
  CHECK(cache.pages_in_use() == 0);
}

TEST_CASE("two holders of a full page share it, only a third page is new") {
  kv_cache cache(small_layout());
  tokens a;
  append(cache, a, std::vector<float>(2 * page, 1.0F));
  tokens b{cache.fork(a.cached), a.expected};
  CHECK(cache.pages_in_use() == 2);
  append(cache, a, {2});
  append(cache, b, {3});
  CHECK(cache.pages_in_use() == 4);
  CHECK(intact(cache, a));
  CHECK(intact(cache, b));
}

TEST_CASE("a partly filled page is copied only for the second holder that appends") {
  kv_cache cache(small_layout());
  tokens a;
  append(cache, a, {1, 2, 3});
  tokens b{cache.fork(a.cached), a.expected};
  append(cache, a, {4});
  CHECK(cache.pages_in_use() == 1);
  append(cache, b, {5});
  CHECK(cache.pages_in_use() == 2);
  append(cache, b, {6});
  CHECK(cache.pages_in_use() == 2);
  CHECK(intact(cache, a));
  CHECK(intact(cache, b));
}

TEST_CASE("a page that its first holder filled up is copied for the second") {
  kv_cache cache(small_layout());
  tokens a;
  append(cache, a, {1, 2, 3});
  tokens b{cache.fork(a.cached), a.expected};
  append(cache, a, std::vector<float>(2 * page, 7.0F));
  append(cache, b, {5});
  CHECK(intact(cache, a));
  CHECK(intact(cache, b));
}

TEST_CASE("pages_to_append bounds the pages that appending takes") {
  kv_cache cache(small_layout());
  for (std::size_t before = 0; before < 40; ++before)
    for (std::size_t more = 1; more < 40; ++more) {
      tokens a;
      if (before > 0) append(cache, a, std::vector<float>(before, 1.0F));
      tokens b{cache.fork(a.cached), a.expected};
      append(cache, b, {2});
      const std::size_t pages = cache.pages_in_use();
      const std::size_t most = kv_cache::pages_to_append(a.cached, more);
      append(cache, a, std::vector<float>(more, 3.0F));
      REQUIRE(cache.pages_in_use() - pages <= most);
      cache.release(a.cached);
      cache.release(b.cached);
    }
}

TEST_CASE("memory is counted in pages and reused") {
  kv_cache cache(small_layout(5));
  std::vector<tokens> many(200);
  for (tokens& t : many) append(cache, t, {1});
  CHECK(cache.pages_in_use() == 200);
  CHECK(cache.bytes_in_use() == 200 * 5 * 16 * (2 + 16) * sizeof(float));
  std::vector<float*> first = pages_of(cache, many[7]);
  cache.release(many[7].cached);
  many[7] = {};
  append(cache, many[7], {2});
  CHECK(pages_of(cache, many[7]).front() == first.front());
}
