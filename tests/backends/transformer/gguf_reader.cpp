// SPDX-License-Identifier: MIT
#include "expect_error.hpp"
#include <outthink/backends/transformer/gguf_reader.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <string>

using outthink::errc;
using outthink::backends::gguf::reader;
using outthink::test::expect_error;

TEST_CASE("a gguf reader reads numbers and texts in order and stops at the end") {
  const std::string path = "a.gguf";
  const std::string content("\x01\x02\x03\0\0\0\0\0\0\0abc\x07", 14);
  reader in(path, std::as_bytes(std::span(content)));
  CHECK(in.number<std::uint16_t>("head") == 0x0201);
  CHECK(in.text("name") == "abc");
  CHECK(in.position() == 13);
  expect_error(errc::malformed_file,
               "a.gguf: tail: needs 4 bytes at byte 13, but the file ends after 1",
               [&] { static_cast<void>(in.number<float>("tail")); });
  CHECK(in.number<std::uint8_t>("tail") == 7);
  expect_error(errc::malformed_file, "needs 1 bytes at byte 14, but the file ends after 0",
               [&] { static_cast<void>(in.take(1, "nothing")); });
  CHECK(in.take(0, "nothing").empty());
}
