// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace bench::recorded {

/// Who gives the number that ours is compared with.
enum class origin : bool {
  recomputed,  ///< a plain Python script over the same logs
  published    ///< the authors
};

/// A number of a table, computed by the library from recorded outputs.
struct reproduced_number {
  std::string item;
  double ours = 0;
  double expected = 0;
  int digits = 0;  ///< of `expected` after the point
  origin from = origin::recomputed;

  /// Ours rounds to what is expected.
  [[nodiscard]] bool agrees() const { return rounds_to(ours, expected, digits); }
};

struct reproduced_table {
  std::string title;
  std::string source;
  std::string unit;  ///< "%", "points", "tokens"; empty: a count
  std::vector<reproduced_number> numbers{};
};

/// All tables, in the order in which they are shown. Errors: those of reading the extracts.
/// Cost: some seconds.
[[nodiscard]] std::vector<reproduced_table> reproduced_tables();

[[nodiscard]] inline std::size_t mismatches(const std::vector<reproduced_table>& tables) {
  std::ptrdiff_t count = 0;
  for (const reproduced_table& one : tables) {
    count += std::count_if(one.numbers.begin(), one.numbers.end(),
                           [](const reproduced_number& n) { return !n.agrees(); });
  }
  return static_cast<std::size_t>(count);
}

/// The tables for the terminal, with a last line that says how many numbers agree.
[[nodiscard]] inline std::string reproduced_text(const std::vector<reproduced_table>& tables) {
  std::string made;
  std::size_t all = 0, published = 0;
  for (const reproduced_table& one : tables) {
    std::size_t width = 0;
    for (const reproduced_number& n : one.numbers) width = std::max(width, n.item.size());
    made += fmt::format("\n{}{}\n{}\n{:<{}}{:>12}{:>12}{:>12}\n", one.title,
                        one.unit.empty() ? "" : ", " + one.unit, one.source, "", width, "ours",
                        "expected", "difference");
    for (const reproduced_number& n : one.numbers) {
      made += fmt::format("{:<{}}{:>12.{}f}{:>12.{}f}", n.item, width, n.ours, n.digits, n.expected,
                          n.digits);
      if (n.agrees()) {
        made += fmt::format("{:>12}  {}\n", 0,
                            n.from == origin::published ? "published" : "recomputed");
      } else {
        made += fmt::format("{:>+12.{}f}  MISMATCH\n", n.ours - n.expected, n.digits + 1);
      }
      ++all;
      published += n.from == origin::published ? 1 : 0;
    }
  }
  return made + fmt::format("\n{} numbers, {} of them published: {} do not agree\n", all, published,
                            mismatches(tables));
}

/// The tables as the member `published` of a report.
[[nodiscard]] inline nlohmann::json reproduced_as_json(
    const std::vector<reproduced_table>& tables) {
  nlohmann::json lines = nlohmann::json::array();
  for (const reproduced_table& one : tables) {
    const bool counts = one.unit != "%" && !one.unit.empty();
    for (const reproduced_number& n : one.numbers) {
      const auto expected = nlohmann::json::parse(fmt::format("{:.{}f}", n.expected, n.digits));
      lines.push_back({{"table", counts ? one.title + ", " + one.unit : one.title},
                       {"source", one.source},
                       {"what", n.item},
                       {"published", expected},
                       {"ours", n.agrees() ? expected : nlohmann::json(n.ours)},
                       {"unit", counts ? "" : one.unit},
                       {"recomputed", n.from == origin::recomputed},
                       {"note", n.agrees() ? nlohmann::json() : nlohmann::json("mismatch")}});
    }
  }
  return {{"published", std::move(lines)}};
}

}  // namespace bench::recorded
