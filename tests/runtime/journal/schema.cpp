// SPDX-License-Identifier: MIT
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/schema.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace outthink;

namespace {

std::string refusal(sqlite::database& file) {
  try {
    detail::check_schema(file);
  } catch (const error& problem) {
    CHECK(problem.code() == errc::malformed_file);
    return problem.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("schema: a new journal has the tables of this version") {
  sqlite::database file(":memory:", sqlite::access::write);
  CHECK(detail::is_empty(file));
  detail::create_schema(file);
  CHECK_FALSE(detail::is_empty(file));
  CHECK(refusal(file) == "none");
  CHECK(file.integer("PRAGMA user_version") == journal_version);
  for (const std::string table : {"runs", "services", "traces", "answers", "texts"}) {
    CHECK(file.integer("SELECT count(*) FROM " + table) == 0);
  }
}

TEST_CASE("schema: the view `texts` puts every trace together, in plain SQL") {
  sqlite::database file(":memory:", sqlite::access::write);
  detail::create_schema(file);
  file.run(
      "INSERT INTO traces VALUES(1, NULL, 'p', 0), (2, 1, 'one ', 0), (3, 2, 'two ', 0), "
      "(4, NULL, 'q', 0), (5, 2, 'other ', 0)");
  sqlite::statement all = file.prepare("SELECT trace, prompt, steps FROM texts ORDER BY trace");
  std::string read;
  while (all.step()) {
    read += std::to_string(all.integer(0)) + ":" + std::string(all.text(1)) + "|" +
            std::string(all.text(2)) + "\n";
  }
  CHECK(read == "1:p|\n2:p|one \n3:p|one two \n4:q|\n5:p|one other \n");
}

TEST_CASE("schema: other versions and other databases are refused, and the message says which") {
  sqlite::database file(":memory:", sqlite::access::write);
  detail::create_schema(file);
  file.run("PRAGMA user_version = 1");
  CHECK(refusal(file).find("version 1, and this program knows version 2") != std::string::npos);
  sqlite::database other(":memory:", sqlite::access::write);
  other.run("CREATE TABLE mine(a)");
  CHECK(refusal(other).find("no journal") != std::string::npos);
}
