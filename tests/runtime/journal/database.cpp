// SPDX-License-Identifier: MIT
#include "../../support/temporary_folder.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/database.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

using outthink::errc;
using outthink::error;
using outthink::sqlite::access;
using outthink::sqlite::database;
using outthink::sqlite::statement;

namespace {

template <class Action>
errc code_of(Action action) {
  try {
    action();
  } catch (const error& problem) {
    return problem.code();
  }
  return errc::invalid_argument;  // which nothing here throws
}

}  // namespace

TEST_CASE("database: what is bound comes back as it was, any bytes included") {
  database file(":memory:", access::write);
  file.run("CREATE TABLE t(a, b, c, d, e)");
  statement insert = file.prepare("INSERT INTO t VALUES(?,?,?,?,?)");
  const std::string bytes("a\0\xFFz", 4);
  const std::array<char, 3> blob{'x', '\0', 'y'};
  CHECK_FALSE(insert.with(bytes, std::int64_t{-5}, 0.1, nullptr, blob).step());
  CHECK_FALSE(insert.with("", UINT64_MAX, 2, "literal", std::string_view("view")).step());
  CHECK(file.last_id() == 2);
  statement read = file.prepare("SELECT * FROM t ORDER BY rowid");
  REQUIRE(read.step());
  CHECK(read.text(0) == bytes);
  CHECK(read.integer(1) == -5);
  CHECK(read.number(2) == 0.1);
  CHECK(read.is_null(3));
  CHECK(read.text(4) == std::string_view("x\0y", 3));
  REQUIRE(read.step());
  CHECK(read.text(0).empty());
  CHECK_FALSE(read.is_null(0));
  CHECK(static_cast<std::uint64_t>(read.integer(1)) == UINT64_MAX);
  CHECK(read.text(3) == "literal");
  CHECK_FALSE(read.step());
  REQUIRE(read.with().step());  // from the beginning
  CHECK(read.text(0) == bytes);
}

TEST_CASE("database: integer gives the first number, 0 without rows") {
  database file(":memory:", access::write);
  CHECK(file.integer("SELECT 7, 8") == 7);
  CHECK(file.integer("SELECT 1 WHERE 0") == 0);
}

TEST_CASE("database: failures say which file, and get the code that fits") {
  const outthink::test::temporary_folder folder;
  CHECK(code_of([&] { database(folder / "none", access::read); }) == errc::file_unreadable);
  try {
    const database none(folder / "no folder/file", access::write);
    FAIL("opened");
  } catch (const error& problem) {
    CHECK(std::string(problem.what()).find(folder / "no folder/file") != std::string::npos);
  }
  std::ofstream(folder / "text") << std::string(5000, 'x');
  database text(folder / "text", access::read);
  CHECK(code_of([&] { static_cast<void>(text.integer("SELECT count(*) FROM sqlite_schema")); }) ==
        errc::malformed_file);
  database full(folder / "full", access::write);
  full.run("PRAGMA max_page_count = 3; CREATE TABLE t(a)");
  CHECK(code_of([&] { full.run("INSERT INTO t VALUES(zeroblob(20000))"); }) ==
        errc::file_unwritable);
  database reader(folder / "full", access::read);
  CHECK(reader.read_only());
  CHECK_FALSE(full.read_only());
  CHECK(code_of([&] { reader.run("DROP TABLE t"); }) == errc::file_unwritable);
  full.run("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  reader.run("PRAGMA busy_timeout = 0");
  CHECK(code_of([&] { static_cast<void>(reader.integer("SELECT count(*) FROM t")); }) ==
        errc::file_in_use);
  CHECK(full.in_transaction());
  full.roll_back();
  CHECK_FALSE(full.in_transaction());
  CHECK(reader.integer("SELECT count(*) FROM t") == 0);
}
