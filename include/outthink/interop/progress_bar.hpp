// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>
#include <outthink/interop/progress_line.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace outthink {

/// @brief An observer that shows a run's progress: a bar on one line of a terminal, or now and then
/// a plain line anywhere else.
///
/// How it works: shows `progress_line`. On a terminal the line is drawn anew at most ten times a
/// second, cut to the terminal's width, and wiped at the end. On anything else a line is added
/// every ten seconds, so that a run shorter than that leaves nothing in a log.
/// Requires: an open stream; one bar at a time on a stream.
/// Cost: some microseconds per drawing. Errors: none.
/// Example: examples/quickstart.cpp.
class progress_bar {
 public:
  explicit progress_bar(std::string label, std::FILE* out = stderr)
      : label_(std::move(label)),
        out_(out),
        is_terminal_(is_terminal(out)),
        next_(is_terminal_ ? 0 : kPlain) {}
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  ~progress_bar() { clear(); }

  /// Wipes the line, so that something else can be printed.
  void clear() const {
    if (!is_terminal_) return;
    fmt::print(out_, "\r\033[K");
    std::fflush(out_);
  }

  void on_batch(const progress& now) {
    const bool at_end = is_terminal_ && now.done == now.total;
    if (now.seconds < next_ && !at_end) return;
    next_ = now.seconds + (is_terminal_ ? kDrawing : kPlain);
    if (is_terminal_) {
      draw(now);
    } else {
      fmt::print(out_, "{}: {}\n", label_, progress_line(now, best_));
    }
    std::fflush(out_);
  }

  void on_outcome(std::size_t, const outcome& result) { best_.note(result); }

 private:
  static constexpr double kDrawing = 0.1;  // seconds between two drawings
  static constexpr double kPlain = 10;     // seconds between two plain lines

  void draw(const progress& now) const {
    constexpr std::size_t kWidth = 16;
    const std::size_t filled = now.total == 0 ? kWidth : kWidth * now.done / now.total;
    std::string line = fmt::format("{} [{:#<{}}{:.<{}}] {}", label_, "", filled, "",
                                   kWidth - filled, progress_line(now, best_));
    line.resize(std::min(line.size(), columns() - 1));
    fmt::print(out_, "\r\033[K{}", line);
  }

  // A line that wraps could not be wiped.
  [[nodiscard]] std::size_t columns() const {
    constexpr std::size_t kUnknown = 120;
#if defined(__unix__) || defined(__APPLE__)
    winsize size{};
    if (ioctl(fileno(out_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#endif
    return kUnknown;
  }

  static bool is_terminal([[maybe_unused]] std::FILE* out) {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(out)) == 1;
#else
    return false;
#endif
  }

  std::string label_;
  std::FILE* out_;
  bool is_terminal_;
  double next_;
  best_so_far best_;
};

}  // namespace outthink
