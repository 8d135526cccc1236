// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace outthink {

/// What became of a damaged journal's answers.
struct salvaged_journal {
  std::size_t answers = 0;  ///< copied
  std::size_t damaged = 0;  ///< could be read, but their checksum says that they are not whole
};

namespace detail {

// Calls `take(row)` for every row of `select` that can be read; `id` is its first column.
template <class Take>
void each_readable_row(sqlite::database& from, const std::string& select, std::int64_t most,
                       Take take) {
  sqlite::statement rows = from.prepare(select + " WHERE id > ? ORDER BY id");
  for (std::int64_t after = 0; after < most;) {
    try {
      rows.with(after);
      while (rows.step()) {
        after = rows.integer(0);
        take(rows);
      }
      return;
    } catch (const error& problem) {
      if (problem.code() != errc::malformed_file) throw;
      ++after;  // past the damaged page, number by number
    }
  }
}

inline void copy_answer(const sqlite::statement& row, sqlite::statement& insert,
                        salvaged_journal& done) {
  const auto key = read_key(row.text(1));
  const cost spent{static_cast<std::uint32_t>(row.integer(7)),
                   static_cast<std::uint32_t>(row.integer(8)), row.number(9), row.number(10)};
  if (!key || answer_checksum(*key, row.text(5), row.text(6), spent) != row.integer(11)) {
    ++done.damaged;
    return;
  }
  const auto insert_with = [&](auto trace) {
    insert
        .with(row.integer(0), key_bytes(*key), row.integer(2), row.integer(3), trace, row.text(5),
              row.text(6), row.integer(7), row.integer(8), row.number(9), row.number(10),
              row.integer(11))
        .step();
  };
  row.is_null(4) ? insert_with(nullptr) : insert_with(row.integer(4));
  ++done.answers;
}

}  // namespace detail

/// @brief Copies what can still be read of a damaged journal into a new one.
///
/// How it works: rows are read one by one, past pages that SQLite cannot read; an answer is copied
/// if its checksum fits. A run that uses the new journal asks again for what is lost, and only
/// that.
///
/// Requires: nobody writes to `damaged`; there is no file `to`. Cost: reads the file once; a
/// damaged page costs a few microseconds for every row that it may have held.
/// Errors: `errc::malformed_file` if the file's first page is lost, too, and it is no database any
/// more; `errc::invalid_argument` if there is a file `to`; those of writing.
inline salvaged_journal salvage_journal(const std::string& damaged, const std::string& to) {
  if (std::filesystem::exists(to)) {
    throw error(errc::invalid_argument, to + ": there is such a file; name one that is not there");
  }
  sqlite::database from(damaged, sqlite::access::read);
  from.run("PRAGMA writable_schema = ON");  // reads a file that was cut short
  detail::check_schema(from);
  std::uintmax_t bytes = std::filesystem::file_size(damaged);
  if (std::filesystem::exists(damaged + "-wal"))
    bytes += std::filesystem::file_size(damaged + "-wal");
  const auto most = static_cast<std::int64_t>(bytes / 16);  // more rows do not fit

  salvaged_journal done;
  sqlite::database into(to, sqlite::access::write);
  into.run(detail::journal_pages);
  detail::create_schema(into);
  into.run("BEGIN IMMEDIATE");
  auto run = into.prepare("INSERT OR IGNORE INTO runs VALUES(?,?,?,?,?)");
  detail::each_readable_row(
      from, "SELECT id, name, started, ended, replayed FROM runs", most, [&](auto& row) {
        const auto with_end = [&](auto ended) {
          run.with(row.integer(0), row.text(1), row.text(2), ended, row.integer(4)).step();
        };
        row.is_null(3) ? with_end(nullptr) : with_end(row.text(3));
      });
  auto service = into.prepare("INSERT OR IGNORE INTO services VALUES(?,?,?)");
  detail::each_readable_row(from, "SELECT id, name, kind FROM services", most, [&](auto& row) {
    service.with(row.integer(0), row.text(1), row.text(2)).step();
  });
  auto trace = into.prepare("INSERT OR IGNORE INTO traces VALUES(?,?,?,?)");
  detail::each_readable_row(
      from, "SELECT id, parent, text, checksum FROM traces", most, [&](auto& row) {
        const auto with_parent = [&](auto parent) {
          trace.with(row.integer(0), parent, row.text(2), row.integer(3)).step();
        };
        row.is_null(1) ? with_parent(nullptr) : with_parent(row.integer(1));
      });
  auto answer = into.prepare("INSERT OR IGNORE INTO answers VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
  detail::each_readable_row(
      from,
      "SELECT id, key, run, service, trace, request, response, tokens_read, tokens_written, flops, "
      "money, checksum FROM answers",
      most, [&](auto& row) { detail::copy_answer(row, answer, done); });
  into.run("COMMIT");
  return done;
}

}  // namespace outthink
