// SPDX-License-Identifier: MIT
// Snippets of docs/how-to/simulate-a-cluster.md.
#include <outthink/backends/simulator.hpp>
#include <outthink/backends/simulator/fit_answer_statistics.hpp>
#include <outthink/backends/simulator/synthetic_model.hpp>
#include <outthink/backends/simulator/synthetic_verifier.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace outthink;

TEST_CASE("docs: a search of a synthetic model and verifier on a simulated cluster") {
  std::vector<problem> problems;
  for (int i = 0; i < 100; ++i) problems.emplace_back("problem " + std::to_string(i));

  const backends::answer_statistics habits{.accuracy = 0.4,
                                           .correlation = 0.3,
                                           .agreement = 0.2,
                                           .steps = 6,
                                           .tokens = 600,
                                           .auc = 0.85};
  backends::synthetic_model model(habits);
  backends::synthetic_verifier verifier(habits);

  const transformer_shape shape{
      .parameters = 8e9, .layers = 36, .query_heads = 32, .kv_heads = 8, .head_size = 128};
  const backends::cluster_options machines{
      .cost = {.shape = shape}, .replicas = 8, .prefix_cache = true, .affinity = true};
  backends::virtual_clock clock;
  backends::simulator served(model, machines, clock);
  backends::simulator judged(verifier, machines, clock);

  const auto outcomes = solve_all(problems, served, beam_search{.width = 4, .expand = 4}, judged,
                                  best_score{}, {.answer = &backends::synthetic_model::answer_of});
  int right = 0;
  for (const outcome& one : outcomes) right += one.answer == "right" ? 1 : 0;
  // clock.seconds() is how long it took, served.report() what the machines did.

  CHECK(right > 40);
  CHECK(clock.seconds() > 0);
  CHECK(served.report().tokens_written > 0);
  CHECK(judged.report().jobs > 0);
}

TEST_CASE("docs: the habits of a model from samples that were recorded") {
  // [problems][samples]
  const std::vector<std::vector<backends::graded_answer>> recorded{
      {{"12", true, 210, 3, 0.8F}, {"12", true, 190, 3, 0.7F}, {"15", false, 250, 4, 0.4F}},
      {{"7", false, 300, 5, 0.3F}, {"8", true, 280, 4, 0.6F}, {"7", false, 310, 5, 0.5F}}};
  const backends::answer_statistics habits = backends::fit_answer_statistics(recorded);

  CHECK(habits.accuracy == doctest::Approx(0.5));
  CHECK(habits.agreement > 0.99);
}
