// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/answer_index.hpp>
#include <outthink/runtime/journal/answer_reader.hpp>
#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/digest.hpp>
#include <outthink/runtime/journal/journal_writer.hpp>
#include <outthink/runtime/journal/trace_table.hpp>
#include <outthink/runtime/journal/writer_lock.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// How a journal is used.
struct journal_options {
  std::string run{};                  ///< a name for this run, for those who read the journal
  bool read_only = false;             ///< replay what is there; a request that is not there fails
  double commit_seconds = 0.02;       ///< longest time that an answer waits for its commit, ≥ 0
  std::size_t commit_answers = 4096;  ///< most answers that wait for their commit, ≥ 1
  bool sync_commits = false;  ///< commits survive a loss of power, not only the end of the process
};

/// @brief A file that keeps every answer that was paid, so that a run that was killed anywhere
/// resumes by replay; `journaled` puts a service behind it.
///
/// How it works: an SQLite database (`journal_tables` says what is in it) with a write-ahead log.
/// An answer is found by the digest of its service's name, its trace and the rest of its request.
/// Answers are committed in groups, by a thread of the journal's own, after at most
/// `commit_seconds`; where `commit_answers` wait, the run waits for them. A commit survives the end
/// of the process, however it ends; when the power fails, with `sync_commits` too, and without it
/// all but the last commits do. The file is whole in either case.
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
      : path_(path), lock_(lock_for(path, options)) {
    if (!options.read_only) {
      writer_.emplace(path, options.run, options.sync_commits, options.commit_seconds,
                      options.commit_answers);
    }
    visible_ = last_ = replay(path);
    if (writer_) traces_.emplace(readers_[0].file());
  }

  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;
  ~journal() {
    try {
      close();
    } catch (...) {  // who wants to know calls close
    }
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// Answers that it can replay.
  [[nodiscard]] std::size_t size() const noexcept { return answers_.size(); }
  /// Answers that were replayed, and added to it, since it was opened.
  [[nodiscard]] std::size_t replayed() const noexcept { return replayed_; }
  [[nodiscard]] std::size_t recorded() const noexcept { return recorded_; }

  /// Replays the answers of another journal, too: those that are in it now. They are not copied.
  void also_replay(const std::string& path) { replay(path); }

  /// Writes down what waits for its commit.
  void commit() {
    require_writable();
    writer_->commit();
  }

  /// Ends the run: commits, and leaves one plain file. Nothing can be asked or written then.
  void close() {
    if (std::exchange(closed_, true)) return;
    readers_.clear();
    if (writer_) writer_->close(replayed_);
    writer_.reset();
  }

  // What follows is for `journaled`.

  /// The number of a service.
  [[nodiscard]] std::int64_t service_number(std::string_view name, std::string_view kind) {
    return writer_ ? writer_->service_number(name, kind) : 0;
  }

  /// Calls `take(response, cost)` with the answer to a request if there is one; true if there is.
  template <class Take>
  bool find(const digest& key, Take take) {
    const detail::answer_place* const found = answers_.find(key);
    if (found == nullptr || closed_) return false;
    if (found->file == 0 && found->id > visible_) show(found->id);
    if (!readers_[found->file].read(found->id, key, take)) return false;
    ++replayed_;
    return true;
  }

  /// Ends the transaction in which answers are read, so that nobody has to wait for it for long.
  void end_reading() noexcept {
    for (detail::answer_reader& one : readers_) one.end_transaction();
    if (writer_) visible_ = std::max(visible_, writer_->committed());
  }

  /// Throws if an answer could not be written down, so that nobody pays for it.
  void require_writable() {
    if (writer_) return writer_->require_writable();
    throw error(errc::service_failed, path_ + (closed_ ? ": the journal is closed"
                                                       : ": no such request is in this journal, "
                                                         "which is open for reading only"));
  }

  /// The number of a trace, written down if it is new.
  [[nodiscard]] std::int64_t trace_number(const trace_view& trace, const digest& whole) {
    require_writable();
    return traces_->id_of(
        trace, whole,
        [this](const detail::trace_row& row, std::string_view text) { writer_->add(row, text); });
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
    require_writable();
    const std::int64_t id = last_ + 1;
    const detail::answer_row row{id, asked.key, asked.service, asked.trace, detail::storable(paid)};
    last_ = id;
    writer_->add(row, std::string_view(asked.request), response);
    answers_.add(asked.key, {0, id});
    ++recorded_;
  }

 private:
  static std::optional<detail::writer_lock> lock_for(const std::string& path,
                                                     const journal_options& options) {
    require(options.commit_seconds >= 0, "journal_options.commit_seconds must not be negative");
    require(options.commit_answers > 0, "journal_options.commit_answers must be positive");
    if (options.read_only) return std::nullopt;
    return std::optional<detail::writer_lock>(std::in_place, path);
  }

  // Replays what is in a file; gives the largest id in it.
  std::int64_t replay(const std::string& path) {
    const std::size_t file = readers_.size();
    readers_.emplace_back(path);
    return readers_.back().each_key([&](const digest& key, std::int64_t id) {
      answers_.add(key, {file, id});
    });
  }

  // Makes an answer of this run visible to the reader.
  void show(std::int64_t id) {
    if (writer_->committed() < id) writer_->commit();
    end_reading();
  }

  std::string path_;
  std::optional<detail::writer_lock> lock_;
  std::optional<detail::journal_writer> writer_;
  std::vector<detail::answer_reader> readers_;  // of this file and of those that are replayed too
  detail::answer_index answers_;
  std::optional<detail::trace_table> traces_;
  std::int64_t last_ = 0;     // the last answer's id
  std::int64_t visible_ = 0;  // the last one that the reader is sure to see
  std::size_t replayed_ = 0, recorded_ = 0;
  bool closed_ = false;
};

}  // namespace outthink
