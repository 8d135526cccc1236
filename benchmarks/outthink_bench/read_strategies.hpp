// SPDX-License-Identifier: MIT
#pragma once

#include "entry_named.hpp"
#include "plan.hpp"
#include "strict_object.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace detail {

using nlohmann::json;

inline outthink::budget read_budget(const json& from, const std::string& where) {
  outthink::budget made;
  if (from.is_null()) return made;
  strict_object of(from, where);
  const auto whole = [&](const char* name, std::uint64_t& limit) {
    const std::int64_t given = of.count(name, -1, 1);
    if (given > 0) limit = static_cast<std::uint64_t>(given);
  };
  whole("tokens", made.tokens);
  whole("model_calls", made.model_calls);
  whole("verifier_calls", made.verifier_calls);
  made.flops = of.number("flops", made.flops);
  made.money = of.number("money", made.money);
  made.seconds = of.number("seconds", made.seconds);
  of.finish();
  return made;
}

inline chosen_aggregator read_aggregator(const json& from, const std::string& where,
                                         outthink::step_reduction of_task) {
  const json written = from.is_string() ? json{{"aggregator", from}} : from;
  strict_object of(written, where);
  const std::string name = of.text("aggregator", "");
  const aggregator_entry& entry =
      entry_named(all_aggregators(), name, "aggregator", of.path("aggregator"));
  chosen_aggregator made{entry.title, entry.needs_scores, entry.name, {}};
  json values = json::object();
  for (const parameter& p : entry.parameters) {
    const json& given = of.find(p.name);
    values[p.name] = given.is_null() ? p.otherwise : given;
    check_parameter(p, values[p.name], of.path(p.name));
    if (p.name == "reduction") {
      const auto reduction = reduction_named(values[p.name].get<std::string>(), of_task);
      values[p.name] = name_of(reduction);
      made.title += ", " + name_of(reduction);
    } else if (!given.is_null()) {
      made.title += ", " + p.name + " " + given.dump();
    }
  }
  of.finish();
  made.values = parameter_values(std::move(values));
  return made;
}

/// Every way to take one value of each member that is a list; the last member changes fastest.
inline std::vector<json> grid(const json& from, const std::vector<std::string>& lists) {
  std::vector<json> points{json::object()};
  for (const auto& [name, value] : from.items()) {
    const bool is_list = std::find(lists.begin(), lists.end(), name) != lists.end();
    const std::vector<json> values = is_list && value.is_array()
                                         ? std::vector<json>(value.begin(), value.end())
                                         : std::vector<json>{value};
    std::vector<json> longer;
    for (const json& point : points) {
      for (const json& one : values) {
        longer.push_back(point);
        longer.back()[name] = one;
      }
    }
    points = std::move(longer);
  }
  return points;
}

}  // namespace detail

/// Reads one entry of a plan's `policies` into the points of its grid.
class strategy_reader {
 public:
  strategy_reader(const plan& whole, const bench_task& task) : plan_(&whole), task_(&task) {}

  [[nodiscard]] std::vector<strategy> read(const nlohmann::json& from, const std::string& where) {
    strict_object of(from, where);
    const policy_entry& policy =
        entry_named(all_policies(), of.text("policy", ""), "policy", of.path("policy"));
    std::vector<std::string> lists{"n", "temperature", "top_p", "top_k", "verifier"};
    for (const parameter& p : policy.parameters) lists.push_back(p.name);
    for (const std::string& list : lists) {
      if (const auto found = from.find(list);
          found != from.end() && found->is_array() && found->empty())
        throw of.wrong_member(list, "the list is empty", *found);
    }
    std::vector<strategy> all;
    for (const nlohmann::json& point : detail::grid(from, lists))
      all.push_back(read_point(policy, point, where));
    return all;
  }

 private:
  strategy read_point(const policy_entry& policy, const nlohmann::json& from,
                      const std::string& where) const {
    strict_object of(from, where);
    (void)of.find("policy");
    strategy made;
    made.policy = &policy;
    const outthink::sampling_options& usual = task_->sampling;
    made.sampling.temperature = static_cast<float>(of.number("temperature", usual.temperature));
    made.sampling.top_p = static_cast<float>(of.number("top_p", usual.top_p));
    made.sampling.top_k = static_cast<int>(of.count("top_k", usual.top_k, 0));
    made.limits = detail::read_budget(of.find("budget"), of.path("budget"));
    made.trees = static_cast<std::size_t>(of.count("trees", 0, 0));
    read_parameters(made, of);
    read_verifier(made, of, read_aggregators(made, of));
    of.finish();
    check(made, of);
    return made;
  }

  static void read_parameters(strategy& made, strict_object& of) {
    const policy_entry& policy = *made.policy;
    nlohmann::json values = nlohmann::json::object();
    for (const parameter& p : policy.parameters) {
      const nlohmann::json& given = of.find(p.name);
      values[p.name] = given.is_null() ? p.otherwise : given;
      check_parameter(p, values[p.name], of.path(p.name));
    }
    const std::int64_t each = policy.each.empty() ? 1 : values[policy.each].get<std::int64_t>();
    if (each < 1)
      throw of.wrong_member(policy.each, "at least 1 was expected", values[policy.each]);
    if (policy.drawn != "n" && !of.find("n").is_null()) {
      const std::int64_t n = of.count("n", 1, 1);
      if (!of.find(policy.drawn).is_null()) {
        throw of.wrong("n = " + std::to_string(n) + " and " + policy.drawn +
                       " cannot both be given: n is " + policy.drawn +
                       (policy.each.empty() ? "" : " times " + policy.each));
      }
      if (n % each != 0) {
        throw of.wrong(policy.name + ": n = " + std::to_string(n) + " is no multiple of " +
                       policy.each + " = " + std::to_string(each));
      }
      values[policy.drawn] = n / each;
    }
    const std::int64_t drawn = values[policy.drawn].get<std::int64_t>();
    if (drawn < 1 || drawn * each > (1 << 20)) {
      throw of.wrong_member(policy.drawn, "a number from 1 to 1048576 was expected",
                            values[policy.drawn]);
    }
    made.n = static_cast<int>(drawn * each);
    made.values = parameter_values(std::move(values));
  }

  // True if the aggregators were chosen by the plan.
  bool read_aggregators(strategy& made, strict_object& of) const {
    std::vector<nlohmann::json> given = of.list("aggregators");
    const bool chosen = !given.empty();
    if (!chosen) {
      const std::string& family = made.policy->family;
      if (family != "search") given.emplace_back("majority_vote");
      if (family != "adaptive") {
        given.emplace_back("best_score");
        given.emplace_back("weighted_vote");
      }
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string where = of.path("aggregators") + "[" + std::to_string(i) + "]";
      made.aggregators.push_back(detail::read_aggregator(given[i], where, task_->reduction));
    }
    return chosen;
  }

  void read_verifier(strategy& made, strict_object& of, bool chosen) const {
    const bool wants = std::any_of(made.aggregators.begin(), made.aggregators.end(),
                                   [](const auto& one) { return one.needs_scores; });
    const bool searches = made.policy->family == "search";
    const bool given = !of.find("verifier").is_null();
    made.verifier = of.text("verifier", wants || searches ? task_->verifier : "");
    if (made.verifier == "none") made.verifier.clear();
    if (!made.verifier.empty() && !plan_->verifiers.contains(made.verifier)) {
      std::vector<std::string> names{"none"};
      for (const auto& [name, source] : plan_->verifiers) names.push_back(name);
      throw unknown_name(of.path("verifier"), "verifier", made.verifier, names);
    }
    if (!made.verifier.empty()) return;
    if (searches) {
      throw of.wrong(made.policy->name + " needs a verifier" +
                     (given ? "" : ": name one, as task " + task_->name + " has none of its own"));
    }
    if (chosen && wants) {
      throw of.wrong("an aggregator that goes by scores needs a verifier: name one, or leave " +
                     std::string("majority_vote alone"));
    }
    std::erase_if(made.aggregators, [](const auto& one) { return one.needs_scores; });
  }

  static void check(const strategy& made, const strict_object& of) {
    outthink::solve_options options;
    options.sampling = made.sampling;
    try {
      outthink::validate(options);
    } catch (const outthink::error& problem) {
      throw of.wrong(problem.what());
    }
    if (made.sampling.temperature == 0 && made.policy->family == "sampling" && made.n > 1) {
      throw of.wrong("at temperature 0 all " + std::to_string(made.n) +
                     " samples are the same: ask for n = 1, or for a temperature");
    }
  }

  const plan* plan_;
  const bench_task* task_;
};

}  // namespace bench
