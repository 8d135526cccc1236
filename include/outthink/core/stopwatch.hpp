// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>

namespace outthink {

/// @brief Measures wall time in seconds. (`<chrono>` would cost a third of the umbrella's size.)
class stopwatch {
 public:
  stopwatch() noexcept : start_(now()) {}
  /// Seconds since construction.
  [[nodiscard]] double seconds() const noexcept { return now() - start_; }

 private:
  static double now() noexcept {
    std::timespec time{};
#if defined(CLOCK_MONOTONIC)
    clock_gettime(CLOCK_MONOTONIC, &time);
#else
    std::timespec_get(&time, TIME_UTC);
#endif
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  double start_;
};

}  // namespace outthink
