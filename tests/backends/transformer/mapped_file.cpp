// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include "gguf_writer.hpp"
#include <outthink/backends/transformer/mapped_file.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

using outthink::backends::mapped_file;
using outthink::test::expect_error;
using outthink::test::temporary_file;

TEST_CASE("a mapped_file shows the file's bytes, also after it moved") {
  const temporary_file file("some bytes");
  mapped_file first(file.path());
  const mapped_file moved(std::move(first));
  CHECK(moved.path() == file.path());
  const auto bytes = moved.bytes();
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == "some bytes");
}

TEST_CASE("an empty file has no bytes") {
  const temporary_file file("");
  CHECK(mapped_file(file.path()).bytes().empty());
}

TEST_CASE("what cannot be mapped is unreadable and named") {
  expect_error(outthink::errc::file_unreadable, "/nowhere: cannot open the file: No such file",
               [] { mapped_file("/nowhere"); });
  expect_error(outthink::errc::file_unreadable, "/tmp: not a regular file",
               [] { mapped_file("/tmp"); });
}
