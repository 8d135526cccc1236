// SPDX-License-Identifier: MIT
#pragma once

#include "cells.hpp"
#include "entry_named.hpp"
#include "passes.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// @brief What a results file holds: an object on each line, with `kind` and `key`.
///
/// * `task`: the problems of a task and the model that works on them;
/// * `strategy`: a point of the grid and its aggregators, which `report` turns into rows;
/// * `samples`, `scores`, `search`: what a pass found, for one seed.
namespace result_lines {

using nlohmann::json;

[[nodiscard]] inline json task(const cell_keys& keys, const plan& whole, const task_plan& of,
                               const std::optional<outthink::transformer_shape>& shape) {
  json problems = json::array();
  for (std::size_t i = 0; i < of.task.problems.size(); ++i) {
    const auto& one = of.task.problems[i];
    problems.push_back({one.id, one.question.prompt, of.task.bin_of[i]});
  }
  json made{{"kind", "task"},
            {"key", keys.task(of)},
            {"name", of.task.name},
            {"title", of.task.title},
            {"split", of.task.split},
            {"model", of.model},
            {"verifier", of.task.verifier},
            {"reduction", name_of(of.task.reduction)},
            {"temperature", of.task.sampling.temperature},
            {"bins", of.task.bins},
            {"problems", std::move(problems)}};
  if (shape) {
    made["shape"] = {shape->parameters, shape->layers, shape->query_heads, shape->kv_heads,
                     shape->head_size};
  }
  if (const token_price price = whole.models.at(of.model).price; price.any())
    made["price"] = {price.read, price.written};
  for (const strategy& how : of.strategies) {
    if (how.verifier.empty()) continue;
    if (const token_price price = whole.verifiers.at(how.verifier).price; price.any())
      made["verifier_prices"][how.verifier] = price.read;
  }
  return made;
}

[[nodiscard]] inline json strategy_line(const cell_keys& keys, const task_plan& of,
                                        const strategy& how,
                                        const std::vector<std::uint64_t>& seeds) {
  json aggregators = json::array(), cells = json::array(), scores = json::array();
  for (const chosen_aggregator& one : how.aggregators) {
    aggregators.push_back(
        {{"name", one.name}, {"title", one.title}, {"values", one.values.json()}});
  }
  const bool shared = shares_samples(how);
  for (const std::uint64_t seed : seeds) {
    cells.push_back(shared ? keys.samples(of, how, seed) : keys.search(of, how, seed));
    if (shared && !how.verifier.empty()) scores.push_back(keys.scores(of, how, seed));
  }
  json made{{"kind", "strategy"},
            {"task", keys.task(of)},
            {"policy", how.policy->name},
            {"title", how.policy->title},
            {"family", how.policy->family},
            {"parameters", how.values.json()},
            {"n", how.n},
            {"sampling", cell_keys::as_json(how.sampling)},
            {"budget", cell_keys::as_json(how.limits)},
            {"verifier", how.verifier},
            {"aggregators", std::move(aggregators)},
            {"cells", std::move(cells)},
            {"scores", std::move(scores)}};
  made["key"] = "strategy " + made.dump();
  return made;
}

[[nodiscard]] inline json samples(const std::string& key, int n, const sample_pass& from) {
  return {{"kind", "samples"},
          {"key", key},
          {"n", n},
          {"seconds", from.seconds},
          {"problems", from.samples},
          {"failures", from.failures}};
}

[[nodiscard]] inline sample_pass read_samples(const json& from) {
  return {from.at("problems").get<std::vector<std::vector<sample>>>(),
          from.at("failures").get<std::vector<std::string>>(), from.at("seconds").get<double>()};
}

[[nodiscard]] inline json scores(const std::string& key, int n, const score_pass& from) {
  return {{"kind", "scores"},
          {"key", key},
          {"n", n},
          {"seconds", from.seconds},
          {"problems", from.scores},
          {"failures", from.failures}};
}

[[nodiscard]] inline score_pass read_scores(const json& from) {
  return {from.at("problems").get<std::vector<std::vector<sample_scores>>>(),
          from.at("failures").get<std::vector<std::string>>(), from.at("seconds").get<double>()};
}

namespace detail {

inline json spent_as_json(const outthink::usage& of) {
  return {of.tokens,         of.prompt_tokens,   of.model_calls,
          of.verifier_calls, of.verifier_tokens, of.other_calls,
          of.flops,          of.verifier_flops,  of.money};
}

inline json candidates_as_json(const bench_task& task, std::size_t problem,
                               const outthink::outcome& of) {
  json made = json::array();
  for (const outthink::candidate& one : of.candidates) {
    made.push_back({bench::detail::text_as_json(std::string(one.vote())),
                    task.is_right(task.problems[problem], one), one.logprob, one.tokens,
                    bench::detail::scores_as_json(one.step_scores)});
  }
  return made;
}

}  // namespace detail

[[nodiscard]] inline json search(const std::string& key, const bench_task& task,
                                 const strategy& how, const search_pass& from) {
  json problems = json::array(), trees = json::array();
  any_aggregator choose;
  if (!how.aggregators.empty()) {
    const chosen_aggregator& first = how.aggregators.front();
    choose = entry_named(all_aggregators(), first.name, "aggregator", "")
                 .make(first.values, task.reduction);
  }
  for (std::size_t i = 0; i < from.outcomes.size(); ++i) {
    const outthink::outcome& one = from.outcomes[i];
    problems.push_back({{"status", to_string(one.status)},
                        {"spent", detail::spent_as_json(one.spent)},
                        {"candidates", detail::candidates_as_json(task, i, one)}});
    if (!one.message.empty()) problems.back()["message"] = one.message;
    const recorded_tree* tree = from.trees.find(task.problems[i].question.prompt);
    if (tree == nullptr || !choose) continue;
    const std::size_t chosen = choose(one.candidates).chosen;
    const bool right =
        chosen < one.candidates.size() && task.is_right(task.problems[i], one.candidates[chosen]);
    trees.push_back({{"problem", task.problems[i].id},
                     {"question", task.problems[i].question.prompt},
                     {"right", right},
                     {"nodes", nodes_as_json(*tree, chosen)}});
  }
  return {{"kind", "search"},
          {"key", key},
          {"seconds", from.seconds},
          {"problems", std::move(problems)},
          {"trees", std::move(trees)}};
}

}  // namespace result_lines

}  // namespace bench
