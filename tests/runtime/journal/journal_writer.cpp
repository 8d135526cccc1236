// SPDX-License-Identifier: MIT
#include "../../support/temporary_folder.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/journal_writer.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

using namespace outthink;
using outthink::test::temporary_folder;

namespace {

constexpr double kNever = 1e300;  // seconds

detail::answer_row answer(std::int64_t id) {
  return {.id = id, .key = {1, static_cast<std::uint64_t>(id)}, .spent = {}};
}

std::int64_t count(const std::string& path, const std::string& table) {
  return sqlite::database(path, sqlite::access::read).integer("SELECT count(*) FROM " + table);
}

}  // namespace

TEST_CASE("journal_writer: what waits is written by number, with the traces, or on demand") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  detail::journal_writer writer(path, "run", false, kNever, 3);
  CHECK(count(path, "runs") == 1);
  writer.add(detail::trace_row{.id = 1}, "p");
  writer.add(answer(1), "{}", "{}");
  writer.add(answer(2), "{}", "{}");
  CHECK(count(path, "answers") == 0);
  CHECK(writer.committed() == 0);
  writer.add(answer(3), "{}", "{}");
  CHECK(count(path, "answers") == 3);
  CHECK(count(path, "traces") == 1);
  CHECK(writer.committed() == 3);
  writer.add(answer(4), "{}", "{}");
  writer.commit();
  writer.commit();  // there is nothing left
  CHECK(count(path, "answers") == 4);
  writer.add(answer(5), "{}", "{}");
  writer.close(9);
  CHECK(count(path, "answers WHERE run = 1") == 5);
  CHECK(count(path, "runs WHERE replayed = 9 AND ended IS NOT NULL") == 1);
}

TEST_CASE("journal_writer: what waits is written in time while nobody calls") {
  const temporary_folder folder;
  for (const double seconds : {0.0, 0.001}) {
    CAPTURE(seconds);
    const std::string path = folder / std::to_string(seconds);
    detail::journal_writer writer(path, "run", false, seconds, 1000);
    for (std::int64_t id = 1; id <= 3; ++id) {  // it falls asleep in between, or not
      writer.add(answer(id), "{}", "{}");
      while (writer.committed() < id) std::this_thread::yield();
      CHECK(count(path, "answers") == id);
    }
  }
}

TEST_CASE(
    "journal_writer: rows that come fast, from one thread and out of the other, are all kept") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  constexpr std::int64_t kRows = 20'000;
  {
    detail::journal_writer writer(path, "run", false, 0, 100);
    for (std::int64_t id = 1; id <= kRows; ++id) {
      writer.add(answer(id), std::to_string(id),
                 std::string(static_cast<std::size_t>(id % 50), 'x'));
    }
    writer.commit();
    CHECK(writer.committed() == kRows);
  }
  CHECK(count(path, "answers WHERE request = id AND length(response) = id % 50") == kRows);
}

TEST_CASE("journal_writer: a failure on its thread is told to whoever calls, and nothing follows") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  detail::journal_writer writer(path, "run", false, 0, 1000);
  sqlite::database(path, sqlite::access::write).run("ALTER TABLE answers RENAME TO elsewhere");
  writer.add(answer(1), "{}", "{}");
  for (bool failed = false; !failed;) {
    try {
      writer.require_writable();
      std::this_thread::yield();
    } catch (const error& problem) {
      CHECK(std::string(problem.what()).find("no such table") != std::string::npos);
      failed = true;
    }
  }
  CHECK_THROWS_AS(writer.add(answer(2), "{}", "{}"), error);
  CHECK_THROWS_AS(writer.commit(), error);
  CHECK_THROWS_AS(static_cast<void>(writer.service_number("a", "b")), error);
  CHECK_THROWS_AS(writer.close(0), error);
  CHECK(writer.committed() == 0);
  CHECK(count(path, "services") == 0);
}
