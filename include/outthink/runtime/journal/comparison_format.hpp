// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/comparer.hpp>
#include <outthink/runtime/journal/record_format.hpp>
#include <outthink/runtime/journal/request_fields.hpp>

#include <string_view>

namespace outthink {

/// How a journal writes what comparers are asked and answer; see `record_format`.
struct comparison_format {
  static constexpr std::string_view kind = "comparison";

  static void write(const comparison_request& asked, json_writer& out) {
    out.member("problem", asked.problem)
        .member("first", asked.first)
        .member("second", asked.second);
    write_stream(asked.stream, out);
  }

  static void write(const comparison& answer, json_writer& out) {
    out.member("first_wins", answer.first_wins);
  }

  [[nodiscard]] static comparison read(json_reader& in) {
    comparison answer;
    answer.first_wins = in.number<float>("first_wins");
    return answer;
  }

  [[nodiscard]] static bool answered(const comparison& answer) { return answer.failure.empty(); }
};

namespace detail {

template <>
struct library_format<comparison_request, comparison> {
  using type = comparison_format;
};

}  // namespace detail

}  // namespace outthink
