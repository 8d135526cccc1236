// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "random_model.hpp"
#include <outthink/backends/transformer.hpp>
#include <outthink/backends/transformer/gguf.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using outthink::errc;
using outthink::backends::transformer;
using outthink::test::expect_error;
using outthink::test::gguf_writer;
using outthink::test::random_model;
using outthink::test::temporary_file;

void load(const std::string& content) {
  const temporary_file file(content);
  static_cast<void>(transformer::load(file.path()));
}

void load_or_throw(const temporary_file& file) {
  try {
    static_cast<void>(transformer::load(file.path()));
  } catch (const outthink::error&) {
  }
}

const random_model& tiny() {
  static const random_model model(
      {.width = 4, .hidden = 4, .layers = 1, .heads = 1, .kv_heads = 1});
  return model;
}

}  // namespace

TEST_CASE("a file cut short at any byte is malformed") {
  const std::string whole = tiny().bytes();
  const temporary_file file(whole);
  static_cast<void>(transformer::load(file.path()));
  for (std::size_t length = whole.size(); length-- > 0;) {
    CAPTURE(length);
    file.shorten(length);
    expect_error(errc::malformed_file, file.path(),
                 [&] { static_cast<void>(transformer::load(file.path())); });
  }
}

TEST_CASE("a file with any one byte changed loads or throws, and never crashes") {
  const std::string whole = tiny().bytes();
  const temporary_file file(whole);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int change : {0x01, 0x80}) {
      file.replace(i, std::string(1, static_cast<char>(whole[i] ^ change)));
      load_or_throw(file);
    }
    file.replace(i, whole.substr(i, 1));
  }
}

TEST_CASE("a file with any eight bytes set to a huge number loads or throws") {
  const std::string whole = tiny().bytes();
  const temporary_file file(whole);
  for (const std::uint64_t huge : {std::uint64_t{0x7fffffffffffffff}, std::uint64_t{0xfffffff0}}) {
    std::string bytes;
    gguf_writer::put(bytes, huge);
    for (std::size_t i = 0; i + 8 <= whole.size(); ++i) {
      file.replace(i, bytes);
      load_or_throw(file);
      file.replace(i, whole.substr(i, 8));
    }
  }
}

TEST_CASE("a file that is not there, is a folder or is empty is refused") {
  expect_error(errc::file_unreadable, "/nowhere/model.gguf",
               [] { static_cast<void>(transformer::load("/nowhere/model.gguf")); });
  expect_error(errc::file_unreadable, "not a regular file",
               [] { static_cast<void>(transformer::load("/tmp")); });
  expect_error(errc::malformed_file, "magic", [] { load(""); });
}

TEST_CASE("wrong magic is malformed, another version unsupported") {
  auto writer = tiny().writer;
  writer.magic = "GGML";
  expect_error(errc::malformed_file, "does not begin with 'GGUF'", [&] { load(writer.bytes()); });
  writer.magic = "GGUF";
  for (const std::uint32_t version : {1U, 2U, 4U, 0x03000000U}) {
    writer.version = version;
    expect_error(errc::unsupported_model, "version: is " + std::to_string(version),
                 [&] { load(writer.bytes()); });
  }
}

TEST_CASE("counts that the file cannot hold are malformed") {
  for (const std::int64_t extra :
       {std::int64_t{1}, std::int64_t{1} << 40, std::int64_t{-1} ^ (std::int64_t{1} << 62)}) {
    auto writer = tiny().writer;
    writer.extra_tensors = extra;
    CHECK_THROWS_AS(load(writer.bytes()), outthink::error);
    writer.extra_tensors = 0;
    writer.extra_pairs = extra;
    CHECK_THROWS_AS(load(writer.bytes()), outthink::error);
  }
}

TEST_CASE("a key or tensor that is there twice is malformed") {
  auto writer = tiny().writer;
  writer.add("llama.block_count", std::uint32_t{1});
  expect_error(errc::malformed_file, "'llama.block_count': is there twice",
               [&] { load(writer.bytes()); });
  auto doubled = tiny().writer;
  doubled.tensors.push_back(doubled.tensors.front());
  expect_error(errc::malformed_file, "'token_embd.weight': is there twice",
               [&] { load(doubled.bytes()); });
}

TEST_CASE("a tensor whose data are misaligned or outside of the file is malformed") {
  auto writer = tiny().writer;
  writer.extra_offset = 4;
  expect_error(errc::malformed_file, "expected a multiple of 32", [&] { load(writer.bytes()); });
  for (const std::uint64_t offset :
       {std::uint64_t{32}, std::uint64_t{1} << 40, std::uint64_t{1} << 63}) {
    writer.extra_offset = offset;
    expect_error(errc::malformed_file, "output_norm.weight", [&] { load(writer.bytes()); });
  }
}

TEST_CASE("tensor shapes whose product overflows are malformed") {
  const std::uint64_t large = std::uint64_t{1} << 32;
  for (const std::vector<std::uint64_t>& shape : {std::vector<std::uint64_t>{large, large},
                                                  {large, large, large, large},
                                                  {0},
                                                  {4, 0},
                                                  {},
                                                  {std::numeric_limits<std::uint64_t>::max()},
                                                  {1, 1, 1, 1, 4},
                                                  {std::uint64_t{1} << 61, 8}}) {
    auto writer = tiny().writer;
    writer.tensors.back().shape = shape;
    expect_error(errc::malformed_file, "output_norm.weight", [&] { load(writer.bytes()); });
  }
}

TEST_CASE("element types other than F32, F16 and Q8_0 are unsupported and named") {
  auto writer = tiny().writer;
  for (const std::uint32_t type : {2U, 12U, 30U, 0xffffffffU}) {
    writer.tensors.front().type = type;
    expect_error(errc::unsupported_model, "GGML element type " + std::to_string(type),
                 [&] { load(writer.bytes()); });
  }
  writer.tensors.front().type = 8;  // Q8_0 has blocks of 32, this row has 4
  expect_error(errc::malformed_file, "multiple of 32", [&] { load(writer.bytes()); });
}

TEST_CASE("the stated alignment of the data is used, and checked") {
  for (const std::uint32_t alignment : {8U, 64U, 4096U}) {
    auto writer = tiny().writer;
    writer.alignment = alignment;
    writer.add("general.alignment", alignment);
    load(writer.bytes());
  }
  for (const std::uint32_t alignment : {0U, 3U, 48U, 0x80000000U}) {
    auto writer = tiny().writer;
    writer.add("general.alignment", alignment);
    expect_error(errc::malformed_file, "'general.alignment'", [&] { load(writer.bytes()); });
  }
}
