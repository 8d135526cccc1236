// SPDX-License-Identifier: MIT
#include "../support/full_outcome.hpp"
#include "../support/same_outcome.hpp"
#include <outthink/runtime/outcome_bytes.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

using namespace outthink;
using outthink::test::full_outcome;
using outthink::test::same;

TEST_CASE("an outcome comes back from its bytes in the same bits") {
  const outcome made = full_outcome();
  const outcome back = outcome_from_bytes(to_bytes(made));
  CHECK(same(back, made));
  CHECK(back.candidates[0].key == "k");
  CHECK(back.seconds == 12.5);
  CHECK(to_bytes(back) == to_bytes(made));
  CHECK(same(outcome_from_bytes(to_bytes(outcome{})), outcome{}));
}

TEST_CASE("numbers are little-endian on every machine, lists begin with their length") {
  detail::byte_writer out;
  out(std::uint32_t{0x01020304});
  out(1.0);
  out(std::vector<std::uint8_t>{7, 8});
  CHECK(out.bytes == std::string("\4\3\2\1"
                                 "\0\0\0\0\0\0\xF0\x3F"
                                 "\2\0\0\0\0\0\0\0\7\10",
                                 22));
}

TEST_CASE("of a failed outcome's exception the message goes along") {
  outcome failed;
  failed.status = outcome_status::failed;
  failed.message = "no route";
  const outcome back = outcome_from_bytes(to_bytes(failed));
  REQUIRE(back.failure != nullptr);
  CHECK_THROWS_WITH_AS(std::rethrow_exception(back.failure), "no route", std::runtime_error);
}

TEST_CASE("bytes that are no outcome are a clear error, never a crash") {
  const std::string whole = to_bytes(full_outcome());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_THROWS_AS(static_cast<void>(outcome_from_bytes(whole.substr(0, size))), error);
  }
  CHECK_THROWS_AS(static_cast<void>(outcome_from_bytes(whole + "x")), error);
  try {
    static_cast<void>(outcome_from_bytes("\2"));
  } catch (const error& problem) {
    CHECK(problem.code() == errc::malformed_reply);
    CHECK(std::string(problem.what()).find("format 2, this version reads format 1") !=
          std::string::npos);
  }
  // Lengths that no memory could hold.
  for (std::size_t i = 0; i + 8 <= whole.size(); ++i) {
    std::string huge = whole;
    for (std::size_t k = 0; k < 8; ++k) huge[i + k] = '\x7F';
    try {
      static_cast<void>(outcome_from_bytes(huge));
    } catch (const error&) {
    }
  }
}
