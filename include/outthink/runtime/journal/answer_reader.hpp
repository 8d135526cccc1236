// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/digest.hpp>
#include <outthink/runtime/journal/schema.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace outthink::detail {

/// @brief Reads the answers of a journal.
///
/// How it works: a connection of its own, which sees what is committed. Between two calls of
/// `end_transaction` it reads in one transaction, which sees what was committed at its beginning:
/// to begin and end one costs as much as to read. Answers that stand one after the other in the
/// file are read by one query.
///
/// Cost: 64 MiB of memory at most for pages; about 1 µs an answer of 1 KB. Errors: those of the
/// database and `check_schema`.
class answer_reader {
 public:
  explicit answer_reader(const std::string& path)
      : file_(opened(path)),
        find_(file_.prepare(
            "SELECT id, request, response, tokens_read, tokens_written, flops, money, "
            "checksum FROM answers WHERE id >= ? ORDER BY id")) {}

  [[nodiscard]] sqlite::database& file() noexcept { return file_; }

  /// Calls `take(key, id)` for every answer whose key is whole; gives the largest id of all.
  template <class Take>
  std::int64_t each_key(Take take) {
    std::int64_t last = 0;
    sqlite::statement all = file_.prepare("SELECT id, key FROM answers ORDER BY id");
    while (all.step()) {
      last = all.integer(0);
      const auto key = read_key(all.text(1));
      if (key && last > 0) take(*key, last);
    }
    return last;
  }

  /// Calls `take(response, cost)` with an answer; false if there is no such row in this
  /// transaction.
  template <class Take>
  bool read(std::int64_t id, const digest& key, Take take) {
    if (!file_.in_transaction()) file_.run("BEGIN");
    if (std::exchange(next_, 0) != id) find_.with(id);
    if (!find_.step() || find_.integer(0) != id) return false;
    next_ = id + 1;
    const std::string_view response = find_.text(2);
    const cost spent{static_cast<std::uint32_t>(find_.integer(3)),
                     static_cast<std::uint32_t>(find_.integer(4)), find_.number(5),
                     find_.number(6)};
    if (answer_checksum(key, find_.text(1), response, spent) != find_.integer(7)) {
      throw error(errc::malformed_file, file_.path() + ": answer " + std::to_string(id) +
                                            " is damaged; salvage_journal copies what can still "
                                            "be read");
    }
    take(response, spent);
    return true;
  }

  void end_transaction() noexcept {
    next_ = 0;
    find_.reset();
    file_.roll_back();
  }

 private:
  static sqlite::database opened(const std::string& path) {
    sqlite::database file(path, sqlite::access::read);
    check_schema(file);
    file.run("PRAGMA cache_size = -65536");  // KiB
    return file;
  }

  sqlite::database file_;
  sqlite::statement find_;
  std::int64_t next_ = 0;  // the answer that is read if the query goes on; 0: it does not
};

}  // namespace outthink::detail
