// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

/// What a results file holds.
struct stored_results {
  std::vector<nlohmann::json> lines;
  std::size_t whole = 0;   ///< bytes up to the end of the last whole line
  bool half_line = false;  ///< something follows: a line that a run did not end
};

/// @brief Reads a results file, an object on each line. What follows the last line end is dropped.
///
/// Errors: `errc::file_unreadable`, `errc::malformed_file` with file and line. A file that does not
/// exist is an empty one if `may_be_missing`.
[[nodiscard]] inline stored_results read_results(const std::string& path,
                                                 bool may_be_missing = false) {
  std::ifstream file(path, std::ios::binary);
  if (!file && may_be_missing) return {};
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  stored_results made;
  for (std::size_t number = 1, end = 0; made.whole < content.size(); ++number) {
    end = content.find('\n', made.whole);
    if (end == std::string::npos) {
      made.half_line = true;
      break;
    }
    const auto line = std::string_view(content).substr(made.whole, end - made.whole);
    made.whole = end + 1;
    if (line.empty()) continue;
    try {
      made.lines.push_back(nlohmann::json::parse(line));
      if (!made.lines.back().contains("kind") || !made.lines.back().contains("key"))
        throw outthink::error(outthink::errc::malformed_file,
                              path + ":" + std::to_string(number) +
                                  ": `kind` or `key` is missing; is it a results file?");
    } catch (const nlohmann::json::exception& problem) {
      throw outthink::error(outthink::errc::malformed_file,
                            path + ":" + std::to_string(number) + ": " + problem.what());
    }
  }
  return made;
}

/// @brief A results file to which lines are added, one writer at a time.
///
/// How it works: a line is written in one call and reaches the disk before `append` returns. If it
/// cannot be written whole (the disk is full), the file is cut back to its last whole line, so that
/// what was finished stays.
/// Requires: POSIX. Errors: `errc::file_unreadable` that names the file and the system's reason.
class results_file {
 public:
  /// Opens or creates the file and reads what it holds; a half line at its end is cut off.
  explicit results_file(std::string path) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor_ < 0) refuse("cannot be opened");
    try {
      if (!std::filesystem::is_regular_file(path_))
        throw outthink::error(outthink::errc::file_unreadable, path_ + " is no regular file");
      if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) refuse("is being written by another run");
      stored_ = read_results(path_);
      if (stored_.half_line && ::ftruncate(descriptor_, size()) != 0) refuse("cannot be cut back");
    } catch (...) {
      ::close(descriptor_);
      throw;
    }
  }
  results_file(const results_file&) = delete;
  results_file& operator=(const results_file&) = delete;
  ~results_file() { ::close(descriptor_); }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const stored_results& stored() const noexcept { return stored_; }

  void append(nlohmann::json line) {
    const std::string text =
        line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    for (std::size_t written = 0; written < text.size();) {
      const ssize_t wrote = ::write(descriptor_, text.data() + written, text.size() - written);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) give_up();
      written += static_cast<std::size_t>(wrote);
    }
    if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) give_up();
    stored_.whole += text.size();
    stored_.lines.push_back(std::move(line));
  }

 private:
  [[nodiscard]] off_t size() const noexcept { return static_cast<off_t>(stored_.whole); }

  [[noreturn]] void give_up() const {
    const int reason = errno;
    const bool cut = ::ftruncate(descriptor_, size()) == 0;
    errno = reason;
    refuse(cut ? "cannot be written; what was finished before is in it"
               : "cannot be written; its last line may be a half one, which the next run drops");
  }

  [[noreturn]] void refuse(const char* what) const {
    throw outthink::error(outthink::errc::file_unreadable,
                          path_ + " " + what + ": " + std::generic_category().message(errno));
  }

  std::string path_;
  int descriptor_ = -1;
  stored_results stored_;
};

}  // namespace bench
