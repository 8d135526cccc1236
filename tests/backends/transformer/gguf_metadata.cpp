// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "gguf_writer.hpp"
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/backends/transformer/gguf_metadata.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using outthink::errc;
using outthink::backends::gguf::file;
using outthink::test::expect_error;
using outthink::test::gguf_writer;
using outthink::test::temporary_file;

std::string broken_pair(std::uint32_t type, const std::string& bytes) {
  gguf_writer writer;
  writer.add_raw("broken", type, bytes);
  return writer.bytes();
}

void expect_broken(errc code, const std::string& part, std::uint32_t type,
                   const std::string& bytes) {
  const temporary_file on_disk(broken_pair(type, bytes));
  expect_error(code, "metadata key 'broken'", [&] { file{on_disk.path()}; });
  expect_error(code, part, [&] { file{on_disk.path()}; });
}

std::string array_head(std::uint32_t element, std::uint64_t count) {
  std::string bytes;
  gguf_writer::put(bytes, element);
  gguf_writer::put(bytes, count);
  return bytes;
}

}  // namespace

TEST_CASE("metadata of every type is read back") {
  gguf_writer writer;
  writer.add("u8", std::uint8_t{200});
  writer.add("i8", std::int8_t{100});
  writer.add("u16", std::uint16_t{60000});
  writer.add("i16", std::int16_t{30000});
  writer.add("u32", std::uint32_t{4000000000});
  writer.add("i32", std::int32_t{2000000000});
  writer.add("u64", std::uint64_t{1} << 40);
  writer.add("i64", std::int64_t{1} << 41);
  writer.add("f32", 1.5F);
  writer.add("f64", 2.5);
  writer.add("yes", true);
  writer.add("text", "a text");
  writer.add("texts", std::vector<std::string>{"one", "", "three"});
  writer.add("numbers", std::vector<std::int32_t>{1, -2});
  const temporary_file on_disk(writer.bytes());
  const file opened(on_disk.path());
  const auto& keys = opened.metadata();
  constexpr std::uint64_t most = std::uint64_t{1} << 62;
  CHECK(keys.integer("u8", 0, most) == 200);
  CHECK(keys.integer("i8", 0, most) == 100);
  CHECK(keys.integer("u16", 0, most) == 60000);
  CHECK(keys.integer("i16", 0, most) == 30000);
  CHECK(keys.integer("u32", 0, most) == 4000000000);
  CHECK(keys.integer("i32", 0, most) == 2000000000);
  CHECK(keys.integer("u64", 0, most) == std::uint64_t{1} << 40);
  CHECK(keys.integer("i64", 0, most) == std::uint64_t{1} << 41);
  CHECK(keys.real("f32", 0, 10) == 1.5);
  CHECK(keys.real("f64", 0, 10) == 2.5);
  CHECK(keys.text("text") == "a text");
  CHECK(keys.texts("texts") == std::vector<std::string_view>{"one", "", "three"});
  CHECK(keys.int32s("numbers") == std::vector<std::int32_t>{1, -2});
  CHECK(keys.has("yes"));
  CHECK_FALSE(keys.has("no"));
}

TEST_CASE("a missing, mistyped or outlying key is named with what was expected") {
  gguf_writer writer;
  writer.add("text", "a text");
  writer.add("negative", std::int32_t{-1});
  writer.add("number", std::uint32_t{7});
  writer.add("nan", std::numeric_limits<float>::quiet_NaN());
  writer.add("texts", std::vector<std::string>{"one"});
  const temporary_file on_disk(writer.bytes());
  const file opened(on_disk.path());
  const auto& keys = opened.metadata();
  const auto expect = [&](const std::string& part, auto&& action) {
    expect_error(errc::malformed_file, on_disk.path() + ": metadata key '" + part, action);
  };
  expect("none': is missing, expected an integer", [&] { (void)keys.integer("none", 0, 9); });
  expect("none': is missing, expected a string", [&] { (void)keys.text("none"); });
  expect("text': is of type string, expected an integer",
         [&] { (void)keys.integer("text", 0, 9); });
  expect("negative': is of type int32, expected an integer that is not negative",
         [&] { (void)keys.integer("negative", 0, 9); });
  expect("number': is 7, expected 8 to 9", [&] { (void)keys.integer("number", 8, 9); });
  expect("number': is of type uint32, expected a string", [&] { (void)keys.text("number"); });
  expect("number': is of type uint32, expected a floating-point",
         [&] { (void)keys.real("number", 0, 9); });
  expect("nan': is nan", [&] { (void)keys.real("nan", 0, 9); });
  expect("texts': is an array of string, expected an array of int32",
         [&] { (void)keys.int32s("texts"); });
  expect("number': is of type uint32, expected an array of string",
         [&] { (void)keys.texts("number"); });
}

TEST_CASE("values that do not fit into the file, or are of no known type, are malformed") {
  std::string length;
  gguf_writer::put(length, std::uint64_t{1} << 63);
  expect_broken(errc::malformed_file, "the file ends after", 8, length);
  expect_broken(errc::malformed_file, "has type 13", 13, "");
  expect_broken(errc::malformed_file, "has type 4294967295", 0xffffffff, "");
  expect_broken(errc::malformed_file, "has type 77", 9, array_head(77, 1));
  expect_broken(errc::malformed_file, "the file ends after", 9, array_head(4, 1000));
  expect_broken(errc::malformed_file, "elements", 9, array_head(10, std::uint64_t{1} << 61));
  expect_broken(errc::malformed_file, "the file ends after", 9,
                array_head(8, std::uint64_t{1} << 61));
  expect_broken(errc::malformed_file, "the file ends after", 9, array_head(0, ~std::uint64_t{0}));
}

TEST_CASE("an array of arrays is unsupported") {
  expect_broken(errc::unsupported_model, "is an array of arrays", 9, array_head(9, 1));
}
