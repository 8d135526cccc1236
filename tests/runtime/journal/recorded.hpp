// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/journaled.hpp>
#include <outthink/runtime/solve.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::test {

/// In [0, 1), by the text: equal texts are equally likely and equally good.
inline float uniform_of(std::string_view text) {
  return static_cast<float>(mix_bits(hash_text(text)) >> 40) * 0x1p-24F;
}

/// A model that is paid: it tells `pay` of every request before it answers. It writes three steps.
struct paid_model {
  using request = generation_request;
  using response = generation;
  std::function<void(const generation_request&)> pay = [](const auto&) {};
  std::size_t asked = 0;

  std::vector<generation> answer(std::span<const generation_request> requests) {
    std::vector<generation> answers;
    for (const generation_request& one : requests) {
      ++asked;
      pay(one);
      random_stream random(one.stream);
      generation made;
      const std::size_t steps = one.until == extent::step ? 1 : 3 - one.trace.steps();
      for (std::size_t i = 0; i < steps; ++i) {
        made.text += static_cast<char>('a' + random.below(26));
        made.text += "\xFF\"\n";  // no UTF-8, and what JSON must escape
      }
      made.ended = one.trace.steps() + steps == 3 ? finish::text_end : finish::step_end;
      made.logprob = -uniform_of(one.trace.text() + made.text);
      made.spent = {.tokens_read = 3,
                    .tokens_written = static_cast<std::uint32_t>(made.text.size()),
                    .flops = random.uniform(),
                    .money = 0.1 * random.uniform()};
      answers.push_back(std::move(made));
    }
    return answers;
  }
};

/// A verifier that is paid. Now and then it has no score.
struct paid_verifier {
  using request = score_request;
  using response = verdict;
  std::function<void(const score_request&)> pay = [](const auto&) {};
  std::size_t asked = 0;

  std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<verdict> answers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      ++asked;
      pay(requests[i]);
      random_stream random(requests[i].stream);
      for (std::size_t step = requests[i].from; step < requests[i].trace.steps(); ++step) {
        const float score = uniform_of(requests[i].trace.prefix(step + 1).text());
        answers[i].scores.push_back(score < 0.05F ? std::numeric_limits<float>::quiet_NaN()
                                                  : score);
      }
      answers[i].spent = {.tokens_read = 1, .money = 0.01 * random.uniform()};
    }
    return answers;
  }
};

inline std::vector<problem> some_problems(int count) {
  std::vector<problem> problems;
  for (int i = 0; i < count; ++i) problems.emplace_back("problem " + std::to_string(i) + "\n");
  return problems;
}

/// What the tests of the journal solve.
template <class Model, class Verifier>
std::vector<outcome> run_search(Model& model, Verifier& verifier, std::size_t max_batch = 16) {
  static const std::vector<problem> problems = some_problems(6);
  return solve_all(problems, model, beam_search{.width = 2, .expand = 3}, verifier, best_score{},
                   solve_options{.seed = 5, .max_batch = max_batch, .max_live = 3});
}

/// The outcomes without any journal.
inline const std::vector<outcome>& uninterrupted() {
  static const std::vector<outcome> outcomes = [] {
    paid_model model;
    paid_verifier verifier;
    return run_search(model, verifier);
  }();
  return outcomes;
}

/// A run with a journal.
inline std::vector<outcome> journaled_search(journal& file, paid_model& model,
                                             paid_verifier& verifier) {
  journaled kept_model(file, "model", model);
  journaled kept_verifier(file, "verifier", verifier);
  return run_search(kept_model, kept_verifier);
}

/// Records a whole run at `path`; gives the number of its answers.
inline std::size_t record_run(const std::string& path) {
  journal file(path);
  paid_model model;
  paid_verifier verifier;
  static_cast<void>(journaled_search(file, model, verifier));
  return file.size();
}

}  // namespace outthink::test
