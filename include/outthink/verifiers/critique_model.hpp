// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/judgement.hpp>
#include <outthink/verifiers/prompt_batch.hpp>
#include <outthink/verifiers/read_last_number.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// The usual question: in which step is the first error?
[[nodiscard]] inline std::string ask_first_error(const trace_view& trace) {
  std::string prompt = "Problem:\n";
  prompt.append(trace.prompt()).append("\n\nSolution:\n");
  std::size_t number = 0;
  for (const std::string_view step : trace.step_texts()) {
    prompt.append("[").append(std::to_string(number++)).append("] ").append(step);
    if (!step.ends_with('\n')) prompt += '\n';
  }
  return prompt +
         "\nReview the solution step by step. End with the number of the first step that "
         "is wrong, or -1 if there is none.\n";
}

/// What a critic says about a trace.
struct critique {
  judgement verdict = judgement::uncertain;
  std::size_t first_error = 0;  ///< the first wrong step, counted from 0; all steps if none is
  std::string text{};           ///< the critique itself, for whoever revises the solution
};

/// How a critique model judges.
struct critique_model_options {
  std::size_t critiques = 1;                                         ///< of each trace; at least 1
  std::optional<int> (*read)(std::string_view) = &read_last_number;  ///< where the first error is
  reply_options replies{};                                           ///< how critiques are drawn
};

/// @brief Scores steps by where a language model's critiques find the first error.
///
/// How it works: `prompt(trace)` shows the whole trace with its steps numbered; a critique names
/// the first wrong step or says that there is none. A step's score is the share of critiques whose
/// first error lies behind it: 1, …, 1, 0, …, 0 for one critique; never rising from step to step. A
/// critique that names no step of the trace is no verdict and not counted; without any verdict the
/// steps get NaN.
///
/// Shapes and units: scores in [0, 1], one per step. Requires: `critiques` ≥ 1. As the critic reads
/// the whole trace, a step's score depends on the steps after it: where traces share steps that
/// were not scored before, the last answer counts. Policies that score each step when it is drawn,
/// or solutions drawn from the problem, share none. Cost: `critiques` generations per trace, all of
/// a batch together; charged to the verdict. Errors: `errc::invalid_argument` for no critiques; a
/// reply that fails fails its trace. Determinism: replies are drawn from streams of the request's
/// own. Reference: Z. Xi et al. 2024, arXiv:2411.16579 (critique models); C. Zheng et al. 2024,
/// arXiv:2412.06559 (ProcessBench: first error or -1, steps counted from 0, majority of critics).
/// Example: tests/verifiers/critique_model.cpp.
template <class Model, class Prompt = prompt_template>
class critique_model {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit critique_model(Model&& model, critique_model_options options = {},
                          Prompt prompt = &ask_first_error)
      : model_(std::forward<Model>(model)),
        options_(std::move(options)),
        prompt_(std::move(prompt)) {
    require(options_.critiques > 0, "critique_model_options.critiques must be positive");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<verdict> verdicts(requests.size());
    const std::vector<critique> all = ask(requests, verdicts);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!verdicts[i].failure.empty()) continue;
      const auto own = std::span(all).subspan(i * options_.critiques, options_.critiques);
      for (std::size_t step = requests[i].from; step < requests[i].trace.steps(); ++step) {
        verdicts[i].scores.push_back(share_behind(step, own));
      }
    }
    return verdicts;
  }

  /// The critiques themselves, those of a trace together; uncertain where a reply failed.
  [[nodiscard]] std::vector<critique> critiques(std::span<const score_request> requests) {
    std::vector<verdict> ignored(requests.size());
    return ask(requests, ignored);
  }

 private:
  std::vector<critique> ask(std::span<const score_request> requests, std::span<verdict> verdicts) {
    prompt_batch prompts(options_.replies);
    for (const score_request& asked : requests) {
      prompts.add(prompt_(asked.trace), options_.critiques, asked.stream);
    }
    std::vector<generation> replies = prompts.ask(model_);
    std::vector<critique> all(replies.size());
    for (std::size_t i = 0; i < replies.size(); ++i) {
      const std::size_t trace = i / options_.critiques;
      if (!detail::take_reply(replies[i], verdicts[trace])) continue;
      const auto steps = static_cast<int>(requests[trace].trace.steps());
      const std::optional<int> said = options_.read(replies[i].text);
      if (said && *said >= -1 && *said < steps) {
        all[i].verdict = *said < 0 ? judgement::right : judgement::wrong;
        all[i].first_error = static_cast<std::size_t>(*said < 0 ? steps : *said);
      }
      all[i].text = std::move(replies[i].text);
    }
    return all;
  }

  static float share_behind(std::size_t step, std::span<const critique> critiques) {
    std::size_t verdicts = 0, behind = 0;
    for (const critique& one : critiques) {
      if (one.verdict == judgement::uncertain) continue;
      ++verdicts;
      if (one.first_error > step) ++behind;
    }
    if (verdicts == 0) return std::numeric_limits<float>::quiet_NaN();
    return static_cast<float>(behind) / static_cast<float>(verdicts);
  }

  Model model_;
  critique_model_options options_;
  Prompt prompt_;
};

template <class Model>
critique_model(Model&&) -> critique_model<Model>;
template <class Model>
critique_model(Model&&, critique_model_options) -> critique_model<Model>;
template <class Model, class Prompt>
critique_model(Model&&, critique_model_options, Prompt) -> critique_model<Model, Prompt>;

}  // namespace outthink::verifiers
