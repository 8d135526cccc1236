// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace outthink {

/// @brief Writes lines to a file in such a way that a killed program leaves whole lines.
///
/// How it works: lines are collected and written, each piece in one call that ends where a line
/// ends, about once a second, when 64 KiB are there, and at the end.
/// Cost: a copy of the text. Errors: `errc::file_unwritable` if the file cannot be made. What
/// cannot be written later is dropped, and `complete()` turns false.
class line_writer {
 public:
  explicit line_writer(const std::string& path) : file_(std::fopen(path.c_str(), "w")) {
    if (!file_) throw error(errc::file_unwritable, path + ": " + std::strerror(errno));
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  }
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;
  ~line_writer() { flush(); }

  /// Adds whole lines; `seconds` is the time since the run began.
  void write(std::string_view lines, double seconds) {
    text_ += lines;
    if (text_.size() < kPiece && seconds < next_) return;
    flush();
    next_ = seconds + 1;
  }

  /// Writes what is collected.
  void flush() {
    if (text_.empty()) return;
    if (complete_) complete_ = std::fwrite(text_.data(), text_.size(), 1, file_.get()) == 1;
    text_.clear();
  }

  /// True if everything so far could be written.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  static constexpr std::size_t kPiece = 65536;

  std::unique_ptr<std::FILE, closer> file_;
  std::string text_;
  double next_ = 0;
  bool complete_ = true;
};

}  // namespace outthink
