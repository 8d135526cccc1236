// SPDX-License-Identifier: MIT
// How long would a vote over 1,000 problems take, on so many machines? A cluster in virtual time.
#include <outthink/backends/simulator.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;

int main() {
  // A stand-in for a model: right on half of the problems more often than not, in 300 to 900
  // tokens.
  backends::scripted model{[](const generation_request& asked, random_stream& random) {
    const double ease = static_cast<double>(hash_text(asked.trace.prompt()) % 1000) / 1000;
    generation written;
    written.text = random.uniform() < ease ? "right" : "wrong" + std::to_string(random.below(5));
    written.spent.tokens_written = 300 + random.below(600);
    return written;
  }};
  std::vector<problem> problems;
  for (int i = 0; i < 1000; ++i) problems.emplace_back("problem " + std::to_string(i));

  // Eight billion parameters on machines that read 2.5 TB and compute 400 TFLOPs in a second.
  const transformer_shape shape{
      .parameters = 8e9, .layers = 36, .query_heads = 32, .kv_heads = 8, .head_size = 128};
  const auto run = [&](const char* name, const auto& policy, std::uint32_t replicas) {
    backends::virtual_clock clock;
    backends::simulator cluster(model, {.cost = {.shape = shape}, .replicas = replicas}, clock);
    const auto outcomes = solve_all(problems, cluster, policy, no_verifier{}, majority_vote{},
                                    {.max_live = problems.size()});
    int right = 0;
    for (const outcome& one : outcomes) right += one.answer == "right" ? 1 : 0;
    const auto& report = cluster.report();
    fmt::print("{}, {} replica{}: {} right, {:.1f} million tokens, {:.0f} s, {:.0f} % busy\n", name,
               replicas, replicas == 1 ? "" : "s", right, report.tokens_written / 1e6,
               clock.seconds(), 100 * report.busy_seconds / (replicas * clock.seconds()));
  };
  const adaptive_sampling<adaptive_consistency> early{.stop = {}, .batch = 4, .max_samples = 16};
  for (const std::uint32_t replicas : {1U, 8U}) {
    run("vote of 16", repeated_sampling{.n = 16}, replicas);
    run("stopped early", early, replicas);
  }
}
