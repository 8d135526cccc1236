// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/chooser.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/verifiers/prompt_batch.hpp>
#include <outthink/verifiers/read_last_number.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

namespace detail {

inline std::string numbered(const choice_request& asked) {
  std::string text = "Problem:\n" + std::string(asked.problem) + "\n";
  for (std::size_t i = 0; i < asked.texts.size(); ++i) {
    text += "\nSolution " + std::to_string(i) + ":\n" + std::string(asked.texts[i]) + "\n";
  }
  return text;
}

}  // namespace detail

/// The question of GenSelect: which of the solutions is the best?
[[nodiscard]] inline std::string ask_for_the_best(const choice_request& asked) {
  return detail::numbered(asked) +
         "\nCheck the solutions and compare them. End with the number of the best one.\n";
}

/// The question of universal self-consistency: which solution agrees with most of the others?
[[nodiscard]] inline std::string ask_for_the_most_consistent(const choice_request& asked) {
  return detail::numbered(asked) +
         "\nFind the answer on which most of the solutions agree. End with the number of a "
         "solution "
         "that gives it.\n";
}

/// How a language model chooses.
struct generative_chooser_options {
  std::size_t votes = 1;  ///< replies to each choice; at least 1
  std::optional<int> (*read)(std::string_view) = &read_last_number;  ///< number of the chosen text
  reply_options replies{};                                           ///< how replies are drawn
};

/// @brief A chooser that shows a language model several texts, numbered from 0, and asks for one:
/// the judge of GenSelect and of universal self-consistency.
///
/// How it works: `prompt(request)` writes the question, the model answers it `votes` times, and the
/// text that most replies name is chosen; a reply that names none of them does not count, and
/// without any that does the choice is none of them.
///
/// Requires: `votes` ≥ 1; a model whose context holds the texts. Cost: `votes` generations per
/// choice, all of a batch together; charged to the choice. Errors: `errc::invalid_argument` for no
/// votes; a reply that fails fails its choice. Determinism: replies are drawn from streams of the
/// request's own; of texts that are named equally often the earlier one.
/// Reference: S. Toshniwal et al. 2025, arXiv:2507.17797 (`ask_for_the_best`); X. Chen et al. 2023,
/// arXiv:2311.17311 (`ask_for_the_most_consistent`). Example: tests/docs/tournaments.cpp.
template <class Model, class Prompt = std::string (*)(const choice_request&)>
class generative_chooser {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = choice_request;
  using response = choice;

  explicit generative_chooser(Model&& model, generative_chooser_options options = {},
                              Prompt prompt = &ask_for_the_best)
      : model_(std::forward<Model>(model)),
        options_(std::move(options)),
        prompt_(std::move(prompt)) {
    require(options_.votes > 0, "generative_chooser_options.votes must be positive");
  }

  [[nodiscard]] std::vector<choice> answer(std::span<const choice_request> requests) {
    prompt_batch prompts(options_.replies);
    for (const choice_request& asked : requests) {
      prompts.add(prompt_(asked), options_.votes, asked.stream);
    }
    const std::vector<generation> replies = prompts.ask(model_);
    std::vector<choice> choices(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      std::vector<std::size_t> named(requests[i].texts.size());
      for (std::size_t vote = 0; vote < options_.votes; ++vote) {
        const generation& reply = replies[i * options_.votes + vote];
        if (!detail::take_reply(reply, choices[i])) continue;
        const std::optional<int> said = options_.read(reply.text);
        if (said && *said >= 0 && static_cast<std::size_t>(*said) < named.size()) {
          ++named[static_cast<std::size_t>(*said)];
        }
      }
      choices[i].chosen = most_named(named);
    }
    return choices;
  }

 private:
  static std::size_t most_named(std::span<const std::size_t> named) {
    std::size_t best = named.size(), most = 0;
    for (std::size_t i = 0; i < named.size(); ++i) {
      if (named[i] > most) best = i, most = named[i];
    }
    return best;
  }

  Model model_;
  generative_chooser_options options_;
  Prompt prompt_;
};

template <class Model>
generative_chooser(Model&&) -> generative_chooser<Model>;
template <class Model>
generative_chooser(Model&&, generative_chooser_options) -> generative_chooser<Model>;
template <class Model, class Prompt>
generative_chooser(Model&&, generative_chooser_options, Prompt)
    -> generative_chooser<Model, Prompt>;

}  // namespace outthink::verifiers
