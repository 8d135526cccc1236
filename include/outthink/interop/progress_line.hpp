// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace outthink {

/// The surest answer of a run so far.
struct best_so_far {
  std::string answer;  ///< empty: there is none yet
  double confidence = -1;

  /// Takes note of an outcome; of equally sure ones the first stays.
  void note(const outcome& result) {
    if (!result.has_answer() || !(result.confidence > confidence)) return;
    answer = result.answer;
    confidence = result.confidence;
  }
};

namespace detail {

/// 1234567 as "1.2M".
inline std::string short_number(double number) {
  constexpr std::string_view kUnits = " kMGTP";
  std::size_t unit = 0;
  for (; number >= 999.5 && unit + 1 < kUnits.size(); ++unit) number /= 1000;
  if (unit == 0) return fmt::format("{:.0f}", number);
  return fmt::format("{:.{}f}{}", number, number < 9.95 ? 1 : 0, kUnits[unit]);
}

/// 3725 seconds as "1:02:05".
inline std::string clock_text(double seconds) {
  if (!(seconds < 360000)) return "-:--";
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

/// `text` on one line of printable ASCII, at most `most` characters.
inline std::string plain_excerpt(std::string_view text, std::size_t most) {
  std::string shown;
  for (const char c : text.substr(0, most)) shown += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > most) shown.replace(most - 3, 3, "...");
  return shown;
}

}  // namespace detail

/// @brief Where a run stands, in words: problems, rate, time left, tokens, cost, surest answer.
///
/// The rate is the mean since the run began, the time left what it makes of the problems that have
/// no outcome yet. The cost is shown once there is one.
[[nodiscard]] inline std::string progress_line(const progress& now, const best_so_far& best) {
  const double rate = now.seconds > 0 ? static_cast<double>(now.done) / now.seconds : 0;
  const auto tokens = static_cast<double>(now.spent.tokens);
  std::string line = fmt::format("{}/{}", now.done, now.total);
  auto end = std::back_inserter(line);
  if (now.done > 0) fmt::format_to(end, "  {:.{}f}/s", rate, rate < 10 ? 2 : 0);
  if (now.done < now.total) {
    const auto left = static_cast<double>(now.total - now.done);
    fmt::format_to(end, "  {} left", rate > 0 ? detail::clock_text(left / rate) : "-:--");
  } else {
    fmt::format_to(end, "  in {}", detail::clock_text(now.seconds));
  }
  fmt::format_to(end, "  {} tokens", detail::short_number(tokens));
  if (now.seconds > 0) {
    fmt::format_to(end, " ({}/s)", detail::short_number(tokens / now.seconds));
  }
  if (now.spent.money > 0) fmt::format_to(end, "  cost {:.4g}", now.spent.money);
  if (!best.answer.empty()) {
    fmt::format_to(end, "  best {:.2f} {}", best.confidence,
                   detail::plain_excerpt(best.answer, 20));
  }
  return line;
}

}  // namespace outthink
