// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/core/budget.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bench::recorded {

/// A vote of at most 8 samples that ends once the leader is ahead with .95.
inline const outthink::adaptive_sampling<outthink::adaptive_consistency> early_vote{
    .stop = {}, .batch = 1, .max_samples = 8};

/// What one run of one model made of the 45 questions of OTIS Mock AIME, 8 or 16 samples each.
struct aime_run {
  outthink::backends::replay model;
  std::vector<outthink::problem> questions;
  std::vector<std::string> correct;  ///< [questions] a digit each sample; '-': not judged

  aime_run(const std::vector<nlohmann::json>& recorded, const std::string& name) {
    for (const auto& question : recorded) {
      const auto& run = question["runs"][name];
      questions.emplace_back("question " + std::to_string(questions.size()));
      correct.push_back(run["correct"].get<std::string>());
      const auto answers = words(run.value("answers", ""));
      const auto tokens = words(run.value("tokens", ""));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto cost = tokens.empty() ? 0U : static_cast<std::uint32_t>(std::stoul(tokens[i]));
        model.record(questions.back().prompt, {answers[i], cost});
      }
    }
  }

  /// Questions solved and tokens spent.
  struct result {
    int solved = 0;
    std::uint64_t tokens = 0;
  };

  /// The outcome of each of some questions.
  [[nodiscard]] std::vector<outthink::outcome> outcomes_by(
      const auto& policy, const std::vector<outthink::problem>& asked,
      std::uint64_t budget = outthink::budget::kUnlimited) {
    outthink::solve_options options{.answer = &answer_or_none};
    options.steps = {.delimiter = "", .max_total_tokens = 1'000'000};
    options.limits.tokens = budget;
    auto outcomes = solve_all(asked, model, policy, outthink::no_verifier{},
                              outthink::majority_vote{}, options);
    for (const outthink::outcome& one : outcomes) {
      outthink::require(one.status != outthink::outcome_status::failed,
                        "a recorded question failed");
    }
    return outcomes;
  }

  [[nodiscard]] bool is_right(std::size_t question, const outthink::outcome& of) const {
    return of.has_answer() && correct[question][of.chosen] == '1';
  }

  /// By a policy and the vote of its samples; a sample without an answer does not vote.
  [[nodiscard]] result solve_by(const auto& policy,
                                std::uint64_t budget = outthink::budget::kUnlimited) {
    const auto outcomes = outcomes_by(policy, questions, budget);
    result made;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      made.solved += is_right(i, outcomes[i]) ? 1 : 0;
      made.tokens += outcomes[i].spent.tokens;
    }
    return made;
  }

  /// pass@k in percent; not for a run with fewer samples of a question.
  [[nodiscard]] double pass_at(std::uint64_t k) const {
    std::vector<sample_count> counts;
    for (const std::string& marks : correct) {
      sample_count count{0, 0};
      for (const char mark : marks) {
        count.samples += mark != '-';
        count.right += mark == '1';
      }
      counts.push_back(count);
    }
    return mean_pass_at_k(counts, k);
  }

 private:
  static std::vector<std::string> words(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> all;
    for (std::string word; stream >> word;) all.push_back(word);
    return all;
  }

  static std::string answer_or_none(std::string_view solution) {
    return solution == "-" ? "" : std::string(solution);
  }
};

/// @brief A cascade of two models: the first votes until it is sure, and the questions on which 8
/// samples leave it in doubt go to the second, which votes alike.
[[nodiscard]] inline aime_run::result cascade(aime_run& first, aime_run& second) {
  const auto tried = first.outcomes_by(early_vote, first.questions);
  aime_run::result made;
  std::vector<std::size_t> positions;
  std::vector<outthink::problem> handed_on;
  for (std::size_t i = 0; i < tried.size(); ++i) {
    made.tokens += tried[i].spent.tokens;
    std::map<std::string, std::uint32_t> numbers;
    std::vector<std::uint32_t> votes;
    for (const outthink::candidate& one : tried[i].candidates) {
      if (one.answer.empty()) continue;
      const auto next = static_cast<std::uint32_t>(numbers.size());
      votes.push_back(numbers.emplace(one.answer, next).first->second);
    }
    if (early_vote.stop(votes)) {
      made.solved += first.is_right(i, tried[i]) ? 1 : 0;
    } else {
      positions.push_back(i);
      handed_on.push_back(second.questions[i]);
    }
  }
  const auto settled = second.outcomes_by(early_vote, handed_on);
  for (std::size_t i = 0; i < settled.size(); ++i) {
    made.tokens += settled[i].spent.tokens;
    made.solved += second.is_right(positions[i], settled[i]) ? 1 : 0;
  }
  return made;
}

}  // namespace bench::recorded
