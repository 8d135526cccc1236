// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>

#include <fmt/format.h>

#include <string_view>

/// Formats an error code as its sentence.
template <>
struct fmt::formatter<outthink::errc> : fmt::formatter<std::string_view> {
  auto format(outthink::errc code, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(outthink::describe(code), context);
  }
};

/// Formats a status as its word.
template <>
struct fmt::formatter<outthink::outcome_status> : fmt::formatter<std::string_view> {
  auto format(outthink::outcome_status status, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(outthink::to_string(status), context);
  }
};

/// Formats a candidate as its steps, one per line, each with its score in front if it has one.
template <>
struct fmt::formatter<outthink::candidate> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }

  auto format(const outthink::candidate& from, fmt::format_context& context) const {
    auto out = context.out();
    for (std::size_t i = 0; i < from.steps(); ++i) {
      std::string_view step = from.step(i);
      while (step.ends_with('\n')) step.remove_suffix(1);
      if (!from.step_scores.empty()) out = fmt::format_to(out, "{:6.3f}  ", from.step_scores[i]);
      out = fmt::format_to(out, "{}\n", step);
    }
    return out;
  }
};

/// Formats an outcome as one line: answer, confidence, status if it is not `answered`, tokens.
template <>
struct fmt::formatter<outthink::outcome> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }

  auto format(const outthink::outcome& from, fmt::format_context& context) const {
    auto out = context.out();
    if (from.status == outthink::outcome_status::failed) {
      return fmt::format_to(out, "failed: {}", from.message);
    }
    out = from.has_answer() ? fmt::format_to(out, "{}", from.answer)
                            : fmt::format_to(out, "no answer");
    out = fmt::format_to(out, "  ({:.0f} % sure, {} tokens", 100 * from.confidence,
                         from.spent.tokens);
    if (from.status != outthink::outcome_status::answered) {
      out = fmt::format_to(out, ", {}", outthink::to_string(from.status));
    }
    return fmt::format_to(out, ")");
  }
};
