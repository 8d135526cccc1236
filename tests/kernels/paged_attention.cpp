// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/paged_attention.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace {

using outthink::kernels::page_tokens;

/// Random queries, keys and values, the latter two laid out in pages.
struct attention {
  std::size_t heads, kv_heads, head_dim, width, keys;
  std::vector<float> query, key, value;  // [heads][head_dim], [keys][kv_heads][head_dim] twice
  std::vector<std::vector<float>> storage;
  std::vector<const float*> pages;

  attention(std::size_t heads_, std::size_t kv_heads_, std::size_t head_dim_, std::size_t keys_)
      : heads(heads_),
        kv_heads(kv_heads_),
        head_dim(head_dim_),
        width((head_dim_ + 15) / 16 * 16),
        keys(keys_),
        query(outthink::test::random_floats(heads * head_dim, 1, 2)),
        key(outthink::test::random_floats(keys * kv_heads * head_dim, 2, 2)),
        value(outthink::test::random_floats(keys * kv_heads * head_dim, 3)) {
    for (std::size_t p = 0; p * page_tokens < keys; ++p)  // what is not written stays NaN
      storage.emplace_back(kv_heads * page_tokens * (head_dim + width),
                           std::numeric_limits<float>::quiet_NaN());
    for (std::size_t k = 0; k < keys; ++k)
      for (std::size_t h = 0; h < kv_heads; ++h)
        for (std::size_t d = 0; d < head_dim; ++d) {
          auto& page = storage[k / page_tokens];
          const std::size_t slot = k % page_tokens;
          page[(h * head_dim + d) * page_tokens + slot] = key[(k * kv_heads + h) * head_dim + d];
          page[kv_heads * head_dim * page_tokens + (h * page_tokens + slot) * width + d] =
              value[(k * kv_heads + h) * head_dim + d];
        }
    for (const auto& page : storage) pages.push_back(page.data());
  }

  std::vector<float> run() const {
    std::vector<float> output(heads * head_dim + 1, 5.0F);
    std::vector<float> scores(pages.size() * page_tokens);
    outthink::kernels::paged_attention({.query = query.data(),
                                        .pages = pages.data(),
                                        .output = output.data(),
                                        .scores = scores.data(),
                                        .key_offset = 0,
                                        .value_offset = kv_heads * head_dim * page_tokens,
                                        .keys = keys,
                                        .heads = heads,
                                        .kv_heads = kv_heads,
                                        .head_dim = head_dim,
                                        .value_width = width,
                                        .scale = 0.25F});
    return output;
  }

  double expected(std::size_t head, std::size_t d) const {
    const std::size_t shared = head / (heads / kv_heads);
    std::vector<double> weights(keys);
    for (std::size_t k = 0; k < keys; ++k)
      for (std::size_t i = 0; i < head_dim; ++i)
        weights[k] += 0.25 * static_cast<double>(query[head * head_dim + i]) *
                      static_cast<double>(key[(k * kv_heads + shared) * head_dim + i]);
    const double largest = *std::max_element(weights.begin(), weights.end());
    double sum = 0;
    double total = 0;
    for (std::size_t k = 0; k < keys; ++k) {
      const double w = std::exp(weights[k] - largest);
      sum += w;
      total += w * static_cast<double>(value[(k * kv_heads + shared) * head_dim + d]);
    }
    return total / sum;
  }
};

}  // namespace

TEST_CASE("paged_attention agrees with double precision and never uses absent keys") {
  outthink::test::for_each_target([] {
    for (const std::size_t head_dim : {1U, 4U, 15U, 16U, 20U, 32U, 52U, 64U})
      for (const std::size_t keys : {1U, 2U, 15U, 16U, 17U, 31U, 64U, 67U, 150U}) {
        const attention a(4, head_dim % 3 == 0 ? 4 : 2, head_dim, keys);
        const auto found = a.run();
        CHECK_FALSE(outthink::test::wide_registers_in_use());
        for (std::size_t i = 0; i < a.heads * head_dim; ++i)
          REQUIRE(std::fabs(static_cast<double>(found[i]) -
                            a.expected(i / head_dim, i % head_dim)) < 2e-5);
        REQUIRE(found.back() == 5.0F);
      }
  });
}

TEST_CASE("paged_attention to one key returns its value") {
  outthink::test::for_each_target([] {
    const attention a(2, 2, 24, 1);
    const auto found = a.run();
    for (std::size_t i = 0; i < 48; ++i) CHECK(found[i] == a.value[i]);
  });
}
