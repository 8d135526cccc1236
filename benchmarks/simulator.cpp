// SPDX-License-Identifier: MIT
//
// Does the simulated cluster tell the time of a real one? The embedded transformer's step time is
// measured at a few batch sizes and fitted, a mixed run of votes and beam search is predicted, then
// measured; in turns, as the machine may change its pace. Seconds are those of the processor, on
// one thread, so that other programs of the machine do not count.
//
//     simulator [rounds] [problems]

#include "../examples/support/task.hpp"
#include <outthink/backends/simulator.hpp>
#include <outthink/backends/simulator/fit_serving_machine.hpp>
#include <outthink/interop/any_service.hpp>
#include <outthink/verifiers/value_model.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace outthink;
using backends::transformer;

constexpr std::uint32_t kRows = 128;  // the decoder's

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Seconds of steps of several batches and contexts, and of readings.
std::vector<backends::timed_step> measure(transformer& model) {
  std::vector<backends::timed_step> all;
  std::vector<float> logits(kRows * model.vocabulary_size());
  const auto time = [&](std::size_t batch, std::size_t context, std::size_t tokens) {
    const std::vector<token_id> past(context, model.begin_of_text() + 1), now(tokens, past[0]);
    constexpr int kRounds = 8, kSteps = 4;
    double seconds = 0;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<advance_row> before, rows;
      for (std::size_t i = 0; i < batch; ++i) {
        const sequence_id opened = model.open();
        before.push_back({opened, past});
        rows.push_back({opened, now});
      }
      const auto out = std::span(logits).first(batch * model.vocabulary_size());
      model.advance(before, out);
      const double before_steps = processor_seconds();
      for (int step = 0; step < kSteps; ++step) model.advance(rows, out);
      seconds += (processor_seconds() - before_steps) / (kRounds * kSteps);
      for (const advance_row& row : rows) model.release(row.sequence);
    }
    const auto n = static_cast<double>(batch), c = static_cast<double>(context),
               t = static_cast<double>(tokens);
    all.push_back(tokens == 1 ? backends::timed_step{n, n * (c + 1.5), 0, seconds}
                              : backends::timed_step{0, c + 1.5 * t, t, seconds});
  };
  for (const std::size_t batch : {1U, 2U, 4U, 16U, 64U, 128U})
    for (const std::size_t context : {10U, 60U}) time(batch, context, 1);
  for (const std::size_t tokens : {4U, 12U}) time(1, 20, tokens);
  return all;
}

/// Answers from memory what was asked before.
template <class Service>
class remembering {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  explicit remembering(Service& inner) : inner_(&inner) {}

  std::vector<response> answer(std::span<const request> batch) {
    std::vector<response> answers;
    for (const request& asked : batch) {
      const std::pair key{asked.stream.key, asked.stream.place};
      auto known = known_.find(key);
      if (known == known_.end())
        known = known_.emplace(key, inner_->answer(std::span(&asked, 1))[0]).first;
      answers.push_back(known->second);
    }
    return answers;
  }

 private:
  Service* inner_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, response> known_;
};

/// Asks a batch in such an order that a decoder computes every text for itself, as most servers do:
/// no two continuations of a trace stand side by side.
template <class Model>
class apart {
 public:
  using request = generation_request;
  using response = generation;

  explicit apart(Model& inner) : inner_(&inner) {}

  std::vector<generation> answer(std::span<const generation_request> batch) {
    std::vector<std::size_t> order(batch.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(batch[a].ordinal, a) < std::pair(batch[b].ordinal, b);
    });
    std::vector<generation_request> asked;
    for (const std::size_t i : order) asked.push_back(batch[i]);
    std::vector<generation> made = inner_->answer(asked), answers(batch.size());
    for (std::size_t i = 0; i < order.size(); ++i) answers[order[i]] = std::move(made[i]);
    return answers;
  }

 private:
  Model* inner_;
};

transformer_shape shape_of(const std::string& path, const transformer& model) {
  const backends::gguf::file file(path);
  const auto h = backends::llama::read_hyperparameters(file);
  return {static_cast<double>(model.parameters()), static_cast<double>(h.layers),
          static_cast<double>(h.heads), static_cast<double>(h.kv_heads),
          static_cast<double>(h.head_dim)};
}

template <class Model, class Verifier>
void solve_mixed(const std::vector<problem>& problems, Model& model, Verifier& verifier,
                 std::span<double> seconds, auto now) {
  const solve_options options{.answer = chained_arithmetic_task().answer};
  double before = now();
  (void)solve_all(problems, model, repeated_sampling{.n = 8}, no_verifier{}, majority_vote{},
                  options);
  seconds[0] = now() - before;
  before = now();
  (void)solve_all(problems, model, beam_search{.width = 4, .expand = 4}, verifier,
                  best_score{step_reduction::min}, options);
  seconds[1] = now() - before;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
  const task_files files = chained_arithmetic_task();
  const auto chosen = spread(load_problems(files.problems, "validation"),
                             argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 40);
  std::vector<problem> problems;
  for (const labelled_problem& one : chosen) problems.push_back(one.question);

  transformer measured_policy = transformer::load(files.policy);
  transformer measured_value = transformer::load(files.value);
  std::vector<token_id> tokens;
  for (const problem& one : problems) measured_policy.tokenize(one.prompt, tokens);
  double bytes = 0;
  for (const problem& one : problems) bytes += static_cast<double>(one.prompt.size());
  const double bytes_per_token = bytes / static_cast<double>(tokens.size());

  decoder asked(transformer::load(files.policy));
  verifiers::value_model judge(transformer::load(files.value), {.score_end = files.score_end});
  remembering known(asked);
  remembering judged(judge);
  std::vector<double> ratios[3];
  for (int round = 0; round < rounds; ++round) {
    double predicted[2], measured[2];
    const auto cluster = [&](const std::string& path, transformer& model) {
      const transformer_shape shape = shape_of(path, model);
      const auto machine = backends::fit_serving_machine(shape, measure(model));
      return backends::cluster_options{
          .cost = {shape, machine}, .max_batch = kRows, .prefix_cache = true};
    };
    backends::virtual_clock clock;
    backends::simulator policy_cluster(known, cluster(files.policy, measured_policy), clock,
                                       bytes_per_token);
    backends::simulator value_cluster(judged, cluster(files.value, measured_value), clock,
                                      bytes_per_token);
    // The embedded server answers a batch as a whole, and so does the simulated one here.
    any_language_model simulated_model(policy_cluster);
    any_verifier simulated_verifier(value_cluster);
    solve_mixed(problems, simulated_model, simulated_verifier, predicted,
                [&] { return clock.seconds(); });

    decoder model(transformer::load(files.policy));
    verifiers::value_model verifier(transformer::load(files.value), {.score_end = files.score_end});
    apart server(model);
    solve_mixed(problems, server, verifier, measured, &processor_seconds);

    const double all[3] = {predicted[0] / measured[0], predicted[1] / measured[1],
                           (predicted[0] + predicted[1]) / (measured[0] + measured[1])};
    for (std::size_t i = 0; i < 3; ++i) ratios[i].push_back(all[i]);
    std::printf(
        "predicted/measured seconds: votes %.3f/%.3f = %.2f, beam search %.3f/%.3f = %.2f, "
        "both %.2f\n",
        predicted[0], measured[0], all[0], predicted[1], measured[1], all[1], all[2]);
    std::fflush(stdout);
  }
  std::printf("median: votes %.2f, beam search %.2f, both %.2f\n", median(ratios[0]),
              median(ratios[1]), median(ratios[2]));
}
