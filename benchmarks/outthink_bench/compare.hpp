// SPDX-License-Identifier: MIT
#pragma once

#include "table.hpp"
#include <outthink/analysis/mcnemar_test.hpp>
#include <outthink/analysis/paired_bootstrap.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Two strategies over the same problems.
struct comparison {
  std::string task, first, second;
  double first_accuracy = 0, second_accuracy = 0;
  outthink::paired_difference difference;
  outthink::discordant_pairs pairs;  ///< problems; one counts as solved from half its runs on
  outthink::mcnemar_p p;
};

namespace detail {

/// Mean over the seeds of each problem, in the order of `ids`.
inline std::vector<double> means_by_id(const measurement& of, const std::vector<std::string>& ids) {
  std::map<std::string, double> means;
  for (std::size_t i = 0; i < of.task->problems(); ++i) {
    for (std::size_t seed = 0; seed < of.seeds; ++seed)
      means[of.task->ids[i]] += of.accuracy[i * of.seeds + seed] / static_cast<double>(of.seeds);
  }
  std::vector<double> made;
  for (const std::string& id : ids) {
    const auto found = means.find(id);
    if (found == means.end())
      throw outthink::error(outthink::errc::invalid_argument,
                            "problem " + id +
                                " was worked on by one of the two only; compare "
                                "results over the same problems");
    made.push_back(found->second);
  }
  return made;
}

/// Small letters and numbers, in words.
inline std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-' || c == '_') {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

inline bool matches(const measurement& one, const std::string& wanted) {
  const std::vector<std::string> words = words_of(one.task->name + " " + label_of(one));
  for (const std::string& word : words_of(wanted)) {
    if (std::find(words.begin(), words.end(), word) == words.end()) return false;
  }
  return true;
}

}  // namespace detail

/// The difference, second less first, with its interval and its p values.
[[nodiscard]] inline comparison compare(const measurement& first, const measurement& second) {
  comparison made{first.task->name, label_of(first), label_of(second), {}, {}, {}, {}, {}};
  const std::vector<std::string>& ids = first.task->ids;
  const auto a = detail::means_by_id(first, ids), b = detail::means_by_id(second, ids);
  if (second.task->problems() != ids.size()) (void)detail::means_by_id(first, second.task->ids);
  made.first_accuracy = mean_of(a);
  made.second_accuracy = mean_of(b);
  made.difference = outthink::paired_bootstrap(a, b);
  std::vector<std::uint8_t> solved_a, solved_b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    solved_a.push_back(a[i] >= 0.5 ? 1 : 0);
    solved_b.push_back(b[i] >= 0.5 ? 1 : 0);
  }
  made.pairs = outthink::count_discordant(solved_a, solved_b);
  made.p = outthink::mcnemar_test(made.pairs);
  return made;
}

/// The one strategy whose label has all the words of `wanted`, such as "beam search N 16 weighted";
/// of several, the one that begins with the first of them.
/// Errors: `errc::invalid_argument` that lists what there is, if there is not exactly one.
[[nodiscard]] inline const measurement& find_strategy(const std::vector<measurement>& all,
                                                      const std::string& wanted) {
  outthink::require(!detail::words_of(wanted).empty(), "name a strategy to compare");
  std::vector<const measurement*> found;
  for (const measurement& one : all)
    if (detail::matches(one, wanted)) found.push_back(&one);
  // "best-of-N" is not meant for "weighted best-of-N".
  std::vector<const measurement*> begun;
  for (const measurement* one : found) {
    if (detail::words_of(label_of(*one))[0] == detail::words_of(wanted)[0]) begun.push_back(one);
  }
  if (begun.size() == 1) return *begun.front();
  if (found.size() == 1) return *found.front();
  std::string listed;
  for (const measurement& one : all) {
    if (found.empty() || detail::matches(one, wanted))
      listed += "\n  " + one.task->name + ": " + label_of(one);
  }
  throw outthink::error(
      outthink::errc::invalid_argument,
      fmt::format("{} strategies match '{}'; add words that tell them apart:{}",
                  found.empty() ? "no" : std::to_string(found.size()), wanted, listed));
}

[[nodiscard]] inline std::string comparison_text(const comparison& of) {
  return fmt::format(
      "{}\n  A: {:>5.1f} %  {}\n  B: {:>5.1f} %  {}\n  B - A: {:+.1f} points [{:+.1f}, {:+.1f}], "
      "p = {:.2g} (paired bootstrap)\n  solved by A alone {}, by B alone {}, p = {:.2g} (McNemar, "
      "exact)\n",
      of.task, 100 * of.first_accuracy, of.first, 100 * of.second_accuracy, of.second,
      100 * of.difference.difference, 100 * of.difference.range.low, 100 * of.difference.range.high,
      of.difference.p_value, of.pairs.first_only, of.pairs.second_only, of.p.exact);
}

}  // namespace bench
