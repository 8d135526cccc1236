// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// An answer that came in, by the tag that its request was submitted with.
template <class Response>
struct completion {
  std::uint64_t tag;
  Response answer;
};

/// @brief A service that takes requests one at a time and answers them in any order: a search goes
/// on as soon as its own answers are in, however slow another's are.
///
/// It is a `service` too, so that it can be used wherever one can.
///
/// Semantic requirements that the compiler cannot check:
/// 1. Every submitted request gets one completion, with its tag, at some call of `wait`. A failure
///    of one request is reported in its response.
/// 2. The request is valid until `submit` returns: a service copies what it needs.
/// 3. A response depends on its request alone.
/// 4. `capacity()` is positive where nothing is under way.
/// 5. An exception from `submit` concerns that request, which is not under way then. One from
///    `wait` concerns all that are under way; `abandon` follows.
///
/// Expressions:
/// * `s.capacity()`: how many more requests it takes now.
/// * `s.submit(tag, asked)`: sends a request; returns at once.
/// * `s.wait(done, seconds)`: appends to `done` the answers that are in, all of them; if there is
///   none, waits for one, at most so long. Returns at once if nothing is under way.
/// * `s.abandon()`: gives up all that is under way: no completion of it comes.
///
/// Models in this library: `backends::openai`, `backends::reward_server`. See also:
/// `cancellable_service`.
/// Smallest model: `tests/archetypes/asynchronous_service.hpp`.
template <class S>
concept asynchronous_service = service<S> &&
    requires(S& s, const typename S::request& asked, std::uint64_t tag,
             std::vector<completion<typename S::response>>& done, double seconds) {
  { s.capacity() } -> std::convertible_to<std::size_t>;
  s.submit(tag, asked);
  s.wait(done, seconds);
  s.abandon();
};

/// @brief An asynchronous service that can give up a single request, so that nobody waits for or
/// computes what an ended search had asked for.
///
/// * `s.cancel(tag)`: gives up the request of that tag; no completion of it comes. It is under way.
template <class S>
concept cancellable_service = asynchronous_service<S> && requires(S& s, std::uint64_t tag) {
  s.cancel(tag);
};

/// The operation `answer` of an asynchronous service of which nothing is under way: submits the
/// batch and waits for all of it.
template <class Service>
[[nodiscard]] std::vector<typename Service::response> answer_by_waiting(
    Service& asked, std::span<const typename Service::request> batch) {
  constexpr double kForever = 3600;
  std::vector<typename Service::response> answers(batch.size());
  std::vector<completion<typename Service::response>> done;
  try {
    for (std::size_t sent = 0, received = 0; received < batch.size();) {
      for (; sent < batch.size() && asked.capacity() > 0; ++sent) asked.submit(sent, batch[sent]);
      done.clear();
      asked.wait(done, kForever);
      for (auto& [tag, answer] : done) answers[tag] = std::move(answer);
      received += done.size();
    }
  } catch (...) {
    asked.abandon();
    throw;
  }
  return answers;
}

}  // namespace outthink
