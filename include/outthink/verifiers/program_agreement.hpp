// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/judgement.hpp>
#include <outthink/verifiers/judged_steps.hpp>
#include <outthink/verifiers/prompt_batch.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// The program in a reply: what its last closed ``` fence holds, without the fence's first line;
/// the whole reply if there is none.
[[nodiscard]] inline std::string read_program(std::string_view reply) {
  constexpr std::string_view kFence = "```";
  const std::size_t close = reply.rfind(kFence);
  if (close == std::string_view::npos || close == 0) return std::string(reply);
  const std::size_t open = reply.rfind(kFence, close - 1);
  if (open == std::string_view::npos) return std::string(reply);
  const std::string_view inside = reply.substr(open + kFence.size(), close - open - kFence.size());
  const std::size_t line = inside.find('\n');
  return std::string(line == std::string_view::npos ? inside : inside.substr(line + 1));
}

/// The usual request: the solution as a program.
[[nodiscard]] inline std::string ask_for_program(const trace_view& trace) {
  return "Problem:\n" + std::string(trace.prompt()) + "\n\nSolution:\n" + trace.solution() +
         "\n\nWrite a program that follows this solution and prints its answer, and nothing "
         "else. Put it between lines of ```.\n";
}

/// How a solution is compared with its program.
struct program_agreement_options {
  std::string (*answer)(std::string_view solution) =
      nullptr;                                               ///< takes the answer out of a solution
  std::string (*key)(std::string_view answer) = nullptr;     ///< e.g. `answer_key`; null: the bytes
  std::string (*program)(std::string_view) = &read_program;  ///< takes the program out of a reply
  judged_steps steps = judged_steps::solution;               ///< which steps are judged
  reply_options replies{};                                   ///< how programs are drawn
};

/// @brief Judges a solution in words by running it as a program: right if both give one answer.
///
/// How it works: a language model translates the solution into a program, `execute(program)` gives
/// what it prints, or nothing if it could not be run, and the two answers are compared by their
/// keys. A program that does not run, prints nothing, or belongs to a solution without an answer is
/// no disagreement: the judgement is uncertain. With `verdict_vote{1, 1, 0}` the solutions that
/// disagree do not vote, unless all do.
///
/// Shapes and units: the scores of `judgement`: 0, 1/2, 1; NaN for steps that are not judged.
/// Requires: `answer`; blanks around answers do not count. Programs come from a model: run them in
/// isolation and with limits.
/// Cost: one generation and one execution per judged step; the generation is charged. Errors: a
/// reply that fails fails its trace; what `execute` throws fails the batch. Determinism: programs
/// are drawn from streams that the trace's place in the tree names.
/// Reference: Z. Liang et al. 2024, arXiv:2410.05318 (CoTnPoT). Example:
/// tests/verifiers/program_agreement.cpp.
template <class Model, class Execute, class Prompt = prompt_template>
class program_agreement {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = score_request;
  using response = verdict;

  program_agreement(Model&& model, Execute execute, program_agreement_options options,
                    Prompt prompt = &ask_for_program)
      : model_(std::forward<Model>(model)),
        execute_(std::move(execute)),
        options_(std::move(options)),
        prompt_(std::move(prompt)) {
    require(options_.answer != nullptr && options_.program != nullptr,
            "program_agreement_options.answer and .program must be functions");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    const auto parts = detail::judged_prefixes(requests, options_.steps);
    prompt_batch prompts(options_.replies);
    for (const auto& part : parts) prompts.add(prompt_(part.trace), 1, part.stream);
    const std::vector<generation> replies = prompts.ask(model_);
    std::vector<verdict> verdicts(requests.size());
    std::vector<float> scores;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      judgement made = judgement::uncertain;
      if (detail::take_reply(replies[i], verdicts[parts[i].request])) {
        made = compare(parts[i].trace, options_.program(replies[i].text));
      }
      scores.push_back(score_of(made));
    }
    detail::give_scores(requests, parts, scores, verdicts);
    return verdicts;
  }

 private:
  judgement compare(const trace_view& trace, const std::string& program) {
    const std::string said = key_of(options_.answer(trace.solution()));
    const std::optional<std::string> printed = execute_(std::string_view(program));
    if (said.empty() || !printed) return judgement::uncertain;
    const std::string computed = key_of(*printed);
    if (computed.empty()) return judgement::uncertain;
    return said == computed ? judgement::right : judgement::wrong;
  }

  [[nodiscard]] std::string key_of(std::string_view answer) const {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = answer.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    answer = answer.substr(begin, answer.find_last_not_of(kBlanks) - begin + 1);
    return options_.key ? options_.key(answer) : std::string(answer);
  }

  Model model_;
  Execute execute_;
  program_agreement_options options_;
  Prompt prompt_;
};

template <class Model, class Execute>
program_agreement(Model&&, Execute, program_agreement_options) -> program_agreement<Model, Execute>;
template <class Model, class Execute, class Prompt>
program_agreement(Model&&, Execute, program_agreement_options, Prompt)
    -> program_agreement<Model, Execute, Prompt>;

}  // namespace outthink::verifiers
