// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "random_model.hpp"
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/weights.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using outthink::errc;
using outthink::backends::gguf::file;
using outthink::backends::llama::packed_matrix;
using outthink::backends::llama::read_hyperparameters;
using outthink::backends::llama::weight_loader;
using outthink::backends::llama::weights;
using outthink::test::expect_error;
using outthink::test::gguf_tensor;
using outthink::test::gguf_writer;
using outthink::test::random_model;
using outthink::test::temporary_file;

weights load(const gguf_writer& writer) {
  const temporary_file on_disk(writer.bytes());
  const file opened(on_disk.path());
  const auto sizes = read_hyperparameters(opened);
  return weight_loader(opened, sizes).load();
}

gguf_tensor& tensor_named(gguf_writer& writer, const std::string& name) {
  for (gguf_tensor& t : writer.tensors)
    if (t.name == name) return t;
  throw std::runtime_error(name);
}

float weight(const packed_matrix& m, std::size_t column, std::size_t k) {
  return m.panels.data()[(column / 32 * m.depth + k) * 32 + column % 32];
}

}  // namespace

TEST_CASE("matrices with the same input are packed side by side, padded with zeros") {
  const random_model model({.width = 40, .hidden = 36, .heads = 5, .kv_heads = 5});
  const weights w = load(model.writer);
  const packed_matrix& qkv = w.layers[1].query_key_value;
  CHECK(qkv.columns == 120);
  CHECK(qkv.padded_columns() == 128);
  for (std::size_t k = 0; k < 40; ++k) {
    for (std::size_t c = 0; c < 40; ++c) {
      REQUIRE(weight(qkv, c, k) == model.weights.at("blk.1.attn_q.weight")[c * 40 + k]);
      REQUIRE(weight(qkv, 40 + c, k) == model.weights.at("blk.1.attn_k.weight")[c * 40 + k]);
      REQUIRE(weight(qkv, 80 + c, k) == model.weights.at("blk.1.attn_v.weight")[c * 40 + k]);
    }
    for (std::size_t c = 120; c < 128; ++c) REQUIRE(weight(qkv, c, k) == 0);
  }
  CHECK(weight(w.head, 259, 3) == model.weights.at("token_embd.weight")[259 * 40 + 3]);
}

TEST_CASE("parameters counts the file's weights, multiplied those of matrices") {
  const weights tied = load(random_model({.width = 8, .hidden = 12, .layers = 1}).writer);
  CHECK(tied.parameters == 260 * 8 + 4 * 64 + 3 * 96 + 3 * 8);
  CHECK(tied.multiplied == 260 * 8 + 4 * 64 + 3 * 96);
  const weights own =
      load(random_model({.width = 8, .hidden = 12, .layers = 1, .tied = false}).writer);
  CHECK(own.parameters == tied.parameters + 260 * 8);
  CHECK(own.multiplied == tied.multiplied);
}

TEST_CASE("every tensor is missed by name") {
  const random_model model({.layers = 1});
  for (std::size_t i = 0; i < model.writer.tensors.size(); ++i) {
    gguf_writer writer = model.writer;
    const std::string name = writer.tensors[i].name;
    writer.tensors.erase(writer.tensors.begin() + static_cast<std::ptrdiff_t>(i));
    expect_error(errc::malformed_file, "tensor '" + name + "': is missing", [&] { load(writer); });
  }
}

TEST_CASE("every tensor of another shape is named with both shapes") {
  const random_model model({.layers = 1});
  for (const gguf_tensor& t : model.writer.tensors) {
    gguf_writer writer = model.writer;
    auto& shape = tensor_named(writer, t.name).shape;
    if (shape.size() == 1) shape.push_back(1);
    std::swap(shape[0], shape[1]);
    if (shape[0] == shape[1]) shape = {shape[0] * 2, shape[1] / 2};
    expect_error(errc::malformed_file,
                 "tensor '" + t.name + "': has shape [" + std::to_string(shape[0]),
                 [&] { load(writer); });
  }
  gguf_writer writer = model.writer;
  tensor_named(writer, "blk.0.attn_q.weight").shape = {8, 4, 2};
  expect_error(errc::malformed_file, "has shape [8, 4, 2, 1], expected [8, 8]",
               [&] { load(writer); });
}

TEST_CASE("a tensor that the architecture does not use is unsupported") {
  for (const char* name : {"blk.0.attn_q.bias", "rope_freqs.weight", "blk.9.attn_norm.weight"}) {
    gguf_writer writer = random_model({}).writer;
    writer.tensors.push_back({name, {1}, 0, "1234"});
    expect_error(errc::unsupported_model, name, [&] { load(writer); });
  }
}
