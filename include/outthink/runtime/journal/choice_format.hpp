// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/chooser.hpp>
#include <outthink/runtime/journal/record_format.hpp>
#include <outthink/runtime/journal/request_fields.hpp>

#include <cstddef>
#include <string_view>

namespace outthink {

/// How a journal writes what choosers are asked and answer; see `record_format`.
struct choice_format {
  static constexpr std::string_view kind = "choice";

  static void write(const choice_request& asked, json_writer& out) {
    out.member("problem", asked.problem).list("texts", asked.texts);
    write_stream(asked.stream, out);
  }

  static void write(const choice& answer, json_writer& out) { out.member("chosen", answer.chosen); }

  [[nodiscard]] static choice read(json_reader& in) {
    choice answer;
    answer.chosen = in.number<std::size_t>("chosen");
    return answer;
  }

  [[nodiscard]] static bool answered(const choice& answer) { return answer.failure.empty(); }
};

namespace detail {

template <>
struct library_format<choice_request, choice> {
  using type = choice_format;
};

}  // namespace detail

}  // namespace outthink
