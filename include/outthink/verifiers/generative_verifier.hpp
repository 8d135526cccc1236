// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/judgement.hpp>
#include <outthink/verifiers/judged_steps.hpp>
#include <outthink/verifiers/prompt_batch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// The judgement of a reply: its last word `yes` or `no`, in any case; uncertain without one.
[[nodiscard]] constexpr judgement read_yes_or_no(std::string_view reply) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto letter = [&](std::size_t i) {
    return i < reply.size() && lower(reply[i]) >= 'a' && lower(reply[i]) <= 'z';
  };
  const auto word = [&](std::size_t at, std::string_view wanted) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (at + i >= reply.size() || lower(reply[at + i]) != wanted[i]) return false;
    return !letter(at + wanted.size());
  };
  for (std::size_t at = reply.size(); at-- > 0;) {
    if (at > 0 && letter(at - 1)) continue;
    if (word(at, "yes")) return judgement::right;
    if (word(at, "no")) return judgement::wrong;
  }
  return judgement::uncertain;
}

/// The usual question: is this solution right?
[[nodiscard]] inline std::string ask_yes_or_no(const trace_view& trace) {
  return "Problem:\n" + std::string(trace.prompt()) + "\n\nSolution:\n" + trace.solution() +
         "\n\nCheck the solution step by step. Is it right? End with Yes or No.\n";
}

/// What a vote of a generative verifier counts.
enum class vote_value : std::uint8_t {
  yes_or_no,    ///< 1 for a reply that ends with yes, 0 for any other
  probability,  ///< the probability of yes, for a model that replies with the one word
};

/// How a generative verifier judges.
struct generative_verifier_options {
  std::size_t votes = 4;                     ///< replies to each judged trace; at least 1
  vote_value value = vote_value::yes_or_no;  ///< what a reply counts
  judged_steps steps = judged_steps::last;   ///< which steps are judged
  judgement (*read)(std::string_view) = &read_yes_or_no;  ///< what a reply says
  reply_options replies{};                                ///< how replies are drawn
};

/// @brief Scores a trace by asking a language model whether it is right: the share of its votes
/// that say yes.
///
/// How it works: `prompt(trace)` writes the question; the model answers it `votes` times, each time
/// with a verification that ends in a verdict; the score is (1/V) Σ 1[yes]. With
/// `vote_value::probability` a reply counts e^logprob if it says yes and 1 - e^logprob if it says
/// no: right for a model that replies with one word and knows these two; one greedy vote will do.
///
/// Shapes and units: scores in [0, 1], one per judged step. Requires: `votes` ≥ 1; a model that can
/// judge. A reply without a verdict counts 0, as in the paper. Cost: `votes` generations per judged
/// step, all of a batch together; charged to the verdict. Errors: `errc::invalid_argument` for no
/// votes; a reply that fails fails its trace. Determinism: replies are drawn from streams that the
/// trace's place in the tree names. Numerics: double sums.
/// Reference: L. Zhang et al., "Generative verifiers", 2024, arXiv:2408.15240; the share of votes
/// as in N. Singhi et al. 2025, arXiv:2504.01005. Example: examples/generative_verifier.cpp.
template <class Model, class Prompt = prompt_template>
class generative_verifier {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit generative_verifier(Model&& model, generative_verifier_options options = {},
                               Prompt prompt = &ask_yes_or_no)
      : model_(std::forward<Model>(model)),
        options_(std::move(options)),
        prompt_(std::move(prompt)) {
    require(options_.votes > 0, "generative_verifier_options.votes must be positive");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    const auto parts = detail::judged_prefixes(requests, options_.steps);
    prompt_batch prompts(options_.replies);
    for (const auto& part : parts) prompts.add(prompt_(part.trace), options_.votes, part.stream);
    const std::vector<generation> replies = prompts.ask(model_);
    std::vector<verdict> verdicts(requests.size());
    std::vector<float> scores;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      double votes = 0;
      for (std::size_t vote = 0; vote < options_.votes; ++vote) {
        const generation& reply = replies[i * options_.votes + vote];
        if (detail::take_reply(reply, verdicts[parts[i].request])) votes += value_of(reply);
      }
      scores.push_back(static_cast<float>(votes / static_cast<double>(options_.votes)));
    }
    detail::give_scores(requests, parts, scores, verdicts);
    return verdicts;
  }

 private:
  [[nodiscard]] double value_of(const generation& reply) const {
    const judgement said = options_.read(reply.text);
    if (said == judgement::uncertain) return 0;
    const double certainty = options_.value == vote_value::probability
                                 ? __builtin_exp(static_cast<double>(reply.logprob))
                                 : 1.0;
    return said == judgement::right ? certainty : 1 - certainty;
  }

  Model model_;
  generative_verifier_options options_;
  Prompt prompt_;
};

template <class Model>
generative_verifier(Model&&) -> generative_verifier<Model>;
template <class Model>
generative_verifier(Model&&, generative_verifier_options) -> generative_verifier<Model>;
template <class Model, class Prompt>
generative_verifier(Model&&, generative_verifier_options, Prompt)
    -> generative_verifier<Model, Prompt>;

}  // namespace outthink::verifiers
