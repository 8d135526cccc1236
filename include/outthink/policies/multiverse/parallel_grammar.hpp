// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// Where a text breaks a grammar, and how.
struct grammar_fault {
  std::size_t position;  ///< of the tag at which it is seen; the text's length at its end
  const char* reason;
};

/// @brief Checks a text of Multiverse models: blocks `<Parallel> <Goal> <Outline>1: a</Outline>
/// <Outline>2: b</Outline> </Goal> <Path>1: ..</Path> <Path>2: ..</Path>
/// <Conclusion>..</Conclusion>
/// </Parallel>`. Gives the first fault, nothing if there is none.
///
/// A block stands in the text itself or in a path. It has a goal first, then paths, as many as the
/// goal has outlines if it has any, and at least one, and a conclusion last. Between tags any text
/// may stand; tags with other names are text.
/// Cost: O(length). Errors: `std::bad_alloc`.
/// Reference: X. Yang et al. 2025, arXiv:2506.09991 (Multiverse), and the check of its training
/// data, which does not compare paths with outlines.
[[nodiscard]] inline std::optional<grammar_fault> find_parallel_fault(std::string_view text) {
  enum class element : std::uint8_t { parallel, goal, outline, path, conclusion };
  constexpr std::array<std::string_view, 5> kNames{"Parallel", "Goal", "Outline", "Path",
                                                   "Conclusion"};
  struct entry {
    element kind;
    std::size_t outlines = 0, paths = 0;  // of a block
    bool has_goal = false, has_conclusion = false;
  };
  std::vector<entry> open;
  const auto why_not = [&open](element next) -> const char* {
    entry* const in = open.empty() ? nullptr : &open.back();
    const bool in_block = in != nullptr && in->kind == element::parallel;
    switch (next) {
      case element::parallel:
        if (in == nullptr || in->kind == element::path) return nullptr;
        return "a <Parallel> stands in the text itself or in a <Path>";
      case element::outline:
        if (in == nullptr || in->kind != element::goal) return "an <Outline> stands in a <Goal>";
        ++open[open.size() - 2].outlines;
        return nullptr;
      case element::goal:
        if (!in_block) return "a <Goal> stands in a <Parallel>";
        if (in->has_goal) return "a <Parallel> has one <Goal>, before all else";
        in->has_goal = true;
        return nullptr;
      case element::path:
        if (!in_block) return "a <Path> stands in a <Parallel>";
        if (!in->has_goal) return "a <Path> comes after the <Goal>";
        if (in->has_conclusion) return "a <Path> comes before the <Conclusion>";
        ++in->paths;
        return nullptr;
      default:
        if (!in_block) return "a <Conclusion> stands in a <Parallel>";
        if (in->has_conclusion) return "a <Parallel> has one <Conclusion>";
        if (in->paths == 0) return "a <Conclusion> comes after at least one <Path>";
        if (in->outlines > 0 && in->outlines != in->paths) {
          return "there are as many paths as outlines";
        }
        in->has_conclusion = true;
        return nullptr;
    }
  };
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool closes = at + 1 < text.size() && text[at + 1] == '/';
    const std::string_view rest = text.substr(at + (closes ? 2 : 1));
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (!rest.starts_with(kNames[i]) || rest.size() == kNames[i].size()) continue;
      if (rest[kNames[i].size()] != '>') continue;
      const auto kind = static_cast<element>(i);
      if (!closes) {
        if (const char* reason = why_not(kind)) return grammar_fault{at, reason};
        open.push_back({.kind = kind});
      } else if (open.empty() || open.back().kind != kind) {
        return grammar_fault{at, "a tag is closed that is not the last open one"};
      } else if (kind == element::parallel && !open.back().has_conclusion) {
        return grammar_fault{at, "a <Parallel> ends with a <Conclusion>"};
      } else {
        open.pop_back();
      }
    }
  }
  if (!open.empty()) return grammar_fault{text.size(), "a tag is not closed"};
  return std::nullopt;
}

/// @brief The labels of the outlines of the text's last goal: what stands before the colon, `1` in
/// `<Outline>1: try small cases</Outline>`, or else the outline's number.
///
/// Cost: O(length). Errors: none; a goal without outlines has no labels.
[[nodiscard]] inline std::vector<std::string> outline_labels(std::string_view text) {
  constexpr std::string_view kOpen = "<Outline>", kClose = "</Outline>";
  const std::size_t goal = text.rfind("<Goal>");
  if (goal == std::string_view::npos) return {};
  std::vector<std::string> labels;
  for (std::size_t at = text.find(kOpen, goal); at != std::string_view::npos;
       at = text.find(kOpen, at)) {
    at += kOpen.size();
    const std::string_view outline = text.substr(at, text.find(kClose, at) - at);
    const std::size_t colon = outline.find(':');
    const std::size_t begin = outline.find_first_not_of(" \n");
    const bool labelled = colon != std::string_view::npos && begin < colon;
    labels.push_back(labelled ? std::string(outline.substr(begin, colon - begin))
                              : std::to_string(labels.size() + 1));
  }
  return labels;
}

}  // namespace outthink
