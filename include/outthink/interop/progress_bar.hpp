// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace outthink {

/// @brief An observer that draws a run's progress on one line of the terminal.
///
/// How it works: the line is drawn anew at most ten times a second and wiped at the end. On
/// something that is not a terminal nothing is drawn.
/// Requires: an open stream; one bar at a time on a stream.
/// Cost: some microseconds per drawing. Errors: none.
/// Example: examples/quickstart.cpp.
class progress_bar {
 public:
  explicit progress_bar(std::string label, std::FILE* out = stderr)
      : label_(std::move(label)), out_(out), drawn_(is_terminal(out)) {}
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  ~progress_bar() { clear(); }

  /// Wipes the line, so that something else can be printed.
  void clear() const {
    if (!drawn_) return;
    fmt::print(out_, "\r\033[K");
    std::fflush(out_);
  }

  void on_batch(const progress& now) {
    if (!drawn_ || (now.seconds < next_drawing_ && now.done != now.total)) return;
    next_drawing_ = now.seconds + 0.1;
    constexpr std::size_t kWidth = 24;
    const std::size_t filled = now.total == 0 ? kWidth : kWidth * now.done / now.total;
    const double rate = now.seconds > 0 ? static_cast<double>(now.spent.tokens) / now.seconds : 0;
    fmt::print(out_, "\r\033[K{:<28} [{:#<{}}{:.<{}}] {:>4}/{} {:>8.0f} tokens/s", label_, "",
               filled, "", kWidth - filled, now.done, now.total, rate);
    std::fflush(out_);
  }

  void on_outcome(std::size_t, const outcome&) noexcept {}

 private:
  static bool is_terminal([[maybe_unused]] std::FILE* out) {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(out)) == 1;
#else
    return false;
#endif
  }

  std::string label_;
  std::FILE* out_;
  bool drawn_;
  double next_drawing_ = 0;
};

}  // namespace outthink
