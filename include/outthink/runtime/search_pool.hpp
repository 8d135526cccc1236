// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/concepts/observer.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/outcome.hpp>
#include <outthink/core/problem.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/usage.hpp>
#include <outthink/runtime/foreign_requests.hpp>
#include <outthink/runtime/outcome_builder.hpp>
#include <outthink/runtime/reporter.hpp>
#include <outthink/runtime/search_state.hpp>
#include <outthink/runtime/service_queue.hpp>
#include <outthink/runtime/solve_options.hpp>
#include <outthink/runtime/text_search.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace outthink::detail {

/// @brief The searches of a run, at most `max_live` at a time: begins them, lets them run on when
/// their answers are in, ends them and keeps their outcomes.
///
/// Asking the services is the business of `scheduler`; those that a policy brought along are asked
/// here, when no search can go on without.
template <class Model, class Policy, class Verifier, class Aggregator, class Observer>
class search_pool {
 public:
  using search_type = text_search<Model, Verifier>;

  search_queues<Model, Verifier> queues;  ///< what the searches wait for
  reporter<Observer> report;

  search_pool(std::span<const problem> problems, Policy policy, Aggregator aggregate,
              const solve_options& options, Observer observe)
      : report(static_cast<Observer&&>(observe)),
        problems_(problems),
        policy_(static_cast<Policy&&>(policy)),
        aggregate_(static_cast<Aggregator&&>(aggregate)),
        options_(options),
        slots_(std::min(std::max<std::size_t>(options.max_live, 1), problems.size())),
        outcomes_(problems.size()) {
    for (auto i = static_cast<std::uint32_t>(slots_.size()); i > 0; --i) idle_.push_back(i - 1);
  }

  [[nodiscard]] const solve_options& options() const noexcept { return options_; }
  [[nodiscard]] bool done() const noexcept { return finished_ == problems_.size(); }
  [[nodiscard]] std::vector<outcome> take_outcomes() { return std::move(outcomes_); }

  /// True if a search could ask something now without waiting for any answer.
  [[nodiscard]] bool can_go_on() const noexcept {
    return !runnable_.empty() || !queues.foreign.empty() || can_begin();
  }

  /// Runs searches until all wait or `queue` holds a full batch. The latest answered come first and
  /// new problems last: few searches are under way at a time, and what they touch stays in cache.
  template <class Queue>
  void run_searches(const Queue& queue) {
    while (queue.size() < options_.max_batch) {
      if (!runnable_.empty()) {
        const std::uint32_t index = runnable_.back();
        runnable_.pop_back();
        run_search(index);
      } else if (can_begin()) {
        begin_search();
      } else if (!queues.foreign.empty()) {
        for_each_service(std::exchange(queues.foreign, {}),
                         [this](std::span<const foreign_entry> group) { answer_foreign(group); });
      } else {
        return;
      }
    }
  }

  /// Takes an answer; one to a search that has ended is ignored.
  template <class Request, class Answer>
  void take_answer(const Request& asked, const request_owner& owner, Answer&& answer) {
    if (!alive(owner)) return;
    state_type& state = *slots_[owner.slot].state;
    if (state.accept(asked, owner.tag, std::forward<Answer>(answer))) {
      runnable_.push_back(owner.slot);
    }
  }

  /// Takes the news that a request has no answer.
  void fail_request(const request_owner& owner, const std::exception_ptr& why) {
    if (!alive(owner)) return;
    slots_[owner.slot].state->fail(why, owner.tag);
    note_answered(owner);
  }

  /// Ends every search with its best answer so far; problems not begun get an empty outcome.
  void cancel() {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].state) end_search(i, outcome_status::cancelled);
    }
    runnable_.clear();
    for (; next_problem_ < problems_.size(); ++next_problem_) {
      outcomes_[next_problem_].status = outcome_status::cancelled;
      ++finished_;
      report.never_began(next_problem_, outcomes_[next_problem_]);
    }
  }

  /// Ends the searches that wait for answers beyond their time; looks at the clock of all of them
  /// at most every `interval` seconds.
  void end_overdue(double interval) {
    const double limit = options_.limits.seconds;
    if (!(limit < std::numeric_limits<double>::max()) || report.seconds() < next_look_) return;
    next_look_ = report.seconds() + interval;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i].state || !slots_[i].state->waiting()) continue;
      if (slots_[i].state->seconds() >= limit) end_search(i, outcome_status::budget_spent);
    }
  }

  /// Whether a search has ended, since this was last asked, while it waited for answers.
  [[nodiscard]] bool gave_up() noexcept { return std::exchange(gave_up_, false); }

  /// Whether the search that asked is still under way.
  [[nodiscard]] bool alive(const request_owner& owner) const noexcept {
    return slots_[owner.slot].state.has_value() && slots_[owner.slot].problem == owner.problem;
  }

  /// Tells the observer where the run stands.
  void notify() {
    report.progressed([this](progress& now) {
      now.done = finished_;
      now.total = problems_.size();
      now.spent = total_;
      for (const search_slot& at : slots_) {
        if (!at.state) continue;
        ++now.live;
        now.spent += at.state->spent;
      }
    });
  }

 private:
  using state_type = typename search_type::state_type;

  struct search_slot {
    std::optional<state_type> state;
    std::optional<search_type> view;
    std::optional<task<candidate_nodes>> root;
    std::uint32_t problem = 0;
  };

  // What begins asks the model first: not before there is room in its next batch.
  [[nodiscard]] bool can_begin() const noexcept {
    return !idle_.empty() && next_problem_ < problems_.size() &&
           queues.model.size() < options_.max_batch;
  }

  void note_answered(const request_owner& owner) {
    if (slots_[owner.slot].state->answered()) runnable_.push_back(owner.slot);
  }

  void begin_search() {
    const std::uint32_t index = idle_.back();
    idle_.pop_back();
    search_slot& at = slots_[index];
    at.problem = static_cast<std::uint32_t>(next_problem_++);
    const request_owner self{index, at.problem, 0};
    report.search_began(self);
    const problem& question = problems_[at.problem];
    at.state.emplace(plant(question), question, options_, queues, self);
    at.view.emplace(*at.state);
    try {
      at.root.emplace(policy_(*at.view));
    } catch (...) {  // a policy that is no coroutine itself
      outcomes_[at.problem].failure = std::current_exception();
      return end_search(index, outcome_status::failed);
    }
    at.root->start(at.state->ready());
    runnable_.push_back(index);
  }

  // A tree for a search that begins, in the memory of one that has ended.
  text_tree plant(const problem& question) {
    const step_payload root{.text = question.prompt};
    if (spare_trees_.empty()) return text_tree(root);
    text_tree tree = std::move(spare_trees_.back());
    spare_trees_.pop_back();
    tree.restart(root);
    return tree;
  }

  void run_search(std::uint32_t index) {
    search_slot& at = slots_[index];
    at.state->resume();
    at.state->ready().run();
    if (at.root->done()) return end_search(index, outcome_status::answered);
    if (at.state->stopped()) return end_search(index, at.state->status);
    if (!at.state->waiting()) {
      outcomes_[at.problem].failure = std::make_exception_ptr(error(
          errc::invalid_argument, "a policy waits for something that its search did not ask"));
      end_search(index, outcome_status::failed);
    }
  }

  void end_search(std::uint32_t index, outcome_status status) {
    search_slot& at = slots_[index];
    outcome& result = outcomes_[at.problem];
    result.status = status;
    result.spent = at.state->spent;
    try {
      if (result.failure) std::rethrow_exception(result.failure);
      const candidate_nodes nodes =
          status == outcome_status::answered ? at.root->take() : at.state->finished();
      choose_answer(result, at.state->tree, nodes, aggregate_, options_.answer, options_.key);
    } catch (const std::exception& problem) {
      fail_outcome(result, problem.what());
    } catch (...) {
      fail_outcome(result, "an exception that is not a std::exception");
    }
    result.seconds = at.state->seconds();
    total_ += result.spent;
    if (at.state->waiting()) {
      drop_requests(index);
      gave_up_ = true;
    }
    at.root.reset();
    at.view.reset();
    spare_trees_.push_back(std::move(at.state->tree));
    at.state.reset();
    ++finished_;
    report.search_ended({index, at.problem, 0}, result);
    idle_.push_back(index);
  }

  // What an ended search still asks for is not sent, so that nobody pays for it.
  void drop_requests(std::uint32_t index) {
    const auto dead = [index](const request_owner& owner) { return owner.slot == index; };
    queues.model.drop(dead);
    queues.verifier.drop(dead);
    std::erase_if(queues.foreign, [&](const auto& entry) { return dead(entry.owner); });
  }

  static void fail_outcome(outcome& result, const char* message) {
    result.status = outcome_status::failed;
    result.failure = std::current_exception();
    result.message = message;
  }

  // A group that throws is asked again search by search, so that only the culprit fails.
  void answer_foreign(std::span<const foreign_entry> group) {
    const foreign_batch asked{group};
    report.batch_began(service_role::other, asked);
    const std::exception_ptr failure = answer_together(group);
    if (failure && group.size() > 1) {
      report.batch_failed(service_role::other, asked);
      for (std::size_t i = 0; i < group.size(); ++i) answer_foreign(group.subspan(i, 1));
      return;
    }
    for (const auto& [requests, owner] : group) {
      if (failure) slots_[owner.slot].state->fail(failure, owner.tag);
      note_answered(owner);
    }
    report.foreign_ended(asked, failure != nullptr);
  }

  std::span<const problem> problems_;
  Policy policy_;
  Aggregator aggregate_;
  solve_options options_;
  std::vector<search_slot> slots_;
  std::vector<outcome> outcomes_;
  std::vector<std::uint32_t> idle_;      // slots without a search
  std::vector<std::uint32_t> runnable_;  // slots whose search can go on
  std::vector<text_tree> spare_trees_;   // of searches that have ended
  std::size_t next_problem_ = 0;
  std::size_t finished_ = 0;
  double next_look_ = 0;  // at the clock of the searches that wait
  bool gave_up_ = false;
  usage total_;
};

}  // namespace outthink::detail
