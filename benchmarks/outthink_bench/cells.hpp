// SPDX-License-Identifier: MIT
#pragma once

#include "plan.hpp"
#include "services.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace bench {

/// @brief The names under which results are kept: whatever changes a result changes its key.
///
/// A model or verifier enters with a hash of its file, a task with one of its problems.
/// Requires: the plan outlives it.
class cell_keys {
 public:
  explicit cell_keys(const plan& whole) : plan_(&whole) {
    for (const task_plan& one : whole.tasks) {
      add(one.model, whole.models, models_);
      for (const strategy& how : one.strategies)
        if (!how.verifier.empty()) add(how.verifier, whole.verifiers, verifiers_);
    }
  }

  [[nodiscard]] std::string task(const task_plan& of) const {
    return fmt::format("{}/{}/{:016x}/{}", of.task.name, of.task.split, of.task.fingerprint(),
                       models_.at(of.model));
  }

  /// What a generation pass depends on, but for the number of samples.
  [[nodiscard]] std::string samples(const task_plan& of, const strategy& how,
                                    std::uint64_t seed) const {
    return nlohmann::json{{"task", task(of)}, {"sampling", as_json(how.sampling)}, {"seed", seed}}
        .dump();
  }

  [[nodiscard]] std::string scores(const task_plan& of, const strategy& how,
                                   std::uint64_t seed) const {
    return nlohmann::json{{"samples", samples(of, how, seed)}, {"verifier", verifier(how)}}.dump();
  }

  [[nodiscard]] std::string search(const task_plan& of, const strategy& how,
                                   std::uint64_t seed) const {
    nlohmann::json key{{"task", task(of)},
                       {"policy", how.policy->name},
                       {"parameters", how.values.json()},
                       {"sampling", as_json(how.sampling)},
                       {"verifier", verifier(how)},
                       {"budget", as_json(how.limits)},
                       {"seed", seed}};
    // A budget of money ends a search elsewhere at another price; else a price changes no result.
    if (std::isfinite(how.limits.money)) key["prices"] = prices(of, how);
    return key.dump();
  }

  /// What tokens cost: of the model and, if there is one, of the verifier.
  [[nodiscard]] nlohmann::json prices(const task_plan& of, const strategy& how) const {
    const token_price model = plan_->models.at(of.model).price;
    const token_price verifier =
        how.verifier.empty() ? token_price{} : plan_->verifiers.at(how.verifier).price;
    return {model.read, model.written, verifier.read, verifier.written};
  }

  [[nodiscard]] std::string verifier(const strategy& how) const {
    return how.verifier.empty() ? "" : verifiers_.at(how.verifier);
  }

  [[nodiscard]] static nlohmann::json as_json(const outthink::sampling_options& from) {
    return {from.temperature, from.top_k, from.top_p};
  }

  /// Only what is limited.
  [[nodiscard]] static nlohmann::json as_json(const outthink::budget& from) {
    nlohmann::json made = nlohmann::json::object();
    const auto whole = [&](const char* name, std::uint64_t limit) {
      if (limit != outthink::budget::kUnlimited) made[name] = limit;
    };
    const auto number = [&](const char* name, double limit) {
      if (std::isfinite(limit)) made[name] = limit;
    };
    whole("tokens", from.tokens);
    whole("model_calls", from.model_calls);
    whole("verifier_calls", from.verifier_calls);
    number("flops", from.flops);
    number("money", from.money);
    number("seconds", from.seconds);
    return made;
  }

 private:
  static void add(const std::string& name, const std::map<std::string, service_source>& sources,
                  std::map<std::string, std::string>& identities) {
    if (!identities.contains(name)) identities[name] = identity_of(name, sources.at(name));
  }

  const plan* plan_;
  std::map<std::string, std::string> models_, verifiers_;
};

/// True if a strategy's results come from a generation pass that others share: independent samples
/// without a budget, of which any number are the first of a larger number.
[[nodiscard]] inline bool shares_samples(const strategy& how) {
  return how.policy->name == "repeated_sampling" && cell_keys::as_json(how.limits).empty();
}

}  // namespace bench
