// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/simulator/replica_pool.hpp>
#include <outthink/backends/simulator/virtual_clock.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/trace.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::backends {

/// @brief A service at a cluster that does not exist: answers of another service, in the time that
/// the cluster would take.
///
/// How it works: the inner service answers at once; a `replica_pool` says at which time of the
/// clock the answer is in. Give it a `synthetic_model`, a `scripted` model of known accuracy or a
/// `replay`, and a search of any policy tells how long it would take on so many machines, what its
/// batches are and how long it queues. A model and a verifier with one clock each have machines of
/// their own.
///
/// Requires: an inner service whose requests have a `trace` and whose responses have `spent`, as
/// those of language models and verifiers; it and the clock outlive the simulator. Not copied.
/// Cost: that of the inner service and a few microseconds a request.
/// Errors: what the inner service throws, for its request. Determinism: answers are those of the
/// inner service, whatever the cluster; times are a function of the options and the search.
/// Numerics: the problem has its bytes over `bytes_per_token` tokens, the steps those that they
/// were written with, or as many by their bytes if that is not known. With a prefix cache the
/// cluster knows what it must read; without one that is as much as the inner service charges
/// (`tokens_read`: what a cache of its own spared it), or all where it charges none.
/// Example: examples/simulated_cluster.cpp.
template <class Service>
class simulator {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  simulator(Service& inner, const cluster_options& options, virtual_clock& clock,
            double bytes_per_token = 4)
      : inner_(&inner),
        clock_(&clock),
        bytes_per_token_(bytes_per_token),
        pool_{replica_pool(options)} {
    require(bytes_per_token > 0, "simulator: a token has a positive number of bytes");
    clock.attach(pool_);
  }
  simulator(const simulator&) = delete;
  simulator& operator=(const simulator&) = delete;
  ~simulator() { clock_->detach(pool_); }

  /// What the cluster did so far.
  [[nodiscard]] const cluster_report& report() const noexcept { return pool_.pool.report(); }

  [[nodiscard]] std::size_t capacity() const noexcept {
    constexpr std::size_t kMost = 1'000'000;
    return kMost - (slots_.size() - free_.size());
  }

  void submit(std::uint64_t tag, const request& asked) {
    auto answers = inner_->answer(std::span(&asked, 1));
    response answer = std::move(answers[0]);
    serving_job job = job_of(asked.trace);
    const auto read = static_cast<double>(answer.spent.tokens_read);
    job.context = std::max(read, job.context);
    job.prefill = read > 0 ? read : job.context;
    job.write = static_cast<double>(answer.spent.tokens_written);
    if constexpr (std::is_same_v<response, generation>) {
      if (answer.ended == finish::step_end)
        job.written = mix_bits(job.path.back().key, hash_text(answer.text));
    }
    if (free_.empty()) {
      slots_.emplace_back();
      free_.push_back(slots_.size() - 1);
    }
    const std::size_t slot = free_.back();
    free_.pop_back();
    slots_[slot].emplace(completion<response>{tag, std::move(answer)});
    job.tag = slot;
    pool_.pool.submit(std::move(job), clock_->seconds());
  }

  void wait(std::vector<completion<response>>& done, double seconds) {
    if (pool_.ended.empty() && seconds > 0) clock_->advance();
    for (const std::uint64_t slot : pool_.ended) {
      done.push_back(std::move(*slots_[slot]));
      slots_[slot].reset();
      free_.push_back(slot);
    }
    pool_.ended.clear();
  }

  void abandon() {
    pool_.pool.clear();
    pool_.ended.clear();
    slots_.clear();
    free_.clear();
  }

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    return answer_by_waiting(*this, batch);
  }

 private:
  /// The pieces are named by their texts and what is before them, as a prefix cache does.
  [[nodiscard]] serving_job job_of(const trace_view& trace) const {
    serving_job job;
    const std::string_view prompt = trace.prompt();
    std::uint64_t key = hash_text(prompt);
    job.path.push_back({key, static_cast<double>(prompt.size()) / bytes_per_token_});
    job.context = job.path.back().tokens;
    const std::vector<node_id> nodes = trace.tree().path(trace.node());
    // Of a solution that was written at once the last step carries all tokens.
    const bool known = std::any_of(nodes.begin(), nodes.end(), [&](node_id node) {
      return trace.tree().payload(node).tokens > 0;
    });
    for (const node_id node : nodes) {
      const step_payload step = trace.tree().payload(node);
      const double tokens = known ? static_cast<double>(step.tokens)
                                  : static_cast<double>(step.text.size()) / bytes_per_token_;
      key = mix_bits(key, hash_text(step.text));
      if (tokens > 0) job.path.push_back({key, tokens});
      job.context += tokens;
    }
    return job;
  }

  Service* inner_;
  virtual_clock* clock_;
  double bytes_per_token_;
  virtual_clock::timed_pool pool_;
  std::vector<std::optional<completion<response>>> slots_;  // by job
  std::vector<std::size_t> free_;                           // slots not in use
};

}  // namespace outthink::backends
