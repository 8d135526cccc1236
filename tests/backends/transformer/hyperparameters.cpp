// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "gguf_writer.hpp"
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/hyperparameters.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

using outthink::errc;
using outthink::backends::llama::hyperparameters;
using outthink::backends::llama::read_hyperparameters;
using outthink::test::expect_error;
using outthink::test::gguf_writer;
using outthink::test::temporary_file;

/// The keys of a valid model of 8 heads; entries may be changed, added or removed.
struct keys {
  std::string architecture = "llama";
  float epsilon = 1e-5F;
  float base = 0;  ///< 0: not written
  std::string scaling;
  std::map<std::string, std::int64_t> integers = {{"llama.block_count", 1},
                                                  {"llama.context_length", 512},
                                                  {"llama.embedding_length", 64},
                                                  {"llama.feed_forward_length", 96},
                                                  {"llama.attention.head_count", 8}};

  [[nodiscard]] hyperparameters read() const {
    gguf_writer writer;
    writer.add("general.architecture", architecture);
    for (const auto& [key, value] : integers) writer.add(key, value);
    writer.add("llama.attention.layer_norm_rms_epsilon", epsilon);
    if (base != 0) writer.add("llama.rope.freq_base", base);
    if (!scaling.empty()) writer.add("llama.rope.scaling.type", scaling);
    writer.add("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b", "c"});
    writer.tensors.push_back({"any", {1}, 0, "1234"});
    const temporary_file file(writer.bytes());
    return read_hyperparameters(outthink::backends::gguf::file(file.path()));
  }
};

void expect_refused(errc code, const std::string& part, const keys& k) {
  expect_error(code, part, [&] { static_cast<void>(k.read()); });
}

}  // namespace

TEST_CASE("hyperparameters that are not stated take llama.cpp's defaults") {
  const hyperparameters h = keys().read();
  CHECK(h.vocabulary == 3);
  CHECK(h.context == 512);
  CHECK(h.width == 64);
  CHECK(h.hidden == 96);
  CHECK(h.layers == 1);
  CHECK(h.heads == 8);
  CHECK(h.kv_heads == 8);
  CHECK(h.head_dim == 8);
  CHECK(h.rotated == 8);
  CHECK(h.rope_base == 10000);
  CHECK(h.epsilon == 1e-5F);
}

TEST_CASE("stated hyperparameters are read") {
  keys k;
  k.base = 500000;
  k.scaling = "none";
  k.integers["llama.attention.head_count_kv"] = 2;
  k.integers["llama.attention.key_length"] = 24;
  k.integers["llama.attention.value_length"] = 24;
  k.integers["llama.rope.dimension_count"] = 12;
  k.integers["llama.vocab_size"] = 3;
  k.integers["llama.expert_count"] = 0;
  const hyperparameters h = k.read();
  CHECK(h.kv_heads == 2);
  CHECK(h.head_dim == 24);
  CHECK(h.rotated == 12);
  CHECK(h.rope_base == 500000);
  CHECK(h.query_width() == 192);
  CHECK(h.key_width() == 48);
}

TEST_CASE("every required hyperparameter is missed by name") {
  for (const auto& [key, value] : keys().integers) {
    keys k;
    k.integers.erase(key);
    expect_refused(errc::malformed_file, "'" + key + "': is missing", k);
    k.integers[key] = 0;
    expect_refused(errc::malformed_file, "'" + key + "': is 0", k);
    k.integers[key] = -1;
    expect_refused(errc::malformed_file, "'" + key + "'", k);
    k.integers[key] = std::int64_t{1} << 40;
    expect_refused(errc::malformed_file, "'" + key + "': is 1099511627776", k);
  }
}

TEST_CASE("hyperparameters that contradict each other are malformed") {
  const auto expect = [](const std::string& key, std::int64_t value, const std::string& part) {
    keys k;
    k.integers[key] = value;
    expect_refused(errc::malformed_file, "'" + key + "': is " + part, k);
  };
  expect("llama.attention.head_count", 7, "7, expected a divisor of the width 64");
  expect("llama.attention.head_count_kv", 3, "3, expected a divisor of the 8 heads");
  expect("llama.rope.dimension_count", 7, "7, expected an even number up to 8");
  expect("llama.rope.dimension_count", 10, "10, expected an even number up to 8");
  expect("llama.vocab_size", 4, "4, expected the 3 tokens");
  expect("llama.block_count", 2, "2, but the file has only 1 tensors");
  for (const float epsilon : {0.0F, -1.0F, 2.0F}) {
    keys k;
    k.epsilon = epsilon;
    expect_refused(errc::malformed_file, "layer_norm_rms_epsilon", k);
  }
}

TEST_CASE("other architectures and variants are unsupported") {
  keys k;
  k.architecture = "mamba";
  expect_refused(errc::unsupported_model, "is 'mamba', supported is 'llama'", k);
  k = {};
  k.scaling = "yarn";
  expect_refused(errc::unsupported_model, "is 'yarn'", k);
  for (const char* key :
       {"llama.expert_count", "llama.attention.sliding_window", "llama.attention.value_length"}) {
    k = {};
    k.integers[key] = 4;
    expect_refused(errc::unsupported_model, key, k);
  }
}
