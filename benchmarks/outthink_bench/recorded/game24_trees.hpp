// SPDX-License-Identifier: MIT
#pragma once

#include "makes_24.hpp"
#include "recorded_lines.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench::recorded {

/// A trace, the problem included, and what was logged after and about it.
struct logged_trace {
  std::vector<std::string> thoughts;  ///< in logged order
  float value = 0;                    ///< that GPT-4 gave
};

using thought_log = std::map<std::string, logged_trace, std::less<>>;

inline constexpr int kThoughtSteps = 4;

/// Continues a trace by its logged thoughts in order, and then repeats the last of them. A trace
/// that was not continued ends unfinished.
struct logged_thoughts {
  using request = outthink::generation_request;
  using response = outthink::generation;
  const thought_log* traces;
  std::set<std::string> not_continued{};  ///< problems with such a trace

  [[nodiscard]] std::vector<response> answer(std::span<const request> requests) {
    std::vector<response> answers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const outthink::trace_view& trace = requests[i].trace;
      const auto& thoughts = traces->at(trace.text()).thoughts;
      if (thoughts.empty()) {
        answers[i].ended = outthink::finish::length;
        not_continued.emplace(trace.prompt());
        continue;
      }
      answers[i].text = thoughts[std::min<std::size_t>(requests[i].ordinal, thoughts.size() - 1)];
      answers[i].ended = trace.steps() + 1 < kThoughtSteps ? outthink::finish::step_end
                                                           : outthink::finish::text_end;
    }
    return answers;
  }
};

/// Scores a trace by its logged value.
struct logged_values {
  using request = outthink::score_request;
  using response = outthink::verdict;
  const thought_log* traces;

  [[nodiscard]] std::vector<response> answer(std::span<const request> requests) const {
    std::vector<response> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      std::string text(requests[i].trace.prompt());
      std::uint32_t step = 0;
      for (const std::string_view thought : requests[i].trace.step_texts()) {
        text += thought;
        if (step++ >= requests[i].from) verdicts[i].scores.push_back(traces->at(text).value);
      }
    }
    return verdicts;
  }
};

/// The trees of thoughts that GPT-4 proposed and valued for 100 Game of 24 puzzles with a beam of
/// 5, which the library's beam search goes through again.
struct game24_trees {
  thought_log traces;
  std::vector<outthink::problem> puzzles;
  int most_thoughts = 0;
  std::size_t finals = 0, disagreements = 0;  ///< between `makes_24` and the published verdicts

  game24_trees() {
    for (const auto& entry : recorded_lines("game24_trees.jsonl")) {
      std::vector<std::string> texts;
      puzzles.emplace_back(entry["prompt"].get<std::string>() + "\n");
      for (const auto& node : entry["nodes"]) {
        const int parent = node[0].get<int>();
        if (parent < 0) {
          texts.push_back(puzzles.back().prompt);
          traces[texts.back()];
          continue;
        }
        const std::string& before = texts[static_cast<std::size_t>(parent)];
        auto& thoughts = traces[before].thoughts;
        thoughts.push_back(node[2].get<std::string>());
        most_thoughts = std::max(most_thoughts, static_cast<int>(thoughts.size()));
        texts.push_back(before + thoughts.back());
        // A repetition was logged with the value 0; the first of equal thoughts counts.
        traces.try_emplace(texts.back(), logged_trace{{}, node[1].get<float>()});
      }
      for (std::size_t i = 0; i < entry["finals"].size(); ++i) {
        const std::string& text = texts[entry["finals"][i].get<std::size_t>()];
        disagreements += right(text) != (entry["correct"][i].get<int>() == 1);
        ++finals;
      }
    }
  }

  /// Whether the last line of a puzzle's trace solves it.
  [[nodiscard]] static bool right(std::string_view trace) {
    const std::string_view puzzle = trace.substr(0, trace.find('\n'));
    while (trace.ends_with('\n')) trace.remove_suffix(1);
    const auto line = trace.rfind('\n');
    return makes_24(puzzle, trace.substr(line + 1));
  }

  struct result {
    int any = 0;                    ///< puzzles that one of the final beam solves
    int first = 0;                  ///< puzzles that its best-valued trace solves
    std::size_t not_continued = 0;  ///< puzzles with a kept thought that was not continued
  };

  [[nodiscard]] result search(int width) const {
    logged_thoughts model{&traces};
    const outthink::beam_search policy{
        .width = width, .expand = most_thoughts, .max_steps = kThoughtSteps};
    const auto outcomes =
        solve_all(puzzles, model, policy, logged_values{&traces}, outthink::best_score{});
    result found{.not_continued = model.not_continued.size()};
    for (std::size_t p = 0; p < outcomes.size(); ++p) {
      const outthink::outcome& one = outcomes[p];
      outthink::require(one.status == outthink::outcome_status::answered,
                        "a logged tree was not searched to its end");
      std::vector<float> values;
      for (const auto& made : one.candidates) values.push_back(made.step_scores.back());
      bool any = false;
      for (const std::size_t i : outthink::best_positions(values, static_cast<std::size_t>(width)))
        any = any || right(puzzles[p].prompt + one.candidates[i].solution);
      found.any += any;
      found.first += one.has_answer() && right(puzzles[p].prompt + one.best().solution);
    }
    return found;
  }
};

}  // namespace bench::recorded
