// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/candidate.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/digest.hpp>
#include <outthink/runtime/journal/generation_format.hpp>
#include <outthink/runtime/journal/json_reader.hpp>
#include <outthink/runtime/journal/schema.hpp>
#include <outthink/runtime/journal/score_format.hpp>
#include <outthink/runtime/solve_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink {

/// A problem of a journal and the finished solutions that were recorded for it.
struct recorded_problem {
  std::string prompt;
  std::vector<candidate> candidates;
};

/// Which of a journal's answers count, and what is made of them.
struct recorded_options {
  std::string model{};  ///< the name of the service that wrote the solutions; empty: all
  std::string judge{};  ///< the name of the service that scored them; empty: all
  answer_extractor answer = &whole_solution;
  answer_normaliser key = nullptr;
};

namespace detail {

/// Collects the solutions of a journal; see `recorded_solutions`.
class solution_reader {
 public:
  solution_reader(const std::string& path, const recorded_options& options)
      : options_(options), file_(path, sqlite::access::read) {
    check_schema(file_);
    read_traces();
    read_scores();
    read_generations();
  }

  [[nodiscard]] std::vector<recorded_problem> take() { return std::move(problems_); }

 private:
  static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

  // A trace: its last step, or the problem, and what is known of that step.
  struct row {
    std::int64_t parent = 0;  // 0: `text` is a problem
    std::string text;
    digester whole;
    std::uint32_t tokens = 0;
    float logprob = 0;
    float score = kNone;
  };

  void read_traces() {
    sqlite::statement all = file_.prepare("SELECT id, parent, text FROM traces ORDER BY id");
    while (all.step()) {
      row made{.parent = all.integer(1), .text = std::string(all.text(2)), .whole = {}};
      if (made.parent != 0) {
        const auto parent = traces_.find(made.parent);
        if (parent == traces_.end()) continue;  // lost in a damaged journal
        made.whole = parent->second.whole;
      }
      made.whole.add(std::string_view(made.text));
      ids_.emplace(made.whole.value(), all.integer(0));
      traces_.emplace(all.integer(0), std::move(made));
    }
  }

  template <class Take>
  void each_answer(std::string_view kind, const std::string& service, Take take) {
    sqlite::statement all = file_.prepare(
        "SELECT a.trace, a.request, a.response, a.tokens_written FROM answers a "
        "JOIN services s ON s.id = a.service WHERE s.kind = ?1 AND (?2 = '' OR s.name = ?2) "
        "ORDER BY a.id");
    all.with(kind, service);
    while (all.step()) {
      if (traces_.contains(all.integer(0))) take(all);
    }
  }

  void read_scores() {
    each_answer(score_format::kind, options_.judge, [&](const sqlite::statement& answer) {
      json_reader in(answer.text(2));
      const verdict made = score_format::read(in);
      std::int64_t at = answer.integer(0);
      for (std::size_t i = made.scores.size(); i > 0 && traces_.contains(at); --i) {
        traces_[at].score = made.scores[i - 1];
        at = traces_[at].parent;
      }
    });
  }

  void read_generations() {
    each_answer(generation_format::kind, options_.model, [&](const sqlite::statement& answer) {
      json_reader request(answer.text(1)), response(answer.text(2));
      step_rule rule{.delimiter = request.text("delimiter")};
      request.texts("stops", [&](std::string stop) { rule.stops.push_back(std::move(stop)); });
      const generation made = generation_format::read(response);
      take(answer.integer(0), rule, made, static_cast<std::uint32_t>(answer.integer(3)));
    });
  }

  void take(std::int64_t trace, const step_rule& rule, const generation& made,
            std::uint32_t tokens) {
    const bool finished = made.ended == finish::text_end ||
                          (made.ended == finish::step_end && rule.stops_at(made.text));
    if (finished) return add_solution(trace, rule, made, tokens);
    if (made.ended != finish::step_end) return;
    digester whole = traces_[trace].whole;
    whole.add(std::string_view(made.text));
    if (const auto child = ids_.find(whole.value()); child != ids_.end()) {
      traces_[child->second].tokens = tokens;
      traces_[child->second].logprob = made.logprob;
    }
  }

  void add_solution(std::int64_t trace, const step_rule& rule, const generation& made,
                    std::uint32_t tokens) {
    candidate found;
    found.tokens = tokens;
    found.logprob = static_cast<double>(made.logprob);
    std::vector<std::int64_t> path;
    std::int64_t root = trace;
    for (; traces_[root].parent != 0; root = traces_[root].parent) path.push_back(root);
    std::reverse(path.begin(), path.end());
    for (const std::int64_t id : path) {
      found.tokens += traces_[id].tokens;
      found.logprob += static_cast<double>(traces_[id].logprob);
      add_step(found, traces_[id].text, traces_[id].score);
    }
    digester whole = traces_[trace].whole;
    for (std::string_view rest = made.text; !rest.empty();) {
      const std::string_view step = rest.substr(0, rule.first_step(rest));
      rest.remove_prefix(step.size());
      whole.add(step);
      const auto known = ids_.find(whole.value());
      add_step(found, step, known == ids_.end() ? kNone : traces_[known->second].score);
    }
    const auto scored = [](float score) { return score == score; };
    if (std::none_of(found.step_scores.begin(), found.step_scores.end(), scored)) {
      found.step_scores.clear();
    }
    found.answer = options_.answer(found.solution);
    if (options_.key && !found.answer.empty()) found.key = options_.key(found.answer);
    const auto [place, is_new] = places_.try_emplace(root, problems_.size());
    if (is_new) problems_.push_back({traces_[root].text, {}});
    problems_[place->second].candidates.push_back(std::move(found));
  }

  static void add_step(candidate& to, std::string_view text, float score) {
    to.solution += text;
    to.step_ends.push_back(static_cast<std::uint32_t>(to.solution.size()));
    to.step_scores.push_back(score);
  }

  recorded_options options_;
  sqlite::database file_;
  std::unordered_map<std::int64_t, row> traces_;
  std::unordered_map<digest, std::int64_t, digest_hash> ids_;
  std::unordered_map<std::int64_t, std::size_t> places_;  // in `problems_`, by the problem's trace
  std::vector<recorded_problem> problems_;
};

}  // namespace detail

/// @brief The finished solutions that a journal holds, for another vote, without asking anyone.
///
/// How it works: every generation that ended its solution gives a candidate, whatever policy asked
/// for it; its steps have the scores that were recorded for them, NaN where there is none.
///
/// Shapes and units: a problem for each prompt, in the order of the first solution; candidates in
/// the order in which they came in. Requires: the memory for all traces. Cost: reads the file once.
/// Errors: as `journal`, opened for reading. Determinism: a function of the file.
/// Example: examples/outthink_journal.cpp.
[[nodiscard]] inline std::vector<recorded_problem> recorded_solutions(
    const std::string& path, const recorded_options& options = {}) {
  return detail::solution_reader(path, options).take();
}

}  // namespace outthink
