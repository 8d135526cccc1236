// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/row_group.hpp>
#include <outthink/runtime/journal/schema.hpp>
#include <outthink/runtime/journal/trace_table.hpp>

#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace outthink::detail {

/// @brief Writes rows into a journal, in groups, beside the thread that adds them.
///
/// How it works: what is added waits in memory. A thread of the writer's own commits it after
/// `seconds`, so that nobody waits for the disk; who adds the `most`-th answer that waits commits
/// all of them, so that no more than that are ever lost; and `commit` does so at any time. One
/// group is written at a time; the next one is gathered meanwhile.
///
/// Requires: rows are added in the order of their ids, by one thread; SQLite built for threads.
/// Cost: two copies of the texts that wait. Errors: those of the database. After a failure, on
/// whichever thread, nothing is written any more, and every call throws what failed.
class journal_writer {
 public:
  /// Begins a run in the journal at `path`, which is made if it is not there.
  journal_writer(const std::string& path, std::string_view run, bool sync, double seconds,
                 std::size_t most)
      : file_(opened(path, sync)),
        begin_(file_.prepare("BEGIN IMMEDIATE")),
        commit_(file_.prepare("COMMIT")),
        trace_(file_.prepare("INSERT INTO traces(id, parent, text, checksum) VALUES(?,?,?,?)")),
        answer_(file_.prepare(
            "INSERT INTO answers(id, key, run, service, trace, request, response, tokens_read, "
            "tokens_written, flops, money, checksum) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")),
        seconds_(std::min(seconds, kLongest)),
        most_(most) {
    file_
        .prepare("INSERT INTO runs(name, started) VALUES(?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))")
        .with(run)
        .step();
    run_ = file_.last_id();
  }

  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;
  ~journal_writer() { stop(); }

  void require_writable() {
    if (!failed_.load(std::memory_order_acquire)) return;
    const std::lock_guard hold(gathering_);
    std::rethrow_exception(failure_);
  }

  /// Adds the row of a trace or of an answer; arguments as in `row_group::add`.
  template <class Row, class... Texts>
  void add(const Row& row, const Texts&... texts) {
    require_writable();
    bool full = false;
    {
      const std::lock_guard hold(gathering_);
      waiting_.add(row, texts...);
      full = waiting_.answers() >= most_;
      if (!full && waiting_.answers() > 0) wake();
    }
    if (full) commit();
  }

  /// Writes down what waits.
  void commit() {
    const std::lock_guard hold(writing_);
    guarded([this] { write_waiting(); });
  }

  /// The id of the last answer that is committed; 0: none of this run.
  [[nodiscard]] std::int64_t committed() const noexcept {
    return committed_.load(std::memory_order_acquire);
  }

  /// The number of a service, which gets one if it has none.
  [[nodiscard]] std::int64_t service_number(std::string_view name, std::string_view kind) {
    const std::lock_guard hold(writing_);
    std::int64_t number = 0;
    guarded([&] {
      sqlite::statement known =
          file_.prepare("SELECT id FROM services WHERE name = ? AND kind = ?");
      if (known.with(name, kind).step()) {
        number = known.integer(0);
        return;
      }
      file_.prepare("INSERT INTO services(name, kind) VALUES(?, ?)").with(name, kind).step();
      number = file_.last_id();
    });
    return number;
  }

  /// Ends the run, which took so many answers from the journal; there are no calls after it.
  void close(std::size_t replayed) {
    stop();
    commit();
    guarded([&] {
      file_
          .prepare(
              "UPDATE runs SET replayed = ?, ended = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
              "WHERE id = ?")
          .with(replayed, run_)
          .step();
    });
    try {
      file_.run("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    } catch (const error&) {  // while somebody reads, the log stays beside the file
    }
  }

 private:
  static constexpr double kLongest = 1e8;  // seconds that a clock can be told to wait

  static sqlite::database opened(const std::string& path, bool sync) {
    require(sqlite3_threadsafe() != 0, "SQLite must be built for threads: one writes a journal");
    sqlite::database file(path, sqlite::access::write);
    const bool is_new = is_empty(file);
    if (!is_new) check_schema(file);
    if (file.read_only()) {
      throw error(errc::file_unwritable, path +
                                             ": the journal is read-only; make it writable, or set "
                                             "journal_options.read_only to replay it");
    }
    if (is_new) file.run(journal_pages);
    file.run("PRAGMA journal_mode = WAL");
    file.run(sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    // The log goes into the file by 8 MiB: less often than by SQLite's own measure, and not so much
    // at a time that more answers come in meanwhile than may wait.
    file.run("PRAGMA wal_autocheckpoint = 512");
    if (is_new) create_schema(file);
    return file;
  }

  // Does what writes; after a failure nothing is written any more.
  template <class Write>
  void guarded(Write write) {
    require_writable();
    try {
      write();
    } catch (...) {
      file_.roll_back();
      const std::lock_guard hold(gathering_);
      failure_ = std::current_exception();
      failed_.store(true, std::memory_order_release);
      throw;
    }
  }

  void write_waiting() {
    group_.clear();
    {
      const std::lock_guard hold(gathering_);
      std::swap(group_, waiting_);
    }
    if (group_.empty()) return;
    begin_.with().step();
    group_.each([this](const auto& row, const auto&... texts) { write(row, texts...); });
    commit_.with().step();
    if (group_.answers() > 0) committed_.store(last_, std::memory_order_release);
  }

  void write(const trace_row& row, std::string_view text) {
    const auto write_with = [&](auto parent) {
      trace_.with(row.id, parent, text, row.checksum).step();
    };
    row.parent == 0 ? write_with(nullptr) : write_with(row.parent);
  }

  void write(const answer_row& row, std::string_view request, std::string_view response) {
    const auto check = answer_checksum(row.key, request, response, row.spent);
    const auto key = key_bytes(row.key);
    const auto write_with = [&](auto trace) {
      answer_
          .with(row.id, key, run_, row.service, trace, request, response, row.spent.tokens_read,
                row.spent.tokens_written, row.spent.flops, row.spent.money, check)
          .step();
    };
    row.trace == 0 ? write_with(nullptr) : write_with(row.trace);
    last_ = row.id;
  }

  // Makes sure that the thread runs and looks again in time. To be woken costs it more than to
  // look, so it goes on looking as long as it finds something.
  void wake() {
    if (!thread_.joinable()) thread_ = std::thread([this] { commit_in_time(); });
    if (!std::exchange(asleep_, false)) return;
    changed_.notify_one();
  }

  void commit_in_time() {
    sigset_t all;
    ::sigfillset(&all);  // signals are for the program's own threads
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::unique_lock hold(gathering_);
    while (!stopped_ && !failed_) {
      if (waiting_.answers() == 0) {
        asleep_ = true;
        changed_.wait(hold, [this] { return stopped_ || !asleep_; });
      }
      changed_.wait_for(hold, std::chrono::duration<double>(seconds_), [this] { return stopped_; });
      if (stopped_ || waiting_.answers() == 0) continue;
      hold.unlock();
      try {
        commit();
      } catch (...) {  // whoever calls next is told
      }
      hold.lock();
    }
  }

  void stop() noexcept {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard hold(gathering_);
      stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  std::mutex writing_;  // held, before the other one, while the database is used
  sqlite::database file_;
  sqlite::statement begin_, commit_, trace_, answer_;
  std::int64_t run_ = 0;
  row_group group_;        // is written
  std::int64_t last_ = 0;  // its last answer
  double seconds_;
  std::size_t most_;

  std::mutex gathering_;  // held while what follows is used
  row_group waiting_;
  std::exception_ptr failure_;  // why nothing is written any more
  bool asleep_ = false;         // the thread waits until it is told that something waits
  bool stopped_ = false;
  std::condition_variable changed_;

  std::atomic<bool> failed_ = false;
  std::atomic<std::int64_t> committed_ = 0;
  std::thread thread_;
};

}  // namespace outthink::detail
