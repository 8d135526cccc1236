// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/comparer.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/verifiers/prompt_batch.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// What a reply says of two texts: 1 if its last `[[A]]`, `[[B]]` or `[[C]]` is the first, 0 the
/// second, 0.5 a tie; NaN without any.
[[nodiscard]] constexpr float read_preference(std::string_view reply) noexcept {
  for (std::size_t at = reply.size(); at-- > 0;) {
    const std::string_view mark = reply.substr(at, 5);
    if (mark == "[[A]]") return 1;
    if (mark == "[[B]]") return 0;
    if (mark == "[[C]]") return 0.5F;
  }
  return std::numeric_limits<float>::quiet_NaN();
}

/// The usual question: which of two solutions is better?
[[nodiscard]] inline std::string ask_which_is_better(const comparison_request& asked) {
  return "Problem:\n" + std::string(asked.problem) + "\n\nSolution A:\n" +
         std::string(asked.first) + "\n\nSolution B:\n" + std::string(asked.second) +
         "\n\nCompare the two solutions. Neither their order nor their length shall count. End "
         "with "
         "[[A]] if A is better, [[B]] if B is better, or [[C]] if they are equally good.\n";
}

/// How a language model compares.
struct generative_comparer_options {
  std::size_t votes = 1;                               ///< replies to each comparison; at least 1
  float (*read)(std::string_view) = &read_preference;  ///< probability that the first is better
  reply_options replies{};                             ///< how replies are drawn
};

/// @brief A comparer that asks a language model which of two texts is better: the judge of
/// tournaments.
///
/// How it works: `prompt(request)` writes the question, the model answers it `votes` times, and
/// `first_wins` is the mean of what `read` finds in the replies. A reply that says nothing counts
/// as a tie.
///
/// Requires: `votes` ≥ 1; a model that can judge. Models favour a position: tournaments ask both
/// ways round. Cost: `votes` generations per comparison, all of a batch together; charged to the
/// comparison. Errors: `errc::invalid_argument` for no votes; a reply that fails fails its
/// comparison. Determinism: replies are drawn from streams of the request's own.
/// Reference: L. Zheng et al. 2023, arXiv:2306.05685 (language models as judges, whose marks these
/// are, and the bias towards a position). Example: tests/docs/tournaments.cpp.
template <class Model, class Prompt = std::string (*)(const comparison_request&)>
class generative_comparer {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = comparison_request;
  using response = comparison;

  explicit generative_comparer(Model&& model, generative_comparer_options options = {},
                               Prompt prompt = &ask_which_is_better)
      : model_(std::forward<Model>(model)),
        options_(std::move(options)),
        prompt_(std::move(prompt)) {
    require(options_.votes > 0, "generative_comparer_options.votes must be positive");
  }

  [[nodiscard]] std::vector<comparison> answer(std::span<const comparison_request> requests) {
    prompt_batch prompts(options_.replies);
    for (const comparison_request& asked : requests) {
      prompts.add(prompt_(asked), options_.votes, asked.stream);
    }
    const std::vector<generation> replies = prompts.ask(model_);
    std::vector<comparison> comparisons(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      float sum = 0;
      for (std::size_t vote = 0; vote < options_.votes; ++vote) {
        const generation& reply = replies[i * options_.votes + vote];
        if (!detail::take_reply(reply, comparisons[i])) continue;
        const float said = options_.read(reply.text);
        sum += said == said ? said : 0.5F;
      }
      comparisons[i].first_wins = sum / static_cast<float>(options_.votes);
    }
    return comparisons;
  }

 private:
  Model model_;
  generative_comparer_options options_;
  Prompt prompt_;
};

template <class Model>
generative_comparer(Model&&) -> generative_comparer<Model>;
template <class Model>
generative_comparer(Model&&, generative_comparer_options) -> generative_comparer<Model>;
template <class Model, class Prompt>
generative_comparer(Model&&, generative_comparer_options, Prompt)
    -> generative_comparer<Model, Prompt>;

}  // namespace outthink::verifiers
