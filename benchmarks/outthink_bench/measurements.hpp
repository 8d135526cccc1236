// SPDX-License-Identifier: MIT
#pragma once

#include "result_set.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What one strategy, with one aggregator, did on every problem.
struct measurement {
  const stored_task* task = nullptr;
  const stored_strategy* how = nullptr;
  chosen_aggregator aggregator;
  bool judged = false;  ///< a verifier took part
  std::size_t seeds = 0;
  std::vector<double> accuracy;  ///< [problems][seeds] share of right answers
  outthink::usage spent;         ///< of all problems and seeds together
  double seconds = 0;            ///< likewise
  std::size_t budget_spent = 0, failed = 0;

  [[nodiscard]] int n() const { return how->line.at("n").get<int>(); }
  [[nodiscard]] double trials() const { return static_cast<double>(task->problems() * seeds); }
};

namespace detail {

/// The samples of one seed, read once for all n and aggregators.
struct read_pass {
  std::size_t n = 0;
  sample_pass drawn;
  std::optional<score_pass> scored;
  std::vector<std::vector<outthink::candidate>> candidates;  ///< [problems][finished samples]
  std::vector<std::vector<bool>> right;                      ///< likewise
  std::vector<std::vector<std::size_t>> first;  ///< [problems][n + 1] finished ones before a sample
};

inline read_pass read_samples_of(const nlohmann::json& samples, const nlohmann::json* scores) {
  read_pass made;
  made.drawn = result_lines::read_samples(samples);
  if (scores != nullptr) made.scored = result_lines::read_scores(*scores);
  made.n = samples.at("n").get<std::size_t>();
  for (std::size_t i = 0; i < made.drawn.samples.size(); ++i) {
    const auto& drawn = made.drawn.samples[i];
    made.candidates.emplace_back();
    made.right.emplace_back();
    made.first.push_back({0});
    for (std::size_t k = 0; k < drawn.size(); ++k) {
      const bool known = made.scored && k < made.scored->scores[i].size();
      if (drawn[k].finished) {
        made.candidates[i].push_back(
            as_candidate(drawn[k], known ? made.scored->scores[i][k].steps : std::vector<float>()));
        made.right[i].push_back(drawn[k].right);
      }
      made.first[i].push_back(made.candidates[i].size());
    }
  }
  return made;
}

/// The share of right answers among the disjoint groups of n of a problem's samples: each is what a
/// run with n samples would have drawn.
inline double share_right(const read_pass& of, std::size_t problem, std::size_t n,
                          const any_aggregator& choose) {
  const auto& first = of.first[problem];
  const std::size_t drawn = first.size() - 1, groups = drawn / n;
  double right = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto group =
        std::span(of.candidates[problem]).subspan(first[g * n], first[(g + 1) * n] - first[g * n]);
    const std::size_t chosen = choose(group).chosen;
    right += chosen < group.size() && of.right[problem][first[g * n] + chosen] ? 1 : 0;
  }
  return groups == 0 ? 0 : right / static_cast<double>(groups);
}

/// What the first n samples of a problem cost, scored ones included if `judged`.
inline outthink::usage cost_of(const read_pass& of, std::size_t problem, std::size_t n,
                               bool judged) {
  outthink::usage sum;
  const auto& drawn = of.drawn.samples[problem];
  for (std::size_t k = 0; k < std::min(n, drawn.size()); ++k) {
    const outthink::cost& own = drawn[k].spent;
    sum += {.tokens = own.tokens_written,
            .prompt_tokens = own.tokens_read,
            .model_calls = 1,
            .flops = own.flops,
            .money = own.money};
    if (!judged || k >= of.scored->scores[problem].size()) continue;
    const sample_scores& said = of.scored->scores[problem][k];
    const outthink::cost& paid = said.spent;
    sum += {.verifier_calls = said.steps.empty() ? 0U : 1U,
            .verifier_tokens = paid.tokens_read + paid.tokens_written,
            .flops = paid.flops,
            .verifier_flops = paid.flops,
            .money = paid.money};
  }
  return sum;
}

inline outthink::usage usage_from_json(const nlohmann::json& from) {
  const auto whole = [&](std::size_t i) { return from.at(i).get<std::uint64_t>(); };
  return {whole(0),
          whole(1),
          whole(2),
          whole(3),
          whole(4),
          whole(5),
          from.at(6).get<double>(),
          from.at(7).get<double>(),
          from.at(8).get<double>()};
}

inline std::vector<outthink::candidate> candidates_from_json(const nlohmann::json& from) {
  std::vector<outthink::candidate> made;
  for (const nlohmann::json& one : from) {
    outthink::candidate read;
    read.answer = text_from_json(one.at(0));
    read.solution = read.answer;  // the text itself is not kept
    read.logprob = one.at(2).is_null() ? 0 : one.at(2).get<double>();
    read.tokens = one.at(3).get<std::uint32_t>();
    read.step_scores = scores_from_json(one.at(4));
    made.push_back(std::move(read));
  }
  return made;
}

}  // namespace detail

/// @brief Computes what every strategy of a task did, from the passes that are finished.
///
/// Strategies of which a pass is missing are left out.
class measuring {
 public:
  measuring(const result_set& results, const stored_task& task)
      : results_(&results), task_(&task) {}

  [[nodiscard]] std::vector<measurement> all() {
    std::vector<measurement> made;
    for (const stored_strategy* how : results_->strategies_of(*task_)) {
      if (!complete(*how)) continue;
      for (const nlohmann::json& one : how->line.at("aggregators"))
        made.push_back(measure(*how, one));
    }
    return made;
  }

  /// The samples of a strategy's seed; null if it has none of its own.
  [[nodiscard]] const detail::read_pass* samples(const stored_strategy& how, std::size_t seed) {
    const nlohmann::json* drawn = results_->find(how.cells[seed]);
    if (drawn == nullptr || drawn->at("kind") != "samples") return nullptr;
    const bool judged = seed < how.scores.size();
    const std::string& key = judged ? how.scores[seed] : how.cells[seed];
    const auto found = passes_.find(key);
    if (found != passes_.end()) return &found->second;
    const nlohmann::json* scores = judged ? results_->find(how.scores[seed]) : nullptr;
    return &passes_.emplace(key, detail::read_samples_of(*drawn, scores)).first->second;
  }

 private:
  // A pass of fewer samples, from before a plan was enlarged, is not enough.
  [[nodiscard]] bool complete(const stored_strategy& how) const {
    const int n = how.line.at("n").get<int>();
    const auto there = [&](const std::string& key) {
      const nlohmann::json* line = results_->find(key);
      return line != nullptr && line->value("n", n) >= n;
    };
    return !how.cells.empty() && std::all_of(how.cells.begin(), how.cells.end(), there) &&
           std::all_of(how.scores.begin(), how.scores.end(), there);
  }

  measurement measure(const stored_strategy& how, const nlohmann::json& aggregator) {
    const aggregator_entry& entry = entry_named(
        all_aggregators(), aggregator.at("name").get<std::string>(), "aggregator", "results");
    measurement made;
    made.task = task_;
    made.how = &how;
    made.aggregator = {aggregator.at("title").get<std::string>(), entry.needs_scores, entry.name,
                       parameter_values(aggregator.at("values"))};
    made.seeds = how.cells.size();
    made.accuracy.resize(task_->problems() * made.seeds);
    const any_aggregator choose = entry.make(made.aggregator.values, task_->reduction);
    for (std::size_t seed = 0; seed < made.seeds; ++seed) {
      if (const detail::read_pass* drawn = samples(how, seed)) {
        made.judged = entry.needs_scores && drawn->scored.has_value();
        add_samples(made, *drawn, seed, choose);
      } else {
        made.judged = !how.line.at("verifier").get<std::string>().empty();
        add_search(made, *results_->find(how.cells[seed]), seed, choose);
      }
    }
    if (task_->price || !task_->verifier_prices.empty()) made.spent.money = priced(made);
    return made;
  }

  // By the prices that the latest plan gave, whatever was charged when the pass ran.
  [[nodiscard]] double priced(const measurement& of) const {
    const auto tokens = [](std::uint64_t count) { return static_cast<double>(count); };
    double money = 0;
    if (task_->price)
      money += task_->price->of(tokens(of.spent.prompt_tokens), tokens(of.spent.tokens));
    const auto verifier =
        task_->verifier_prices.find(of.how->line.at("verifier").get<std::string>());
    if (verifier != task_->verifier_prices.end())
      money += verifier->second.of(tokens(of.spent.verifier_tokens), 0);
    return money;
  }

  void add_samples(measurement& made, const detail::read_pass& of, std::size_t seed,
                   const any_aggregator& choose) const {
    const auto n = static_cast<std::size_t>(made.n());
    outthink::usage own, whole;
    for (std::size_t i = 0; i < task_->problems(); ++i) {
      const bool failed =
          !of.drawn.failures[i].empty() || (made.judged && !of.scored->failures[i].empty());
      made.failed += failed ? 1 : 0;
      if (!failed) made.accuracy[i * made.seeds + seed] = detail::share_right(of, i, n, choose);
      own += detail::cost_of(of, i, n, made.judged);
      whole += detail::cost_of(of, i, of.n, made.judged);
    }
    made.spent += own;
    // A pass's time is shared out by its FLOPs, or by the number of samples if they are not known.
    const double share = whole.flops > 0 ? own.flops / whole.flops
                                         : static_cast<double>(n) / static_cast<double>(of.n);
    made.seconds += share * (of.drawn.seconds + (made.judged ? of.scored->seconds : 0));
  }

  void add_search(measurement& made, const nlohmann::json& line, std::size_t seed,
                  const any_aggregator& choose) const {
    made.seconds += line.at("seconds").get<double>();
    const nlohmann::json& problems = line.at("problems");
    for (std::size_t i = 0; i < task_->problems(); ++i) {
      const nlohmann::json& one = problems.at(i);
      const auto candidates = detail::candidates_from_json(one.at("candidates"));
      const std::size_t chosen = choose(candidates).chosen;
      const bool right =
          chosen < candidates.size() && one.at("candidates").at(chosen).at(1).get<bool>();
      made.accuracy[i * made.seeds + seed] = right ? 1 : 0;
      made.spent += detail::usage_from_json(one.at("spent"));
      made.failed += one.at("status") == "failed" ? 1 : 0;
      made.budget_spent += one.at("status") == "budget_spent" ? 1 : 0;
    }
  }

  const result_set* results_;
  const stored_task* task_;
  std::map<std::string, detail::read_pass> passes_;
};

}  // namespace bench
