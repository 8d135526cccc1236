// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

namespace outthink {

namespace detail {

template <class Batch, class Response>
concept batch_of = requires(Batch& answers, std::size_t i) {
  { answers.size() } -> std::convertible_to<std::size_t>;
  { std::move(answers[i]) } -> std::convertible_to<Response>;
};

}  // namespace detail

/// @brief Names what is asked and what is answered, without saying how: enough for a search whose
/// caller answers the requests (see `scheduler::ask`).
///
/// * `S::request`: movable; `S::response`: movable.
template <class S>
concept service_interface = requires {
  requires std::movable<typename S::request>;
  requires std::movable<typename S::response>;
};

/// @brief Answers batches: the one primitive that every search waits for.
///
/// Semantic requirements that the compiler cannot check:
/// 1. `answer` returns one response for each request, in order.
/// 2. A response depends on its request alone, not on the rest of the batch.
/// 3. Requests are valid until `answer` returns; a service that keeps one copies what it needs.
/// 4. A failure of one request is reported in its response; an exception fails the whole batch
///    (which the scheduler then asks again, search by search, to find the culprit).
///
/// Expressions:
/// * `s.answer(batch)`: something with `size()` and `operator[]` whose elements convert to
///   `S::response` when moved from; a `std::vector<response>` is the usual choice.
///
/// Models in this library: every language model, verifier and environment.
/// Smallest model: `tests/archetypes/service.hpp`.
template <class S>
concept service = service_interface<S> &&
    requires(S& s, std::span<const typename S::request> batch) {
  { s.answer(batch) } -> detail::batch_of<typename S::response>;
};

}  // namespace outthink
