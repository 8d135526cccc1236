// SPDX-License-Identifier: MIT
#pragma once

#include "strict_object.hpp"
#include <outthink/backends/simulator.hpp>
#include <outthink/backends/simulator/synthetic_model.hpp>
#include <outthink/backends/simulator/synthetic_verifier.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace bench {

/// A model and a verifier of known habits, and the machines that serve them.
struct simulation {
  outthink::backends::answer_statistics habits;
  outthink::backends::cluster_options cluster;  ///< of the model
  std::uint32_t verifier_replicas = 1;          ///< likewise machines, of the verifier alone
  double prompt_tokens = 200;
  double price = 2.5;  ///< of a machine for an hour
};

namespace detail {

/// Every number of a simulation by its name in plans.
template <class Simulation, class Visit>
void visit_numbers(Simulation& of, Visit visit) {
  auto& [parameters, layers, query_heads, kv_heads, head_size] = of.cluster.cost.shape;
  visit("accuracy", of.habits.accuracy), visit("correlation", of.habits.correlation);
  visit("agreement", of.habits.agreement), visit("steps", of.habits.steps);
  visit("tokens", of.habits.tokens), visit("spread", of.habits.spread);
  visit("auc", of.habits.auc), visit("prompt_tokens", of.prompt_tokens);
  visit("parameters", parameters), visit("layers", layers), visit("query_heads", query_heads);
  visit("kv_heads", kv_heads), visit("head_size", head_size);
  visit("flops_per_second", of.cluster.cost.machine.flops_per_second);
  visit("bytes_per_second", of.cluster.cost.machine.bytes_per_second);
  visit("kv_bytes", of.cluster.cost.machine.kv_bytes);
  visit("step_overhead", of.cluster.cost.machine.step_overhead);
  visit("replicas", of.cluster.replicas), visit("verifier_replicas", of.verifier_replicas);
  visit("max_batch", of.cluster.max_batch), visit("restart", of.cluster.restart);
  visit("prefix_cache", of.cluster.prefix_cache), visit("affinity", of.cluster.affinity);
  visit("mean_uptime", of.cluster.mean_uptime), visit("price", of.price);
}

}  // namespace detail

/// @brief Reads the object `simulator` of a plan: the numbers of a simulation, by their names.
///
/// Errors: `errc::invalid_argument` that names the member.
[[nodiscard]] inline simulation read_simulation(const nlohmann::json& from,
                                                const std::string& where) {
  strict_object of(from, where);
  simulation made;
  made.cluster.cost.shape = {
      .parameters = 8e9, .layers = 36, .query_heads = 32, .kv_heads = 8, .head_size = 128};
  made.cluster.prefix_cache = made.cluster.affinity = true;
  made.verifier_replicas = 0;
  detail::visit_numbers(made, [&](const char* name, auto& value) {
    using type = std::remove_reference_t<decltype(value)>;
    if constexpr (std::is_same_v<type, bool>) {
      value = of.flag(name, value);
    } else if constexpr (std::is_same_v<type, double>) {
      value = of.number(name, value);
    } else {
      value = static_cast<type>(of.count(name, static_cast<std::int64_t>(value), 1));
    }
  });
  of.finish();
  if (made.verifier_replicas == 0) made.verifier_replicas = (made.cluster.replicas + 1) / 2;
  (void)outthink::backends::synthetic_model(made.habits);
  (void)outthink::backends::synthetic_verifier(made.habits);
  (void)outthink::backends::replica_pool(made.cluster);
  return made;
}

/// All of a simulation's numbers: `read_simulation` makes the same of them.
[[nodiscard]] inline nlohmann::json as_json(const simulation& from) {
  nlohmann::json made;
  detail::visit_numbers(from, [&](const char* name, const auto& value) {
    if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(value)>>) {
      if (!std::isfinite(value)) return;  // never fails
    }
    made[name] = value;
  });
  return made;
}

/// A simulated problem's text, of as many bytes whatever its number.
[[nodiscard]] inline std::string simulated_prompt(std::size_t number) {
  std::string digits = std::to_string(number);
  return "problem " + std::string(digits.size() < 12 ? 12 - digits.size() : 0, '0') + digits;
}

/// Bytes of a prompt for each of its tokens.
[[nodiscard]] inline double bytes_per_token(const simulation& of) {
  return static_cast<double>(simulated_prompt(0).size()) / of.prompt_tokens;
}

/// @brief A synthetic model or verifier behind its own machines.
template <class Service>
class simulated {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  simulated(const simulation& of, const outthink::backends::cluster_options& machines,
            outthink::backends::virtual_clock& clock)
      : made_up_(of.habits),
        cluster_(made_up_, machines, clock, bytes_per_token(of)),
        flops_(2 * of.cluster.cost.shape.parameters) {}

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    std::vector<response> answers = cluster_.answer(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      outthink::cost& spent = answers[i].spent;
      if constexpr (outthink::verifier<Service>) spent.tokens_read = tokens_of(batch[i]);
      spent.flops = flops_ * (spent.tokens_read + spent.tokens_written);
    }
    return answers;
  }

  /// The machines, which answer requests one by one.
  [[nodiscard]] outthink::backends::simulator<Service>& cluster() noexcept { return cluster_; }

 private:
  // Those of the steps that are to be scored.
  static std::uint32_t tokens_of(const outthink::score_request& asked) {
    std::uint32_t step = 0, tokens = 0;
    for (const outthink::node_id node : asked.trace.tree().path(asked.trace.node()))
      if (step++ >= asked.from) tokens += asked.trace.tree().payload(node).tokens;
    return tokens;
  }

  Service made_up_;
  outthink::backends::simulator<Service> cluster_;
  double flops_;  // of a token
};

using simulated_model = simulated<outthink::backends::synthetic_model>;
using simulated_verifier = simulated<outthink::backends::synthetic_verifier>;

/// The machines of the verifier: like the model's.
[[nodiscard]] inline outthink::backends::cluster_options verifier_cluster(const simulation& of) {
  outthink::backends::cluster_options machines = of.cluster;
  machines.replicas = of.verifier_replicas;
  return machines;
}

}  // namespace bench
