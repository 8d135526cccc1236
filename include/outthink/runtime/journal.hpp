// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/digest.hpp>
#include <outthink/runtime/journal/schema.hpp>
#include <outthink/runtime/journal/trace_table.hpp>
#include <outthink/runtime/journal/writer_lock.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace outthink {

/// How a journal is used.
struct journal_options {
  std::string run{};                  ///< a name for this run, for those who read the journal
  bool read_only = false;             ///< replay what is there; a request that is not there fails
  double commit_seconds = 0.02;       ///< longest time that an answer waits for its commit, ≥ 0
  std::size_t commit_answers = 1024;  ///< most answers in one commit, ≥ 1
  bool sync_commits = false;  ///< commits survive a loss of power, not only the end of the process
};

/// @brief A file that keeps every answer that was paid, so that a run that was killed anywhere
/// resumes by replay; `journaled` puts a service behind it.
///
/// How it works: an SQLite database (`journal_tables` says what is in it) with a write-ahead log.
/// An answer is found by the digest of its service's name, its trace and the rest of its request.
/// Answers are committed in groups: after at most `commit_seconds` or `commit_answers`. A commit
/// survives the end of the process, however it ends; when the power fails, with `sync_commits`
/// too, and without it all but the last commits do. The file is whole in either case.
///
/// Requires: POSIX, a local file system, SQLite (component `outthink::journal`); used from one
/// thread; not carried through a fork. One run writes to a file at a time, any number of programs
/// may read it meanwhile. Cost: 100 bytes of memory an answer; opening reads the whole file once.
/// Errors: `errc::file_in_use` for a second writer, `file_unwritable` for a read-only file or a
/// full disk, `malformed_file` for what is no journal, has other tables or is damaged (see
/// `salvage_journal`). After an error in writing no more is written, and what was committed stays.
/// Determinism: a replayed answer is the recorded one, bit for bit, its cost included.
/// Example: examples/resume_after_crash.cpp.
class journal {
 public:
  /// Opens the journal, and makes it if it is not there.
  explicit journal(const std::string& path, journal_options options = {})
      : options_(std::move(options)),
        lock_(lock_for(path, options_)),
        file_(path, options_.read_only ? sqlite::access::read : sqlite::access::write) {
    prepare();
    read_keys();
    if (options_.read_only) return;
    write_.emplace(file_);
    sqlite::statement run = file_.prepare(
        "INSERT INTO runs(name, started) VALUES(?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    run.with(options_.run).step();
    run_ = file_.last_id();
  }

  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;
  ~journal() {
    try {
      close();
    } catch (...) {  // who wants to know calls close
    }
  }

  [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }
  /// Answers that it holds.
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  /// Answers that were taken from it, and added to it, since it was opened.
  [[nodiscard]] std::size_t replayed() const noexcept { return replayed_; }
  [[nodiscard]] std::size_t recorded() const noexcept { return recorded_; }

  /// Writes down what waits for its commit.
  void commit() {
    guarded([&] {
      if (file_.in_transaction()) write_->commit.with().step();
    });
    pending_ = 0;
  }

  /// Ends the run: commits, and leaves one plain file. Nothing can be asked or written then.
  void close() {
    if (std::exchange(closed_, true) || !write_) return;
    commit();
    guarded([&] {
      file_
          .prepare(
              "UPDATE runs SET replayed = ?, ended = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
              "WHERE id = ?")
          .with(replayed_, run_)
          .step();
      write_.reset();
      find_.reset();
    });
    try {
      file_.run("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    } catch (const error&) {  // while somebody reads, the log stays beside the file
    }
  }

  // What follows is for `journaled`.

  /// The number of a service.
  [[nodiscard]] std::int64_t service_number(std::string_view name, std::string_view kind) {
    sqlite::statement known = file_.prepare("SELECT id FROM services WHERE name = ? AND kind = ?");
    if (known.with(name, kind).step()) return known.integer(0);
    if (!write_) return 0;
    guarded([&] {
      file_.prepare("INSERT INTO services(name, kind) VALUES(?, ?)").with(name, kind).step();
    });
    return file_.last_id();
  }

  /// Calls `take(response, cost)` with the answer to a request if there is one; true if there is.
  template <class Take>
  bool find(const digest& key, Take take) {
    const auto found = rows_.find(key);
    if (found == rows_.end() || closed_) return false;
    if (!find_->with(found->second).step()) return false;
    const std::string_view response = find_->text(0);
    const cost spent{static_cast<std::uint32_t>(find_->integer(1)),
                     static_cast<std::uint32_t>(find_->integer(2)), find_->number(3),
                     find_->number(4)};
    if (detail::answer_checksum(key, find_->text(6), response, spent) != find_->integer(5)) {
      throw error(errc::malformed_file,
                  path() + ": answer " + std::to_string(found->second) +
                      " is damaged; salvage_journal copies what can still be read");
    }
    take(response, spent);
    find_->reset();
    ++replayed_;
    return true;
  }

  /// Throws if an answer could not be written down, so that nobody pays for it.
  void require_writable() const {
    if (failure_) std::rethrow_exception(failure_);
    if (write_) return;
    throw error(errc::service_failed, path() + (closed_ ? ": the journal is closed"
                                                        : ": no such request is in this journal, "
                                                          "which is open for reading only"));
  }

  /// The number of a trace, written down if it is new.
  [[nodiscard]] std::int64_t trace_number(const trace_view& trace, const digest& whole) {
    std::int64_t id = 0;
    guarded([&] {
      begin();
      id = write_->traces.id_of(trace, whole);
    });
    return id;
  }

  /// What is written down of an answer.
  struct entry {
    digest key;
    std::int64_t service = 0;
    std::int64_t trace = 0;  ///< 0: there is none
    std::string request;
  };

  /// Writes down an answer; it waits for its commit.
  void record(const entry& asked, std::string_view response, const cost& paid) {
    const auto key = detail::key_bytes(asked.key);
    const cost spent = detail::storable(paid);
    guarded([&] {
      begin();
      auto& insert = write_->answer;
      const auto check = detail::answer_checksum(asked.key, asked.request, response, spent);
      const auto with_trace = [&](auto trace) {
        insert.with(key, run_, asked.service, trace, asked.request, response, spent.tokens_read,
                    spent.tokens_written, spent.flops, spent.money, check);
      };
      asked.trace == 0 ? with_trace(nullptr) : with_trace(asked.trace);
      insert.step();
    });
    rows_.emplace(asked.key, file_.last_id());
    ++recorded_;
    if (pending_ == 0) since_ = stopwatch();
    if (++pending_ >= options_.commit_answers) commit();
  }

  /// Seconds until the next commit is due; infinite if nothing waits for it.
  [[nodiscard]] double seconds_to_commit() const noexcept {
    if (pending_ == 0) return std::numeric_limits<double>::infinity();
    return std::max(0.0, options_.commit_seconds - since_.seconds());
  }

  void commit_if_due() {
    if (seconds_to_commit() <= 0) commit();
  }

 private:
  // What only a journal that is written to needs.
  struct writing {
    explicit writing(sqlite::database& file)
        : begin(file.prepare("BEGIN IMMEDIATE")),
          commit(file.prepare("COMMIT")),
          answer(file.prepare(
              "INSERT INTO answers(key, run, service, trace, request, response, tokens_read, "
              "tokens_written, flops, money, checksum) VALUES(?,?,?,?,?,?,?,?,?,?,?)")),
          traces(file) {}

    sqlite::statement begin, commit, answer;
    detail::trace_table traces;
  };

  static std::optional<detail::writer_lock> lock_for(const std::string& path,
                                                     const journal_options& options) {
    require(options.commit_seconds >= 0, "journal_options.commit_seconds must not be negative");
    require(options.commit_answers > 0, "journal_options.commit_answers must be positive");
    if (options.read_only) return std::nullopt;
    return std::optional<detail::writer_lock>(std::in_place, path);
  }

  void prepare() {
    if (options_.read_only) return detail::check_schema(file_);
    const bool is_new = detail::is_empty(file_);
    if (!is_new) detail::check_schema(file_);
    if (file_.read_only()) {
      throw error(errc::file_unwritable, path() +
                                             ": the journal is read-only; make it writable, or set "
                                             "journal_options.read_only to replay it");
    }
    file_.run("PRAGMA journal_mode = WAL");
    file_.run(options_.sync_commits ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    // 32 MiB of pages, so that the disk is rarely waited for.
    file_.run("PRAGMA wal_autocheckpoint = 8192");
    if (is_new) detail::create_schema(file_);
  }

  void read_keys() {
    file_.run("PRAGMA cache_size = -65536");  // 64 MiB
    sqlite::statement all = file_.prepare("SELECT id, key FROM answers");
    while (all.step()) {
      if (const auto key = detail::read_key(all.text(1))) rows_.emplace(*key, all.integer(0));
    }
    find_.emplace(
        file_.prepare("SELECT response, tokens_read, tokens_written, flops, money, checksum, "
                      "request FROM answers "
                      "WHERE id = ?"));
  }

  void begin() {
    if (!file_.in_transaction()) write_->begin.with().step();
  }

  // Does what writes; after a failure nothing is written any more.
  template <class Write>
  void guarded(Write write) {
    require_writable();
    try {
      write();
    } catch (...) {
      failure_ = std::current_exception();
      file_.roll_back();
      throw;
    }
  }

  journal_options options_;
  std::optional<detail::writer_lock> lock_;
  sqlite::database file_;
  std::unordered_map<digest, std::int64_t, digest_hash> rows_;  // the answers' numbers
  std::optional<sqlite::statement> find_;
  std::optional<writing> write_;
  std::int64_t run_ = 0;
  std::exception_ptr failure_;  // why nothing is written any more
  stopwatch since_;             // the first answer that waits for its commit
  std::size_t pending_ = 0;
  std::size_t replayed_ = 0, recorded_ = 0;
  bool closed_ = false;
};

}  // namespace outthink
