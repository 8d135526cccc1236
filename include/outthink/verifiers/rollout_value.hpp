// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>
#include <outthink/verifiers/judged_steps.hpp>
#include <outthink/verifiers/prompt_batch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// What becomes of the outcomes of a step's rollouts.
enum class rollout_label : std::uint8_t {
  mean,  ///< their mean: an unbiased estimate of the value
  best,  ///< the best of them: 1 if one of them succeeds
};

/// How a value is estimated.
struct rollout_value_options {
  std::size_t rollouts = 16;  ///< completions of each judged trace; at least 1
  std::size_t least =
      0;  ///< if positive, a trace of d steps gets rollouts / (d + 1), this at least
  rollout_label label = rollout_label::mean;  ///< what becomes of their outcomes
  judged_steps steps = judged_steps::every;   ///< which steps are judged
  sampling_options sampling{};                ///< how completions are drawn
  std::size_t max_batch = 512;                ///< most requests in one call of the model
};

/// @brief Scores a step by how often a language model that goes on from there succeeds: the value
/// of the trace under that model.
///
/// How it works: every judged trace is completed `rollouts` times, `check(problem, solution)` gives
/// each whole solution its outcome (a number, truth value or `judgement`), and the score is their
/// mean. Where `least` is positive, long traces get fewer. A finished solution is checked as it is.
/// Completions cut by a length limit count 0, and so does a trace that was cut.
///
/// Shapes and units: the outcomes' unit, one score per judged step; an estimate of p has a standard
/// error of √(p (1 - p) / rollouts). Requires: `rollouts` ≥ 1; a model whose vocabulary of steps is
/// the searched one's, as completions obey the request's step rule.
/// Cost: `rollouts` generations per judged step, all of a batch together; charged to the verdict.
/// Errors: `errc::invalid_argument` for no rollouts; a completion that fails fails its trace.
/// Determinism: completions are drawn from streams that the step's place in the tree names, so that
/// a step's score does not depend on the trace it is asked with. Numerics: double sums.
/// Reference: P. Wang et al. 2023 (Math-Shepherd, arXiv:2312.08935: soft and hard estimation);
/// C. Snell et al. 2024 (arXiv:2408.03314): 16 rollouts; S. Jiang et al. 2025 (MedS³,
/// arXiv:2501.12051): 20 rollouts / (d + 1), at least 5. Example: examples/verifier_cascade.cpp.
template <class Model, class Check>
class rollout_value {
  static_assert(outthink::detail::diagnose_language_model<std::remove_reference_t<Model>>());

 public:
  using request = score_request;
  using response = verdict;

  rollout_value(Model&& model, Check check, rollout_value_options options = {})
      : model_(std::forward<Model>(model)), check_(std::move(check)), options_(options) {
    require(options.rollouts > 0, "rollout_value_options.rollouts must be positive");
    require(options.max_batch > 0, "rollout_value_options.max_batch must be positive");
  }

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    const auto parts = detail::judged_prefixes(requests, options_.steps);
    const std::vector<generation> completions = complete(requests, parts);
    std::vector<verdict> verdicts(requests.size());
    std::vector<float> scores;
    std::size_t next = 0;
    for (const auto& part : parts) {
      const std::string begun = part.trace.solution();
      if (!goes_on(part.trace)) {
        scores.push_back(part.trace.finished() ? outcome_of(part.trace, begun) : 0.0F);
        continue;
      }
      tally outcomes;
      const std::size_t rollouts = rollouts_of(part.trace);
      for (std::size_t i = 0; i < rollouts; ++i) {
        const generation& end = completions[next++];
        if (!detail::take_reply(end, verdicts[part.request])) continue;
        outcomes.add(end.ended == finish::length ? 0.0F : outcome_of(part.trace, begun + end.text));
      }
      scores.push_back(outcomes.value(options_.label, rollouts));
    }
    detail::give_scores(requests, parts, scores, verdicts);
    return verdicts;
  }

 private:
  struct tally {
    double sum = 0;
    float best = 0;
    void add(float outcome) {
      sum += static_cast<double>(outcome);
      if (outcome > best) best = outcome;
    }
    [[nodiscard]] float value(rollout_label label, std::size_t rollouts) const {
      if (label == rollout_label::best) return best;
      return static_cast<float>(sum / static_cast<double>(rollouts));
    }
  };

  [[nodiscard]] std::size_t rollouts_of(const trace_view& trace) const {
    if (options_.least == 0) return options_.rollouts;
    const std::size_t fewer = options_.rollouts / (trace.steps() + 1);
    return fewer > options_.least ? fewer : options_.least;
  }

  static bool goes_on(const trace_view& trace) {
    const node_status status = trace.tree().status(trace.node());
    return status != node_status::finished && status != node_status::truncated;
  }

  std::vector<generation> complete(std::span<const score_request> requests,
                                   std::span<const detail::judged_prefix> parts) {
    std::vector<generation_request> asked;
    for (const auto& part : parts) {
      if (!goes_on(part.trace)) continue;
      const step_rule* rule = requests[part.request].rule;
      const std::size_t rollouts = rollouts_of(part.trace);
      for (std::uint32_t i = 0; i < rollouts; ++i) {
        asked.push_back({.trace = part.trace,
                         .rule = rule,
                         .until = extent::solution,
                         .max_tokens = rule->max_total_tokens,
                         .sampling = options_.sampling,
                         .stream = {part.stream.key, mix_bits(part.stream.place, i)},
                         .ordinal = i});
      }
    }
    return outthink::detail::answers_of(model_, std::span<const generation_request>(asked),
                                        options_.max_batch);
  }

  float outcome_of(const trace_view& trace, const std::string& solution) {
    return detail::score_from(check_(trace.prompt(), std::string_view(solution)));
  }

  Model model_;
  Check check_;
  rollout_value_options options_;
};

template <class Model, class Check>
rollout_value(Model&&, Check) -> rollout_value<Model, Check>;
template <class Model, class Check>
rollout_value(Model&&, Check, rollout_value_options) -> rollout_value<Model, Check>;

}  // namespace outthink::verifiers
