// SPDX-License-Identifier: MIT
#include <outthink/verifiers/read_last_number.hpp>

#include <doctest/doctest.h>

#include <optional>

using outthink::verifiers::read_last_number;

TEST_CASE("read_last_number reads the last whole number of a text") {
  CHECK(read_last_number("step 2 adds 3 to 4, so 1") == 1);
  CHECK(read_last_number("\\boxed{-1}") == -1);
  CHECK(read_last_number("0") == 0);
  CHECK(read_last_number("steps 1-12.") == -12);
  CHECK(read_last_number("123456789") == 123456789);
  CHECK(read_last_number("1234567890") == std::nullopt);
  CHECK(read_last_number("all is well") == std::nullopt);
  CHECK(read_last_number("") == std::nullopt);
}
