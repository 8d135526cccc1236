// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/stopwatch.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/outcome_bytes.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/runtime/solve_options.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// What a message between ranks is about.
enum class message_kind : int {
  idle,     ///< to rank 0: nothing to do
  report,   ///< to rank 0: a problem's index and outcome
  problems  ///< from rank 0: indices of problems to search; none: the run is over
};

/// A message that arrived.
struct rank_message {
  int from;
  message_kind kind;
  std::string bytes;
};

/// @brief Processes that send each other messages, `size()` of them, this one being `rank()`.
///
/// Semantic requirements that the compiler cannot check:
/// 1. Messages from one rank to another arrive in the order in which they were sent.
/// 2. `send` may wait until the message is received; `receive` waits for the next one.
///
/// Models in this library: `mpi_ranks`, `one_rank`.
template <class R>
concept message_ranks = requires(R& r, int to, message_kind kind, std::string_view bytes) {
  { r.rank() } -> std::convertible_to<int>;
  { r.size() } -> std::convertible_to<int>;
  r.send(to, kind, bytes);
  { r.receive() } -> std::same_as<rank_message>;
};

/// This process alone.
struct one_rank {
  [[nodiscard]] int rank() const noexcept { return 0; }
  [[nodiscard]] int size() const noexcept { return 1; }
  void send(int, message_kind, std::string_view) const noexcept {}
  [[nodiscard]] rank_message receive() const { return {0, message_kind::problems, {}}; }
};

/// @brief Remembers the outcomes of earlier runs.
///
/// Expressions:
/// * `s.find(key)`: the outcome that is kept under a key, if there is one;
/// * `s.keep(key, r)`: keeps an outcome; what it throws ends the run.
///
/// Models in this library: `outcome_file`, `nothing_kept`.
template <class S>
concept outcome_store = requires(S& s, std::uint64_t key, const outcome& r) {
  { s.find(key) } -> std::same_as<std::optional<outcome>>;
  s.keep(key, r);
};

/// The store that keeps nothing.
struct nothing_kept {
  [[nodiscard]] std::optional<outcome> find(std::uint64_t) const noexcept { return std::nullopt; }
  void keep(std::uint64_t, const outcome&) const noexcept {}
};

/// How `solve_on_ranks` hands out problems.
struct distribution_options {
  std::size_t chunk = 16;  ///< most problems that a rank searches at a time
};

namespace detail {

/// Rank 0's view of a run: which problems are left, what became of the others.
template <class Store, class Observer>
class outcome_merger {
 public:
  outcome_merger(std::span<const problem> problems, std::uint64_t seed, Store& store,
                 Observer& observe)
      : problems_(problems),
        seed_(seed),
        store_(&store),
        observe_(&observe),
        outcomes_(problems.size()) {
    for (std::uint32_t i = 0; i < problems.size(); ++i) {
      std::optional<outcome> known = store.find(key(i));
      known ? note(i, std::move(*known)) : left_.push_back(i);
    }
  }

  /// The next problems for one of `workers` (0: all that are left): at most `chunk`, fewer near the
  /// end, so that all of them end at about the same time (guided self-scheduling, Polychronopoulos
  /// and Kuck, 1987).
  [[nodiscard]] std::vector<std::uint32_t> next(std::size_t chunk, std::size_t workers) {
    const std::size_t rest = left_.size() - handed_out_;
    const std::size_t share = workers == 0 ? rest : (rest + 2 * workers - 1) / (2 * workers);
    const auto begin = left_.begin() + static_cast<std::ptrdiff_t>(handed_out_);
    const std::size_t size = std::min(chunk, share);
    handed_out_ += size;
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
  }

  /// Takes the outcome of a problem that was handed out. What failed or was cancelled is not kept:
  /// the next run tries it again.
  void take(std::uint32_t i, outcome result) {
    const bool is_final =
        result.status == outcome_status::answered || result.status == outcome_status::budget_spent;
    if (is_final) store_->keep(key(i), result);
    ++taken_;
    note(i, std::move(result));
    observe_->on_batch(
        progress{done_, handed_out_ - taken_, problems_.size(), spent_, watch_.seconds()});
  }

  /// The outcomes in the problems' order; those that were never handed out are cancelled.
  [[nodiscard]] std::vector<outcome> finish() {
    for (; handed_out_ < left_.size(); ++handed_out_) {
      outcomes_[left_[handed_out_]].status = outcome_status::cancelled;
      observe_->on_outcome(left_[handed_out_], outcomes_[left_[handed_out_]]);
    }
    return std::move(outcomes_);
  }

 private:
  [[nodiscard]] std::uint64_t key(std::uint32_t i) const {
    return mix_bits(seed_, hash_text(problems_[i].prompt));
  }

  void note(std::uint32_t i, outcome result) {
    outcomes_[i] = std::move(result);
    spent_ += outcomes_[i].spent;
    ++done_;
    observe_->on_outcome(i, std::as_const(outcomes_[i]));
  }

  std::span<const problem> problems_;
  std::uint64_t seed_;
  Store* store_;
  Observer* observe_;
  std::vector<outcome> outcomes_;
  std::vector<std::uint32_t> left_;  // problems without an outcome at the start
  std::size_t handed_out_ = 0;       // of those
  std::size_t taken_ = 0;            // of those
  std::size_t done_ = 0;
  usage spent_;
  stopwatch watch_;
};

/// Calls `report(problem, outcome)` for every outcome of a rank's problems.
template <class Report>
struct report_outcomes {
  std::span<const std::uint32_t> problems;
  Report report;

  void on_batch(const progress&) const noexcept {}
  void on_outcome(std::size_t i, const outcome& result) { report(problems[i], result); }
};

[[nodiscard]] inline bool is_cancelled(const solve_options& options) noexcept {
  return options.cancel != nullptr && options.cancel->load();
}

template <class Ranks>
void send_problems(Ranks& ranks, int to, const std::vector<std::uint32_t>& problems) {
  byte_writer out;
  out(problems);
  ranks.send(to, message_kind::problems, out.bytes);
}

/// Rank 0's part where there are others: hands out problems until all have ended. Nobody is told
/// that the run is over before all are idle, so that no message of the next run comes into this.
template <class Ranks, class Merger>
void serve_ranks(Ranks& ranks, Merger& merged, std::size_t chunk, const solve_options& options) {
  const auto workers = static_cast<std::size_t>(ranks.size() - 1);
  std::vector<int> resting;
  while (resting.size() < workers) {
    const rank_message message = ranks.receive();
    if (message.kind == message_kind::report) {
      byte_reader in(message.bytes);
      std::uint32_t index = 0;
      in(index);
      merged.take(index, outcome_from_bytes(in.rest()));
      continue;
    }
    std::vector<std::uint32_t> problems;
    if (!is_cancelled(options)) problems = merged.next(chunk, workers);
    if (problems.empty()) {
      resting.push_back(message.from);
    } else {
      send_problems(ranks, message.from, problems);
    }
  }
  for (const int worker : resting) send_problems(ranks, worker, {});
}

/// The part of the other ranks: `search(problems, report)` until there are none.
template <class Ranks, class Search>
void work_for_rank_0(Ranks& ranks, Search search) {
  for (;;) {
    ranks.send(0, message_kind::idle, {});
    const rank_message message = ranks.receive();
    std::vector<std::uint32_t> problems;
    byte_reader in(message.bytes);
    in(problems);
    if (problems.empty()) return;
    search(problems, [&ranks](std::uint32_t i, const outcome& result) {
      byte_writer out;
      out(i);
      out.bytes += to_bytes(result);
      ranks.send(0, message_kind::report, out.bytes);
    });
  }
}

}  // namespace detail

/// @brief Searches for the answers of many problems on all ranks.
///
/// How it works: every rank calls it with the same arguments. Rank 0 hands out problems to ranks as
/// these become free, takes every outcome as soon as it is there, keeps it in `store`, tells the
/// observer and merges all in order; it searches itself only where it is alone. What the store
/// knows already is not searched.
///
/// Shapes and units: rank 0 gets one outcome per problem, in order; the others get none.
/// Requires: the same problems, policy, seed and options on every rank. Store and observer are used
/// on rank 0 only. Cost: the policy's, and one message an outcome. A rank waits for the last of its
/// problems before it gets new ones: `chunk` trades merged batches for evenness.
/// Errors: those of `solve_all`; what store and observer throw. A failed search is an outcome.
/// Determinism: the outcomes are the same bits on any number of ranks, `seconds` excepted, and with
/// or without outcomes kept by earlier runs.
/// Example: examples/mpi_sweep.cpp.
template <message_ranks Ranks, class Model, class Policy, class Verifier, class Aggregator,
          outcome_store Store = nothing_kept, observer Observer = no_observer>
[[nodiscard]] std::vector<outcome> solve_on_ranks(Ranks& ranks, std::span<const problem> problems,
                                                  Model&& model, const Policy& policy,
                                                  Verifier&& verifier, const Aggregator& aggregate,
                                                  const solve_options& options = {},
                                                  Store&& store = {}, Observer&& observe = {},
                                                  const distribution_options& how = {}) {
  validate(options);
  require(how.chunk > 0, "distribution_options.chunk must be positive");
  const auto search = [&](std::span<const std::uint32_t> indices, auto report) {
    std::vector<problem> mine;
    for (const std::uint32_t i : indices) mine.push_back(problems[i]);
    static_cast<void>(solve_all(mine, model, policy, verifier, aggregate, options,
                                detail::report_outcomes<decltype(report)>{indices, report}));
  };
  if (ranks.rank() != 0) {
    detail::work_for_rank_0(ranks, search);
    return {};
  }
  detail::outcome_merger merged(problems, options.seed, store, observe);
  if (ranks.size() > 1) {
    detail::serve_ranks(ranks, merged, how.chunk, options);
  } else {
    const std::vector<std::uint32_t> all = merged.next(problems.size(), 0);
    search(all, [&](std::uint32_t i, const outcome& result) { merged.take(i, result); });
  }
  return merged.finish();
}

}  // namespace outthink
