// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/scheduler.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace outthink::test {

/// Answers one of `batches`, chosen at random, and forgets it.
template <class Scheduler, class Service>
void answer_any(Scheduler& run, Service& service, std::vector<batch<Service>>& batches,
                random_stream& random) {
  const auto i = random.below(static_cast<std::uint32_t>(batches.size()));
  std::swap(batches[i], batches.back());
  const batch<Service> asked = std::move(batches.back());
  batches.pop_back();
  run.tell(asked, service.answer(asked.requests()));
}

/// Drives a scheduler as an event loop would: all batches under way, answers in any order.
template <class Model, class Policy, class Verifier, class Aggregator>
std::vector<outcome> solve_out_of_order(std::span<const problem> problems, Model& model,
                                        const Policy& policy, Verifier& verifier,
                                        const Aggregator& aggregate, const solve_options& options,
                                        std::uint64_t shuffle) {
  scheduler<Model, Policy, Verifier, Aggregator> run(problems, model, policy, verifier, aggregate,
                                                     options);
  std::vector<batch<Model>> for_model;
  std::vector<batch<Verifier>> for_verifier;
  random_stream random({.key = shuffle, .place = 1});
  while (!run.done()) {
    for (auto asked = run.ask(model); !asked.empty(); asked = run.ask(model)) {
      for_model.push_back(std::move(asked));
    }
    for (auto asked = run.ask(verifier); !asked.empty(); asked = run.ask(verifier)) {
      for_verifier.push_back(std::move(asked));
    }
    if (for_model.empty() && for_verifier.empty()) continue;
    const bool model_next = for_verifier.empty() || (!for_model.empty() && random.below(2) == 0);
    if (model_next) {
      answer_any(run, model, for_model, random);
    } else {
      answer_any(run, verifier, for_verifier, random);
    }
  }
  return run.take_outcomes();
}

}  // namespace outthink::test
