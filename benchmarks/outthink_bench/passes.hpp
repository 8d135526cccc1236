// SPDX-License-Identifier: MIT
#pragma once

#include "metered.hpp"
#include "plan.hpp"
#include "samples.hpp"
#include "tree_recorder.hpp"
#include <outthink/backends/simulator/virtual_clock.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Thrown where a run was stopped by its user.
struct stopped {};

/// What a pass over a task's problems has in common.
struct pass_options {
  std::uint64_t seed = 1;
  const std::atomic<bool>* cancel = nullptr;
  const outthink::backends::virtual_clock* clock = nullptr;  ///< that of simulated services
};

/// The seconds of a pass: those of the wall, or of the clock that simulated services go by.
class pass_watch {
 public:
  explicit pass_watch(const pass_options& pass)
      : clock_(pass.clock), begun_(clock_ != nullptr ? clock_->seconds() : 0) {}

  [[nodiscard]] double seconds() const {
    return clock_ != nullptr ? clock_->seconds() - begun_ : watch_.seconds();
  }

 private:
  const outthink::backends::virtual_clock* clock_;
  double begun_;
  outthink::stopwatch watch_;
};

/// A generation pass: each problem's samples, or why there are none.
struct sample_pass {
  std::vector<std::vector<sample>> samples;  ///< [problems][n], or [0] where it failed
  std::vector<std::string> failures;         ///< [problems]; empty: none
  double seconds = 0;
};

/// What a verifier said of a generation pass.
struct score_pass {
  std::vector<std::vector<sample_scores>> scores;  ///< [problems][n]
  std::vector<std::string> failures;
  double seconds = 0;
};

/// A pass of a search: the outcomes, and the trees that were asked for.
struct search_pass {
  std::vector<outthink::outcome> outcomes;
  tree_recorder trees;
  double seconds = 0;
};

namespace detail {

/// The answers are chosen later, by every aggregator there is.
struct choose_nothing {
  outthink::decision operator()(std::span<const outthink::candidate>) const { return {}; }
};

inline outthink::solve_options options_of(const bench_task& task, const strategy& how,
                                          const pass_options& pass) {
  outthink::solve_options options;
  options.seed = pass.seed;
  options.sampling = how.sampling;
  options.steps = task.steps;
  options.limits = how.limits;
  options.answer = task.answer;
  options.key = task.key;
  options.cancel = pass.cancel;
  return options;
}

inline std::vector<outthink::problem> questions_of(const bench_task& task) {
  std::vector<outthink::problem> questions;
  for (const auto& one : task.problems) questions.push_back(one.question);
  return questions;
}

/// Throws if the pass was stopped, or if no problem got an answer: then it is the plan, the model
/// or the server that is at fault.
inline void check_outcomes(const std::vector<outthink::outcome>& outcomes) {
  using outthink::outcome_status;
  const auto has = [&](outcome_status status) {
    return [status](const outthink::outcome& one) { return one.status == status; };
  };
  if (std::any_of(outcomes.begin(), outcomes.end(), has(outcome_status::cancelled)))
    throw stopped();
  if (!outcomes.empty() &&
      std::all_of(outcomes.begin(), outcomes.end(), has(outcome_status::failed))) {
    throw outthink::error(outthink::errc::service_failed,
                          "every problem failed, the first with: " + outcomes.front().message);
  }
}

/// Answers with samples that were drawn before.
class drawn_samples {
 public:
  using request = outthink::generation_request;
  using response = outthink::generation;

  drawn_samples(const bench_task& task, const sample_pass& from) {
    for (std::size_t i = 0; i < task.problems.size(); ++i)
      of_[task.problems[i].question.prompt] = &from.samples[i];
  }

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) const {
    std::vector<response> answers(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto& samples = *of_.at(std::string(batch[i].trace.prompt()));
      if (batch[i].ordinal >= samples.size()) {
        answers[i].ended = outthink::finish::failed;
        answers[i].text = "no sample was drawn";
        continue;
      }
      const sample& drawn = samples[batch[i].ordinal];
      answers[i].text = drawn.text;
      answers[i].ended = drawn.finished ? outthink::finish::text_end : outthink::finish::length;
      answers[i].logprob = drawn.logprob;
      answers[i].spent = drawn.spent;
    }
    return answers;
  }

 private:
  std::map<std::string, const std::vector<sample>*> of_;
};

}  // namespace detail

/// Draws `n` solutions of every problem.
template <class Observer>
[[nodiscard]] sample_pass draw_samples(const bench_task& task, outthink::any_language_model& model,
                                       const strategy& how, int n, const pass_options& pass,
                                       Observer& observe) {
  const pass_watch watch(pass);
  metered_model metered(model);
  outthink::any_language_model asked(metered);
  outthink::no_verifier none;
  const auto outcomes =
      solve_all(detail::questions_of(task), asked, outthink::repeated_sampling{.n = n}, none,
                detail::choose_nothing{}, detail::options_of(task, how, pass), observe);
  detail::check_outcomes(outcomes);
  sample_pass made;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& problem = task.problems[i];
    made.failures.push_back(outcomes[i].message);
    made.samples.emplace_back();
    if (!outcomes[i].message.empty()) continue;
    for (int number = 0; number < n; ++number) {
      const auto* written =
          metered.find(problem.question.prompt, static_cast<std::uint32_t>(number));
      if (written == nullptr) break;
      sample drawn{written->text,
                   written->ended != outthink::finish::length,
                   written->logprob,
                   written->spent,
                   false,
                   {}};
      if (task.right_steps) {
        drawn.right_steps =
            task.right_steps(problem.question.prompt, steps_of(drawn.text, task.steps));
      }
      if (drawn.finished) {
        outthink::candidate as_answer = as_candidate(drawn, {}, task.steps);
        as_answer.answer = task.answer(drawn.text);
        drawn.right = task.is_right(problem, as_answer);
        drawn.vote =
            task.key && !as_answer.answer.empty() ? task.key(as_answer.answer) : as_answer.answer;
      }
      made.samples.back().push_back(std::move(drawn));
    }
  }
  made.seconds = watch.seconds();
  return made;
}

/// Has a verifier score all samples of a pass, cut ones included, as a search does.
template <class Observer>
[[nodiscard]] score_pass score_samples(const bench_task& task, const sample_pass& drawn,
                                       outthink::any_verifier& verifier, const strategy& how,
                                       const pass_options& pass, Observer& observe) {
  const pass_watch watch(pass);
  detail::drawn_samples samples(task, drawn);
  outthink::any_language_model model(samples);
  metered_verifier metered(verifier);
  outthink::any_verifier asked(metered);
  std::size_t n = 0;
  for (const auto& of_problem : drawn.samples) n = std::max(n, of_problem.size());
  const auto outcomes =
      solve_all(detail::questions_of(task), model,
                outthink::repeated_sampling{.n = static_cast<int>(std::max<std::size_t>(n, 1))},
                asked, detail::choose_nothing{}, detail::options_of(task, how, pass), observe);
  detail::check_outcomes(outcomes);
  score_pass made;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    made.failures.push_back(outcomes[i].message);
    made.scores.emplace_back();
    if (!outcomes[i].message.empty()) continue;
    for (const sample& one : drawn.samples[i]) {
      const auto* said = metered.find(task.problems[i].question.prompt + one.text);
      made.scores.back().emplace_back();
      if (said == nullptr) continue;  // an empty solution has nothing to score
      made.scores.back().back().steps.assign(said->scores.begin(), said->scores.end());
      made.scores.back().back().spent = said->spent;
    }
  }
  made.seconds = watch.seconds();
  return made;
}

/// Runs a policy on every problem; without a verifier if `verifier` is null.
template <class Observer>
[[nodiscard]] search_pass run_search(const bench_task& task, outthink::any_language_model& model,
                                     outthink::any_verifier* verifier, const strategy& how,
                                     const pass_options& pass, Observer& observe) {
  const pass_watch watch(pass);
  const any_policy policy =
      how.policy->make(how.values, {.reduction = task.reduction, .tree_value = task.tree_value});
  std::set<std::string> kept;
  for (const auto& one : spread(task.problems, how.trees)) kept.insert(one.question.prompt);
  search_pass made{{}, tree_recorder(std::move(kept)), 0};
  const recorded_policy recorded{&policy, &made.trees};
  const outthink::solve_options options = detail::options_of(task, how, pass);
  const auto questions = detail::questions_of(task);
  if (verifier != nullptr) {
    made.outcomes = solve_all(questions, model, recorded, *verifier, detail::choose_nothing{},
                              options, observe);
  } else {
    outthink::no_verifier none;
    made.outcomes =
        solve_all(questions, model, recorded, none, detail::choose_nothing{}, options, observe);
  }
  detail::check_outcomes(made.outcomes);
  made.seconds = watch.seconds();
  return made;
}

}  // namespace bench
