// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/runtime/journal/record_format.hpp>
#include <outthink/runtime/journal/request_fields.hpp>

#include <string_view>

namespace outthink {

/// How a journal writes what verifiers are asked and answer; see `record_format`.
struct score_format {
  static constexpr std::string_view kind = "score";

  [[nodiscard]] static trace_view trace(const score_request& asked) { return asked.trace; }

  static void write(const score_request& asked, json_writer& out) {
    out.member("from", asked.from).member("finished", asked.trace.finished());
    write_rule(*asked.rule, out);
    write_stream(asked.stream, out);
  }

  static void write(const verdict& answer, json_writer& out) { out.list("scores", answer.scores); }

  [[nodiscard]] static verdict read(json_reader& in) {
    verdict answer;
    in.numbers<float>("scores", [&](float score) { answer.scores.push_back(score); });
    return answer;
  }

  [[nodiscard]] static bool answered(const verdict& answer) { return answer.failure.empty(); }
};

namespace detail {

template <>
struct library_format<score_request, verdict> {
  using type = score_format;
};

}  // namespace detail

}  // namespace outthink
