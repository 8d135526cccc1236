// SPDX-License-Identifier: MIT
#pragma once

#include "aggregators.hpp"
#include "bench_task.hpp"
#include "policies.hpp"
#include "token_price.hpp"
#include <outthink/core/budget.hpp>
#include <outthink/core/sampling_options.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bench {

/// Where a model or a verifier is found.
struct service_source {
  enum class kind : std::uint8_t { gguf, server, recording, rule, simulator };
  kind from = kind::gguf;
  std::string where;         ///< path, address, name of the rule, or the simulation as JSON
  std::string model;         ///< its name at a server
  std::string key_variable;  ///< the environment variable that holds a server's key
  bool chat = false;         ///< the server continues chats, not texts
  bool score_end = false;    ///< a value model that was trained at the end of solutions, too
  token_price price{};       ///< 0: it reports itself what it charges, if anything
};

/// An aggregator with its parameters.
struct chosen_aggregator {
  std::string title;  ///< for readers, such as "weighted vote, min"
  bool needs_scores = false;
  std::string name;
  parameter_values values;
};

/// One point of a grid: a policy with all its parameters, and what it runs with.
struct strategy {
  const policy_entry* policy = nullptr;
  parameter_values values;
  int n = 1;
  outthink::sampling_options sampling{};
  std::string verifier;  ///< empty: none
  outthink::budget limits{};
  std::vector<chosen_aggregator> aggregators;
  std::size_t trees = 0;  ///< problems whose trees are kept
};

/// A task, the model that works on it, and how.
struct task_plan {
  bench_task task;
  std::string model;
  std::vector<strategy> strategies;
};

/// Everything that a run is to do.
struct plan {
  std::string title = "outthink benchmark";
  std::string command;
  std::vector<std::uint64_t> seeds{1};
  int threads = 2;
  std::map<std::string, service_source> models, verifiers;
  std::vector<task_plan> tasks;
};

}  // namespace bench
