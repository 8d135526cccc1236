// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/record_format.hpp>
#include <outthink/runtime/journal/request_fields.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace outthink {

/// How a journal writes what language models are asked and answer; see `record_format`.
struct generation_format {
  static constexpr std::string_view kind = "generation";
  static constexpr std::array<std::string_view, 3> endings{"step_end", "text_end", "length"};

  [[nodiscard]] static trace_view trace(const generation_request& asked) { return asked.trace; }

  static void write(const generation_request& asked, json_writer& out) {
    write_rule(*asked.rule, out);
    out.member("until", asked.until == extent::step ? "step" : "solution")
        .member("max_tokens", asked.max_tokens)
        .member("temperature", asked.sampling.temperature)
        .member("top_k", asked.sampling.top_k)
        .member("top_p", asked.sampling.top_p);
    write_stream(asked.stream, out);
    out.member("ordinal", asked.ordinal);
  }

  static void write(const generation& answer, json_writer& out) {
    out.member("text", answer.text)
        .member("ended", endings.at(static_cast<std::size_t>(answer.ended)))
        .member("logprob", answer.logprob);
    if (answer.drawn_logprob == answer.drawn_logprob) {
      out.member("drawn_logprob", answer.drawn_logprob);
    }
    if (!answer.confidences.empty()) out.list("confidences", answer.confidences);
  }

  [[nodiscard]] static generation read(json_reader& in) {
    generation answer;
    answer.text = in.text("text");
    const std::string ended = in.text("ended");
    std::size_t i = 0;
    while (i < endings.size() && endings[i] != ended) ++i;
    if (i == endings.size()) throw error(errc::malformed_file, "no generation ends by " + ended);
    answer.ended = static_cast<finish>(i);
    answer.logprob = in.number<float>("logprob");
    if (in.next_is("drawn_logprob")) answer.drawn_logprob = in.number<float>("drawn_logprob");
    if (in.next_is("confidences")) {
      in.numbers<float>("confidences", [&](float one) { answer.confidences.push_back(one); });
    }
    return answer;
  }

  [[nodiscard]] static bool answered(const generation& answer) {
    return answer.ended != finish::failed;
  }
};

namespace detail {

template <>
struct library_format<generation_request, generation> {
  using type = generation_format;
};

}  // namespace detail

}  // namespace outthink
