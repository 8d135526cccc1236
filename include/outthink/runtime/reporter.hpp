// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/observer.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/runtime/service_queue.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace outthink::detail {

/// @brief Tells an observer what happens in a run.
///
/// What an observer does not ask for costs nothing: no clock is read and no event is made
/// (`tests/checks/free_observer.sh` compares the instructions).
template <class Observer>
class reporter {
 public:
  using observer_type = std::remove_reference_t<Observer>;

  explicit reporter(Observer observe) : observe_(static_cast<Observer&&>(observe)) {}

  /// Wall time since the run began.
  [[nodiscard]] double seconds() const noexcept { return watch_.seconds(); }

  void search_began(const request_owner& owner) {
    if constexpr (tells) tell(event_kind::search_began, {}, owner, {});
  }

  void search_ended(const request_owner& owner, const outcome& result) {
    if constexpr (tells) {
      const bool failed = result.status == outcome_status::failed;
      tell(event_kind::search_ended, {}, owner, {.failed = failed, .result = &result});
    }
    observe_.on_outcome(owner.problem, result);
  }

  /// A problem that was cancelled before its search began.
  void never_began(std::size_t problem, const outcome& result) {
    observe_.on_outcome(problem, result);
  }

  /// A batch goes out, and its requests with it. `Batch` has `size()` and `owner(i)`.
  template <class Batch>
  void batch_began(service_role to, const Batch& asked) {
    if constexpr (tells) {
      if (asked.size() == 0) return;
      tell(event_kind::batch_began, to, asked.owner(0), {.size = count(asked)});
      for (std::size_t i = 0; i < asked.size(); ++i) request_began(to, asked.owner(i));
    }
  }

  /// A batch is over, after its requests.
  template <class Batch>
  void batch_ended(service_role to, const Batch& asked) {
    if constexpr (tells) {
      tell(event_kind::batch_ended, to, asked.owner(0), {.size = count(asked)});
    }
  }

  /// A batch is over without answers, and its requests with it.
  template <class Batch>
  void batch_failed(service_role to, const Batch& asked) {
    if constexpr (tells) {
      for (std::size_t i = 0; i < asked.size(); ++i) request_failed(to, asked.owner(i));
      tell(event_kind::batch_ended, to, asked.owner(0), {.size = count(asked), .failed = true});
    }
  }

  /// A batch whose answers nobody sees but the searches is over.
  template <class Batch>
  void foreign_ended(const Batch& asked, bool failed) {
    if constexpr (tells) {
      if (failed) return batch_failed(service_role::other, asked);
      for (std::size_t i = 0; i < asked.size(); ++i) {
        tell(event_kind::request_ended, service_role::other, asked.owner(i), {});
      }
      batch_ended(service_role::other, asked);
    }
  }

  void request_began(service_role to, const request_owner& owner) {
    if constexpr (tells) tell(event_kind::request_began, to, owner, {});
  }

  template <class Answer>
  void request_ended(service_role to, const request_owner& owner, const Answer& answer) {
    if constexpr (tells) {
      details more;
      if constexpr (requires { answer.spent; }) more.spent = answer.spent;
      if constexpr (requires { answer.failure.empty(); }) more.failed = !answer.failure.empty();
      if constexpr (requires { answer.ended; }) more.failed = answer.ended == finish::failed;
      tell(event_kind::request_ended, to, owner, more);
    }
  }

  void request_failed(service_role to, const request_owner& owner) {
    if constexpr (tells) tell(event_kind::request_ended, to, owner, {.failed = true});
  }

  /// True if the observer threw at the latest event.
  [[nodiscard]] bool observer_threw() const noexcept {
    if constexpr (tells) return telling_;
    return false;
  }

  /// Where the run stands: `fill(progress&)` says it, but for the time.
  template <class Fill>
  void progressed(Fill fill) {
    if constexpr (!std::same_as<observer_type, no_observer>) {
      progress now;
      now.seconds = seconds();
      fill(now);
      observe_.on_batch(std::as_const(now));
    }
  }

 private:
  static constexpr bool tells = event_observer<observer_type>;

  struct details {
    std::uint32_t size = 1;
    bool failed = false;
    cost spent{};
    const outcome* result = nullptr;
  };

  template <class Batch>
  static std::uint32_t count(const Batch& asked) {
    return static_cast<std::uint32_t>(asked.size());
  }

  void tell(event_kind kind, service_role to, const request_owner& owner, const details& more) {
    const run_event event{.kind = kind,
                          .service = to,
                          .failed = more.failed,
                          .slot = owner.slot,
                          .problem = owner.problem,
                          .request = owner.tag,
                          .size = more.size,
                          .spent = more.spent,
                          .seconds = seconds(),
                          .result = more.result};
    telling_ = true;
    observe_.on_event(event);
    telling_ = false;
  }

  Observer observe_;
  stopwatch watch_;
  bool telling_ = false;
};

}  // namespace outthink::detail
