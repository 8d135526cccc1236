// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/database.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace outthink {

/// The version of a journal's tables, which stand in `PRAGMA user_version`.
inline constexpr std::int64_t journal_version = 2;

namespace detail {

inline constexpr std::int64_t journal_application = 0x6F757474;  // "outt"

// Says how large the pages of a new file are: larger than SQLite's own. That means fewer calls of
// the system, for more to write where a commit has one answer only.
inline constexpr std::string_view journal_pages = "PRAGMA page_size = 16384";

// Numbers of rows only grow: parents come before their children.
inline constexpr std::string_view journal_tables = R"(
CREATE TABLE runs(          -- one for each time the journal was opened for writing
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,       -- as the program gave it
  started TEXT NOT NULL,    -- UTC
  ended TEXT,               -- NULL while it runs, and for ever if it was killed
  replayed INTEGER);        -- answers that were taken from the journal
CREATE TABLE services(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,       -- as the program gave it
  kind TEXT NOT NULL,       -- generation, score, comparison, choice or one of your own
  UNIQUE(name, kind));
CREATE TABLE traces(        -- problems and steps; equal beginnings are stored once
  id INTEGER PRIMARY KEY,
  parent INTEGER,           -- the trace that this one continues; NULL: text is a problem
  text TEXT NOT NULL,
  checksum INTEGER NOT NULL);
CREATE TABLE answers(       -- in the order in which they came in
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL,        -- 16 bytes: digest of service, trace and request
  run INTEGER NOT NULL,
  service INTEGER NOT NULL,
  trace INTEGER,            -- what the request is about; NULL for kinds without one
  request TEXT NOT NULL,    -- the rest of the request, JSON
  response TEXT NOT NULL,   -- JSON
  tokens_read INTEGER NOT NULL,
  tokens_written INTEGER NOT NULL,
  flops REAL,               -- NULL: no number
  money REAL,
  checksum INTEGER NOT NULL);
CREATE VIEW texts AS        -- every trace in full
WITH RECURSIVE up(trace, next, prompt, steps) AS (
  SELECT id, parent, iif(parent IS NULL, text, NULL), iif(parent IS NULL, '', text) FROM traces
  UNION ALL
  SELECT up.trace, t.parent, iif(t.parent IS NULL, t.text, NULL),
         iif(t.parent IS NULL, '', t.text) || up.steps
  FROM up JOIN traces t ON t.id = up.next)
SELECT trace, prompt, steps FROM up WHERE next IS NULL;
)";

/// Throws `errc::malformed_file` unless the database is a journal that this version reads.
inline void check_schema(sqlite::database& file) {
  const std::int64_t version = file.integer("PRAGMA user_version");
  if (file.integer("PRAGMA application_id") != journal_application) {
    throw error(errc::malformed_file, file.path() + ": this is no journal of outthink's");
  }
  if (version != journal_version) {
    throw error(errc::malformed_file,
                file.path() + ": its tables have version " + std::to_string(version) +
                    ", and this program knows version " + std::to_string(journal_version) +
                    "; use the version of outthink that wrote it, or another file");
  }
}

/// True if there are no tables at all.
[[nodiscard]] inline bool is_empty(sqlite::database& file) {
  return file.integer("SELECT count(*) FROM sqlite_schema") == 0;
}

/// Makes the tables of a new journal.
inline void create_schema(sqlite::database& file) {
  file.run("BEGIN IMMEDIATE");
  file.run(journal_tables);
  file.run("PRAGMA application_id=" + std::to_string(journal_application));
  file.run("PRAGMA user_version=" + std::to_string(journal_version));
  file.run("COMMIT");
}

}  // namespace detail

}  // namespace outthink
