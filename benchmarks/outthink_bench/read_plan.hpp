// SPDX-License-Identifier: MIT
#pragma once

#include "fit_results.hpp"
#include "read_dataset.hpp"
#include "read_strategies.hpp"
#include "simulated_task.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

/// A path of a plan, which counts from the plan's folder.
inline std::string below(const std::string& folder, const std::string& path) {
  return folder.empty() ? path : (std::filesystem::path(folder) / path).string();
}

/// A verifier has one price, as what it writes is not told from what it reads.
inline token_price read_price(const json& from, const std::string& where, bool verifier) {
  token_price made;
  if (from.is_null()) return made;
  strict_object of(from, where);
  const auto price = [&](const char* name) {
    const double given = of.number(name, 0);
    if (!(given >= 0)) throw of.wrong_member(name, "a price of 0 or more was expected", given);
    return given;
  };
  made.read = price("input");
  made.written = verifier ? made.read : price("output");
  of.finish();
  return made;
}

inline service_source read_source(const json& from, const std::string& where,
                                  const std::string& folder, bool verifier) {
  using kind = service_source::kind;
  strict_object of(from, where);
  service_source made;
  if (const json& simulated = of.find("simulator"); !simulated.is_null()) {
    of.finish();
    const json fitted = with_fitted_habits(simulated, folder);
    made.from = kind::simulator;
    made.where = as_json(read_simulation(fitted, of.path("simulator"))).dump();
    return made;
  }
  const std::string gguf = of.text("gguf", ""), url = of.text("url", "");
  const std::string other = of.text(verifier ? "rule" : "recording", "");
  const int given = (gguf.empty() ? 0 : 1) + (url.empty() ? 0 : 1) + (other.empty() ? 0 : 1);
  if (given != 1) {
    throw of.wrong(std::string("exactly one of gguf, url, simulator and ") +
                   (verifier ? "rule" : "recording") + " says where it is");
  }
  if (!gguf.empty()) {
    made = {kind::gguf, below(folder, gguf), {}, {}, false, false};
    if (verifier) made.score_end = of.flag("score_end", false);
  } else if (!url.empty()) {
    made = {kind::server, url, {}, of.text("key_variable", ""), false, false};
    if (!verifier) {
      made.model = of.text("model", "");
      made.chat = of.flag("chat", false);
    }
  } else if (verifier) {
    const std::vector<std::string> rules{"game_of_24", "chained_arithmetic"};
    if (std::find(rules.begin(), rules.end(), other) == rules.end())
      throw unknown_name(of.path("rule"), "rule", other, rules);
    made = {kind::rule, other, {}, {}, false, false};
  } else {
    made = {kind::recording, below(folder, other), {}, {}, false, false};
  }
  made.price = read_price(of.find("price"), of.path("price"), verifier);
  of.finish();
  return made;
}

inline void add_embedded_services(plan& made) {
  using kind = service_source::kind;
  for (const std::string name : {"game24", "arithmetic"}) {
    const bool game = name == "game24";
    const task_files files = game ? game_of_24_task() : chained_arithmetic_task();
    made.models[name + "-policy"] = {kind::gguf, files.policy, {}, {}, false, false};
    made.verifiers[name + "-value"] = {kind::gguf, files.value, {}, {}, false, files.score_end};
  }
  made.verifiers["game24-rule"] = {kind::rule, "game_of_24", {}, {}, false, false};
  made.verifiers["arithmetic-rule"] = {kind::rule, "chained_arithmetic", {}, {}, false, false};
}

inline std::vector<std::string> names_of(const std::map<std::string, service_source>& sources) {
  std::vector<std::string> names;
  for (const auto& [name, source] : sources) names.push_back(name);
  return names;
}

/// `text` with the question in place of `{question}`.
inline std::string fill_in(std::string text, const std::string& question) {
  constexpr std::string_view kMark = "{question}";
  const std::size_t at = text.find(kMark);
  return at == std::string::npos ? text : text.replace(at, kMark.size(), question);
}

inline bench_task read_task(strict_object& of, const std::string& folder) {
  const std::string dataset = of.text("dataset", "");
  const std::string name =
      of.text("task", dataset.empty() ? "" : std::filesystem::path(dataset).stem().string());
  bench_task made;
  if (dataset.empty() && name == "simulated") {
    made = simulated_task();
    made.verifier = of.text("verifier", "");
  } else if (dataset.empty()) {
    std::vector<std::string> embedded = embedded_tasks();
    if (std::find(embedded.begin(), embedded.end(), name) == embedded.end()) {
      embedded.push_back("simulated");
      throw unknown_name(of.path("task"), "task", name, embedded);
    }
    made = embedded_task(name, of.text("split", "validation"));
  } else {
    const std::string prompt = of.text("prompt", "{question}\n");
    if (prompt.find("{question}") == std::string::npos)
      throw of.wrong_member("prompt", "a text with {question} in it was expected", prompt);
    const answer_reading reading = entry_named(answer_readings(), of.text("answer", "last_line"),
                                               "way to read answers", of.path("answer"));
    made = dataset_task(name,
                        read_dataset(below(folder, dataset),
                                     [&](const std::string& q) { return fill_in(prompt, q); }),
                        reading);
    const std::vector<std::string> stops = of.texts("stops");
    made.steps.stops = stops;
    made.steps.delimiter = of.text("delimiter", "\n");
    made.steps.max_total_tokens =
        static_cast<std::uint32_t>(of.count("max_tokens", made.steps.max_total_tokens, 1));
    const std::string reduction = of.text("reduction", "last");
    check_parameter(reduction_parameter(), reduction, of.path("reduction"));
    made.reduction = reduction_named(reduction, outthink::step_reduction::last);
    made.verifier = of.text("verifier", "");
  }
  made.title = of.text("title", made.title);
  select_problems(made, static_cast<std::size_t>(of.count("problems", 0, 1)),
                  static_cast<int>(of.count("level", 0, 0)));
  return made;
}

/// A simulated model and verifier know of simulated problems alone, and no other knows of them.
inline void check_simulated(const plan& made, const strict_object& of, const task_plan& planned,
                            const std::string& model) {
  const auto check = [&](const service_source& used, const std::string& name) {
    const bool simulated = used.from == service_source::kind::simulator;
    if (simulated == (planned.task.name == "simulated")) return;
    throw of.wrong(name + (simulated ? " is simulated: it answers the task `simulated` alone"
                                     : " cannot answer the task `simulated`"));
  };
  check(made.models.at(model), model);
  for (const strategy& how : planned.strategies)
    if (!how.verifier.empty()) check(made.verifiers.at(how.verifier), how.verifier);
}

inline void read_tasks(plan& made, const json& from, const std::string& where,
                       const std::string& folder, const std::vector<json>& common) {
  strict_object of(from, where);
  task_plan planned;
  planned.task = read_task(of, folder);
  std::vector<std::string> models = of.texts("model");
  if (models.empty()) models = {planned.task.model};
  std::vector<json> policies = of.list("policies");
  std::string path = of.path("policies");
  of.finish();
  if (policies.empty()) {
    policies = common;
    path = where.substr(0, where.rfind("tasks")) + "policies";
  }
  if (policies.empty()) throw of.wrong("there are no `policies`, here or in the whole plan");
  strategy_reader reader(made, planned.task);
  for (std::size_t i = 0; i < policies.size(); ++i) {
    for (strategy& one : reader.read(policies[i], path + "[" + std::to_string(i) + "]"))
      planned.strategies.push_back(std::move(one));
  }
  for (const std::string& model : models) {
    if (!made.models.contains(model)) {
      const std::vector<std::string> names = names_of(made.models);
      if (model.empty())
        throw of.wrong("name a `model`; there are: " + nlohmann::json(names).dump());
      throw unknown_name(of.path("model"), "model", model, names);
    }
    check_simulated(made, of, planned, model);
    made.tasks.push_back(planned);
    made.tasks.back().model = model;
  }
}

}  // namespace detail

/// @brief Reads what a run is to do.
///
/// Requires: `from` as docs/how-to/benchmark-your-model.md describes it. `name` stands for it in
/// messages, and relative paths count from `folder`.
/// Errors: `errc::invalid_argument` that names the file, the member and, where a name is unknown,
/// the nearest one that there is; those of `read_dataset`.
[[nodiscard]] inline plan read_plan(const nlohmann::json& from, const std::string& name,
                                    const std::string& folder) {
  strict_object of(from, name + ": ");
  plan made;
  made.title = of.text("title", made.title);
  made.threads = static_cast<int>(of.count("threads", made.threads, 1));
  detail::add_embedded_services(made);
  for (const bool verifiers : {false, true}) {
    const std::string group = verifiers ? "verifiers" : "models";
    const nlohmann::json& given = of.find(group);
    if (given.is_null()) continue;
    if (!given.is_object()) throw of.wrong_member(group, "an object of names was expected", given);
    for (const auto& [key, source] : given.items()) {
      (verifiers ? made.verifiers : made.models)[key] =
          detail::read_source(source, of.path(group) + "." + key, folder, verifiers);
    }
  }
  const nlohmann::json& seeds = of.find("seeds");
  if (seeds.is_array()) {
    made.seeds.clear();
    for (const nlohmann::json& seed : seeds) {
      if (!seed.is_number_unsigned())
        throw of.wrong_member("seeds", "a number of seeds or a list of them was expected", seeds);
      made.seeds.push_back(seed.get<std::uint64_t>());
    }
  } else if (!seeds.is_null()) {
    const std::int64_t count = of.count("seeds", 1, 1);
    made.seeds.clear();
    for (std::int64_t seed = 1; seed <= count; ++seed)
      made.seeds.push_back(static_cast<std::uint64_t>(seed));
  }
  const std::vector<nlohmann::json> common = of.list("policies"), tasks = of.list("tasks");
  of.finish();
  if (made.seeds.empty()) throw of.wrong_member("seeds", "at least one was expected", seeds);
  if (tasks.empty()) throw of.wrong("there are no `tasks`");
  for (std::size_t i = 0; i < tasks.size(); ++i)
    detail::read_tasks(made, tasks[i], name + ": tasks[" + std::to_string(i) + "]", folder, common);
  return made;
}

/// Reads a plan file.
[[nodiscard]] inline nlohmann::json load_plan(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  try {
    return nlohmann::json::parse(file, nullptr, true, true);  // comments are allowed
  } catch (const nlohmann::json::exception& problem) {
    throw outthink::error(outthink::errc::malformed_file, path + ": " + problem.what());
  }
}

}  // namespace bench
