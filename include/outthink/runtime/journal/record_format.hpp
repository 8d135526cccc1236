// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/json_reader.hpp>
#include <outthink/runtime/journal/json_writer.hpp>

#include <concepts>
#include <string_view>

namespace outthink {

/// @brief Says how a journal writes the requests and responses of a kind of service.
///
/// Semantic requirements that the compiler cannot check:
/// 1. Requests that differ are written differently, the trace included that `trace` gives: what is
///    written is what an answer is found by.
/// 2. What `read` makes of a written response is that response, bit for bit; the member `cost
///    spent`, if it has one, is kept by the journal itself.
///
/// Expressions:
/// * `F::kind`: a word for this kind of service.
/// * `f.write(asked, out)`, `f.write(answer, out)`: the members of a JSON object, without `end()`.
/// * `f.read(in)`: the response, its members in the order in which they were written.
/// * `f.answered(answer)`: false if the response says that there is none: it is not recorded.
/// * `f.trace(asked)`, if it is there: the `trace_view` that the request is about; `write` leaves
///   it out.
///
/// Models in this library: `generation_format`, `score_format`, `comparison_format`,
/// `choice_format`. Smallest model: `tests/archetypes/record_format.hpp`.
template <class F, class Request, class Response>
concept record_format = requires(const F& format, const Request& asked, const Response& answer,
                                 json_writer& out, json_reader& in) {
  { F::kind } -> std::convertible_to<std::string_view>;
  format.write(asked, out);
  format.write(answer, out);
  { format.read(in) } -> std::same_as<Response>;
  { format.answered(answer) } -> std::convertible_to<bool>;
};

namespace detail {

/// The library's format for a kind of service; there is none for services of your own.
template <class Request, class Response>
struct library_format;

}  // namespace detail

}  // namespace outthink
