// SPDX-License-Identifier: MIT
#pragma once

#include "read_plan.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What `outthink-bench run` can be told without a plan file. Empty: not given.
struct run_flags {
  std::vector<std::string> tasks;
  std::string dataset, prompt, answer, split;
  int problems = 0, level = 0, seeds = 0, threads = 0;
  std::string model, value, url, server_model, key_variable;
  bool chat = false;
  std::vector<double> price;  ///< for a million tokens: read, written
  std::vector<std::string> policies, set, aggregators, verifiers;
  std::vector<int> n;
  std::vector<double> temperature;
};

namespace detail {

/// The value of `name=value`, with commas between those of a list.
inline std::pair<std::string, json> read_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw outthink::error(outthink::errc::invalid_argument,
                          "--set " + text + ": name=value was expected");
  json values = json::array();
  for (std::size_t at = equals + 1, end = 0; at <= text.size(); at = end + 1) {
    end = std::min(text.find(',', at), text.size());
    const std::string one = text.substr(at, end - at);
    json value = json::parse(one, nullptr, false);
    values.push_back(value.is_discarded() ? json(one) : std::move(value));
  }
  return {text.substr(0, equals), values.size() == 1 ? values[0] : values};
}

inline json policies_of(const run_flags& given, bool judged) {
  if (given.policies.empty()) {
    const json n = given.n.empty() ? json{1, 4, 16, 64} : json(given.n);
    json all{{{"policy", "repeated_sampling"}, {"n", n}}};
    if (judged) all.push_back({{"policy", "beam_search"}, {"n", {4, 16, 64}}});
    return all;
  }
  json all = json::array();
  for (const std::string& name : given.policies) {
    json one{{"policy", name}};
    for (const std::string& text : given.set) {
      auto [key, value] = read_setting(text);
      one[key] = std::move(value);
    }
    if (!given.n.empty()) one["n"] = given.n;
    if (!given.temperature.empty()) one["temperature"] = given.temperature;
    if (!given.aggregators.empty()) one["aggregators"] = given.aggregators;
    if (!given.verifiers.empty()) one["verifier"] = given.verifiers;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace detail

/// The plan that flags stand for, so that both are read and checked alike.
[[nodiscard]] inline nlohmann::json plan_of_flags(const run_flags& given) {
  using nlohmann::json;
  json made{{"title", "outthink benchmark"}, {"tasks", json::array()}};
  json task = json::object();
  if (given.seeds > 0) made["seeds"] = given.seeds;
  if (given.threads > 0) made["threads"] = given.threads;
  if (given.problems > 0) task["problems"] = given.problems;
  if (given.level > 0) task["level"] = given.level;
  if (!given.split.empty()) task["split"] = given.split;
  if (!given.model.empty()) {
    made["models"]["model"] = {{"gguf", given.model}};
    task["model"] = "model";
  }
  if (!given.url.empty()) {
    json server{{"url", given.url}, {"model", given.server_model}, {"chat", given.chat}};
    if (!given.key_variable.empty()) server["key_variable"] = given.key_variable;
    made["models"]["server"] = std::move(server);
    task["model"] = "server";
  }
  if (!given.price.empty()) {
    if (!task.contains("model"))
      throw outthink::error(outthink::errc::invalid_argument,
                            "--price is that of --model or --url: give one of them");
    made["models"][task["model"].get<std::string>()]["price"] = {{"input", given.price.at(0)},
                                                                 {"output", given.price.at(1)}};
  }
  if (!given.value.empty()) made["verifiers"]["value"] = {{"gguf", given.value}};
  if (!given.dataset.empty()) {
    json one = task;
    one["dataset"] = given.dataset;
    if (!given.prompt.empty()) one["prompt"] = given.prompt;
    if (!given.answer.empty()) one["answer"] = given.answer;
    if (!given.value.empty()) one["verifier"] = "value";
    made["tasks"].push_back(std::move(one));
  }
  std::vector<std::string> tasks = given.tasks;
  if (tasks.empty() && given.dataset.empty()) tasks = embedded_tasks();
  for (const std::string& name : tasks) {
    json one = task;
    one["task"] = name;
    made["tasks"].push_back(std::move(one));
  }
  made["policies"] = detail::policies_of(given, given.dataset.empty() || !given.value.empty());
  return made;
}

}  // namespace bench
