// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/outcome_bytes.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace outthink {

/// @brief Keeps outcomes in a file as they come in, so that the next run need not search again.
///
/// How it works: an outcome is appended in one piece. The file is read when it is first used; what
/// a kill left half written at its end is cut off. `run` names what the keys do not: policy, model,
/// options. Of several outcomes with one key the first counts.
///
/// Requires: one program at a time on a file. Cost: holds the outcomes of earlier runs in memory.
/// Errors: `errc::malformed_file` if the file is another run's or no such file at all;
/// `errc::file_unwritable` if it cannot be written, a full disk included: what is there stays.
/// An outcome outlives the program as soon as `keep` returns, not a loss of power.
/// Example: examples/mpi_sweep.cpp.
class outcome_file {
 public:
  explicit outcome_file(std::string path, std::string run = {})
      : path_(std::move(path)), header_("outthink outcomes 1: " + one_line(run) + "\n") {}

  /// The outcome with this key, if there is one.
  [[nodiscard]] std::optional<outcome> find(std::uint64_t key) {
    open();
    const auto known = known_.find(key);
    if (known == known_.end()) return std::nullopt;
    return outcome_from_bytes(known->second);
  }

  /// Adds an outcome.
  void keep(std::uint64_t key, const outcome& result) {
    open();
    const std::string bytes = to_bytes(result);
    detail::byte_writer record;
    record(key);
    record(hash_text(bytes));
    record(bytes);
    append(record.bytes);
    known_.emplace(key, bytes);
  }

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  static std::string one_line(std::string text) {
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }

  void open() {
    if (file_) return;
    std::string content;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path_, ignored)) {  // not a device, which may not end
      std::ifstream before(path_, std::ios::binary);
      content.assign(std::istreambuf_iterator<char>(before), std::istreambuf_iterator<char>());
    }
    const bool is_new = content.size() < header_.size() && header_.starts_with(content);
    if (!is_new && !content.starts_with(header_)) {
      throw error(errc::malformed_file,
                  path_ + ": begins with \"" + content.substr(0, content.find('\n')).substr(0, 80) +
                      "\" instead of \"" + header_.substr(0, header_.size() - 1) +
                      "\"; remove the file, or name another one");
    }
    const std::size_t good = is_new ? 0 : read(content);
    if (good < content.size()) cut(good);
    file_.reset(std::fopen(path_.c_str(), "ab"));
    if (!file_) throw unwritable();
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
    if (is_new) append(header_);
  }

  // Reads the records of a file's content; returns where the last whole one ends.
  std::size_t read(std::string_view content) {
    detail::byte_reader in(content.substr(header_.size()));
    std::size_t good = header_.size();
    try {
      while (!in.rest().empty()) {
        std::uint64_t key = 0, hash = 0;
        std::string bytes;
        in(key), in(hash), in(bytes);
        if (hash_text(bytes) != hash) break;
        known_.emplace(key, std::move(bytes));
        good = content.size() - in.rest().size();
      }
    } catch (const error&) {  // half a record
    }
    return good;
  }

  void cut(std::size_t size) {
    std::error_code problem;
    std::filesystem::resize_file(path_, size, problem);
    if (problem) throw error(errc::file_unwritable, path_ + ": " + problem.message());
  }

  void append(std::string_view bytes) {
    if (std::fwrite(bytes.data(), bytes.size(), 1, file_.get()) != 1) throw unwritable();
  }

  [[nodiscard]] error unwritable() const {
    return {errc::file_unwritable, path_ + ": " + std::strerror(errno)};
  }

  std::string path_;
  std::string header_;
  std::unique_ptr<std::FILE, closer> file_;
  std::unordered_map<std::uint64_t, std::string> known_;
};

}  // namespace outthink
