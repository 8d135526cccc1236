// SPDX-License-Identifier: MIT
#pragma once

namespace outthink::backends::http {

/// When a server that fails is left alone, and when it is tried again.
struct breaker_policy {
  int failures = 5;  ///< in a row that open the breaker, at least 1
  double rest = 5;   ///< seconds until the server is tried again
};

/// @brief Keeps requests from a server that does not answer.
///
/// How it works: *closed* at first. Failures in a row open it; a success in between starts the
/// count anew. *Open*, it admits nothing until the rest is over, then one request on trial (*half
/// open*): if that succeeds, the breaker closes; if not, it rests again. Where the server has a
/// health check, the check comes first, and the trial only after it has passed.
///
/// Requires: `now` never goes back; seconds. Cost: a few words. Errors: none. Determinism: a
/// function of what it is told. Reference: M. Nygard, Release It!, 2007, "Circuit Breaker".
class circuit_breaker {
 public:
  circuit_breaker(breaker_policy policy, bool checks) noexcept : policy_(policy), checks_(checks) {}

  [[nodiscard]] bool closed() const noexcept { return failures_ < policy_.failures; }
  /// True if a request may be sent.
  [[nodiscard]] bool admits(double now) const noexcept {
    return closed() || (rested(now) && passed_ == checks_);
  }
  /// True if the server's health should be asked for now.
  [[nodiscard]] bool wants_check(double now) const noexcept {
    return !closed() && checks_ && !passed_ && rested(now);
  }
  /// When an open breaker's rest is over.
  [[nodiscard]] double rests_until() const noexcept { return rests_until_; }

  /// A request or a check was sent.
  void sent() noexcept { trying_ = !closed(); }
  /// A request was answered.
  void succeeded() noexcept {
    failures_ = 0;
    trying_ = passed_ = false;
  }
  /// A request failed by the server's fault.
  void failed(double now) noexcept {
    if (closed()) ++failures_;
    trying_ = passed_ = false;
    rests_until_ = now + policy_.rest;
  }
  /// A request was given up for other reasons, which says nothing of the server.
  void withdrawn() noexcept { trying_ = false; }
  /// The server's health check has passed, or not.
  void checked(bool passed, double now) noexcept {
    trying_ = false;
    passed_ = passed;
    if (!passed) rests_until_ = now + policy_.rest;
  }

 private:
  [[nodiscard]] bool rested(double now) const noexcept { return !trying_ && now >= rests_until_; }

  breaker_policy policy_;
  bool checks_;
  bool passed_ = false;  // the check, since the last failure
  bool trying_ = false;  // a trial or a check is under way
  int failures_ = 0;
  double rests_until_ = 0;
};

}  // namespace outthink::backends::http
