// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace outthink::sqlite {

/// Throws what the last failure of `handle` was: `errc::file_unwritable` where the disk is full or
/// the file may not be written, `file_in_use` where another process holds it, `malformed_file`
/// where it is damaged or no database, `file_unreadable` for the rest.
[[noreturn]] inline void refuse(sqlite3* handle, const std::string& doing) {
  const int code = sqlite3_extended_errcode(handle);
  const std::string what = doing + ": " + sqlite3_errmsg(handle);
  switch (code & 0xFF) {
    case SQLITE_FULL:
      throw error(errc::file_unwritable, what + "; free some room and run again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw error(errc::file_unwritable, what + "; it and its folder must be writable");
    case SQLITE_IOERR:
      throw error(code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ
                      ? errc::file_unreadable
                      : errc::file_unwritable,
                  what + " (SQLite's code " + std::to_string(code) + ")");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw error(errc::file_in_use, what + "; another process is using it");
    case SQLITE_CORRUPT:
      throw error(errc::malformed_file, what + "; salvage_journal copies what can still be read");
    case SQLITE_NOTADB:
      throw error(errc::malformed_file, what + ": it is no journal, or its beginning is damaged");
    default:
      throw error(errc::file_unreadable, what);
  }
}

/// @brief A prepared statement.
///
/// Errors: as `refuse`. Requires: the database outlives it; texts that are bound live until the
/// last `step`; texts that are read are gone at the next call.
class statement {
 public:
  statement(sqlite3* handle, std::string_view sql, const std::string& doing)
      : handle_(handle), doing_(doing) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &made, nullptr) != SQLITE_OK) {
      refuse(handle, doing_);
    }
    made_.reset(made);
  }

  /// Begins anew with these values for the question marks.
  template <class... Values>
  statement& with(const Values&... values) {
    sqlite3_reset(made_.get());
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }

  /// True if there is a row (a further one).
  bool step() {
    const int code = sqlite3_step(made_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) refuse(handle_, doing_);
    sqlite3_reset(made_.get());
    return false;
  }

  /// Gives up the rows that are left.
  void reset() noexcept { sqlite3_reset(made_.get()); }

  [[nodiscard]] std::int64_t integer(int column) const noexcept {
    return sqlite3_column_int64(made_.get(), column);
  }
  /// A number; NULL is NaN, which SQLite stores so.
  [[nodiscard]] double number(int column) const noexcept {
    return is_null(column) ? std::numeric_limits<double>::quiet_NaN()
                           : sqlite3_column_double(made_.get(), column);
  }
  [[nodiscard]] bool is_null(int column) const noexcept {
    return sqlite3_column_type(made_.get(), column) == SQLITE_NULL;
  }
  /// A text or a blob.
  [[nodiscard]] std::string_view text(int column) const noexcept {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(made_.get(), column));
    const int size = sqlite3_column_bytes(made_.get(), column);
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, as_size(size));
  }

 private:
  static std::size_t as_size(int size) noexcept { return static_cast<std::size_t>(size); }

  template <class Value>
  void bind(int place, const Value& value) {
    int code = SQLITE_OK;
    if constexpr (std::is_same_v<Value, std::nullptr_t>) {
      code = sqlite3_bind_null(made_.get(), place);
    } else if constexpr (std::is_integral_v<Value>) {
      code = sqlite3_bind_int64(made_.get(), place, static_cast<sqlite3_int64>(value));
    } else if constexpr (std::is_floating_point_v<Value>) {
      code = sqlite3_bind_double(made_.get(), place, static_cast<double>(value));
    } else if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
      const std::string_view text = value;
      // A null pointer would bind NULL.
      code = sqlite3_bind_text64(made_.get(), place, text.empty() ? "" : text.data(), text.size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
    } else {
      code = sqlite3_bind_blob64(made_.get(), place, value.data(), value.size(), SQLITE_STATIC);
    }
    if (code != SQLITE_OK) refuse(handle_, doing_);
  }

  struct finalise {
    void operator()(sqlite3_stmt* made) const noexcept { sqlite3_finalize(made); }
  };

  sqlite3* handle_;
  std::string doing_;
  std::unique_ptr<sqlite3_stmt, finalise> made_;
};

/// How a database is opened.
enum class access : std::uint8_t {
  read,   ///< as it is
  write,  ///< made if it is not there
};

/// @brief A connection to an SQLite database, for one thread. Errors: as `refuse`.
class database {
 public:
  database(const std::string& path, access how) : path_(path) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |=
        how == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (handle == nullptr) throw error(errc::file_unreadable, path + ": no memory to open it");
    if (code != SQLITE_OK) refuse(handle, path_);
    sqlite3_busy_timeout(handle, 5000);  // milliseconds; readers hold the file briefly
  }

  void run(std::string_view sql) {
    if (sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) !=
        SQLITE_OK) {
      refuse(handle_.get(), path_);
    }
  }

  void roll_back() noexcept {
    if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }

  [[nodiscard]] statement prepare(std::string_view sql) { return {handle_.get(), sql, path_}; }

  /// The first column of the first row, as an integer; 0 if there is no row.
  [[nodiscard]] std::int64_t integer(std::string_view sql) {
    statement asked = prepare(sql);
    return asked.step() ? asked.integer(0) : 0;
  }

  [[nodiscard]] std::int64_t last_id() const noexcept {
    return sqlite3_last_insert_rowid(handle_.get());
  }
  [[nodiscard]] bool in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
  }
  [[nodiscard]] bool read_only() const noexcept {
    return sqlite3_db_readonly(handle_.get(), "main") == 1;
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };

  std::string path_;
  std::unique_ptr<sqlite3, closer> handle_;
};

}  // namespace outthink::sqlite
