// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/observer.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/runtime/foreign_requests.hpp>
#include <outthink/runtime/outcome_builder.hpp>
#include <outthink/runtime/requests_under_way.hpp>
#include <outthink/runtime/text_search.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Runs the searches of many problems at once and merges what they ask for.
///
/// How it works: a search runs until all its coroutines wait. When every live search waits, or a
/// batch is full, the waiting requests of all of them go to their service in one call; a search
/// whose answers are all in runs on. Two ways to drive it:
/// * `run()` asks the services itself, to the end. An `asynchronous_service` gets its requests one
///   by one, as many at a time as it takes, and a search goes on as soon as its own answers are in;
/// * sans-IO: `ask(service)` gives the next batch for a service, `tell(batch, answers)` takes the
///   answers, `fail(batch, why)` the news that there are none, until `done()`. The services then
///   need no `answer`; any number of batches may be under way at once. Services that a policy
///   brought along are asked inside `ask`.
///
/// Requires: problems, model and verifier outlive the scheduler, and so do policy, aggregator and
/// observer where their type is a reference; used from one thread. Cost: no lock, no virtual call
/// and no allocation per node; one coroutine frame per problem. Errors: `errc::invalid_argument`
/// for options out of range. A search that throws becomes its problem's outcome; so does a batch
/// that a service throws at, after the searches in it were asked for one by one. `tell` with the
/// wrong number of answers fails the searches concerned with `errc::malformed_reply`. Determinism:
/// an outcome is a function of problem, options and seed, not of batches or order (a wall-time
/// budget and a service's own randomness excepted).
template <service_interface Model, class Policy, service_interface Verifier, class Aggregator,
          class Observer = no_observer>
requires aggregator<std::remove_reference_t<Aggregator>> &&
    observer<std::remove_reference_t<Observer>>
class scheduler {
 public:
  using search_type = text_search<Model, Verifier>;

  scheduler(std::span<const problem> problems, Model& model, Policy policy, Verifier& verifier,
            Aggregator aggregate, const solve_options& options, Observer observe = Observer{})
      : problems_(problems),
        model_(&model),
        policy_(static_cast<Policy&&>(policy)),
        verifier_(&verifier),
        aggregate_(static_cast<Aggregator&&>(aggregate)),
        options_(options),
        observe_(static_cast<Observer&&>(observe)),
        slots_(std::min(std::max<std::size_t>(options.max_live, 1), problems.size())),
        outcomes_(problems.size()) {
    (void)detail::diagnose_policy<std::remove_reference_t<Policy>, search_type>();
    validate(options);
    for (auto i = static_cast<std::uint32_t>(slots_.size()); i > 0; --i) idle_.push_back(i - 1);
  }

  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;

  /// True once every problem has its outcome.
  [[nodiscard]] bool done() const noexcept { return finished_ == problems_.size(); }

  /// The next requests to the model, at most `max_batch`; empty if none waits now.
  [[nodiscard]] batch<Model> ask(const Model&) { return next_batch(queues_.model); }

  /// The next requests to the verifier, at most `max_batch`; empty if none waits now.
  [[nodiscard]] batch<Verifier> ask(const Verifier&) { return next_batch(queues_.verifier); }

  /// Takes the answers to a batch, one for each request and in order.
  template <class Service, class Answers>
  void tell(const batch<Service>& asked, Answers&& answers) {
    if (answers.size() != asked.size()) {
      fail(asked, std::make_exception_ptr(detail::wrong_number(answers.size(), asked.size())));
      return;
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
      take_answer(asked.requests()[i], asked.owner(i), std::move(answers[i]));
    }
    notify();
  }

  /// Takes the news that a batch could not be answered: its searches get the exception.
  template <class Service>
  void fail(const batch<Service>& asked, const std::exception_ptr& why) {
    for (std::size_t i = 0; i < asked.size(); ++i) fail_request(asked.owner(i), why);
  }

  /// Ends every search with its best answer so far; problems not begun get an empty outcome. What
  /// batches under way point to is gone then: answers to them are ignored.
  void cancel() {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (slots_[i].state) end_search(i, outcome_status::cancelled);
    }
    runnable_.clear();
    for (; next_problem_ < problems_.size(); ++next_problem_) {
      outcomes_[next_problem_].status = outcome_status::cancelled;
      ++finished_;
      observe_.on_outcome(next_problem_, std::as_const(outcomes_[next_problem_]));
    }
  }

  /// Asks model and verifier until every problem has its outcome.
  void run() requires service<Model> && service<Verifier> {
    detail::under_way<Model> of_model(*model_);
    detail::under_way<Verifier> of_verifier(*verifier_);
    while (!done()) {
      serve(*model_, queues_.model, of_model);
      serve(*verifier_, queues_.verifier, of_verifier);
      const bool both = of_model.size() > 0 && of_verifier.size() > 0;
      const double limit = can_go_on() ? 0 : both ? kTurn : kWatch;
      collect<Model>(of_model, limit);
      collect<Verifier>(of_verifier, both ? 0 : limit);
      if (options_.cancel != nullptr && options_.cancel->load()) cancel();
      end_overdue();
      if (!std::exchange(gave_up_, false)) continue;
      const auto dead = [this](const request_owner& owner) { return !alive(owner); };
      of_model.drop(dead);
      of_verifier.drop(dead);
    }
  }

  /// The outcomes, in the order of the problems; `done()` must hold.
  [[nodiscard]] std::vector<outcome> take_outcomes() { return std::move(outcomes_); }

 private:
  using state_type = typename search_type::state_type;

  struct search_slot {
    std::optional<state_type> state;
    std::optional<search_type> view;
    std::optional<task<candidate_nodes>> root;
    std::size_t problem = 0;
    std::uint32_t epoch = 0;
  };

  static constexpr double kTurn = 0.001;  // longest wait for one of two services, in seconds
  static constexpr double kWatch = 0.05;  // how often `cancel` is looked at meanwhile

  // Ends the searches that wait for answers beyond their time; looks at the clock now and then.
  void end_overdue() {
    if (!(options_.limits.seconds < std::numeric_limits<double>::max()) ||
        watch_.seconds() < next_look_) {
      return;
    }
    next_look_ = watch_.seconds() + kWatch;
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i].state || !slots_[i].state->waiting()) continue;
      if (slots_[i].state->seconds() >= options_.limits.seconds) {
        end_search(i, outcome_status::budget_spent);
      }
    }
  }

  [[nodiscard]] bool alive(const request_owner& owner) const noexcept {
    return slots_[owner.slot].state.has_value() && slots_[owner.slot].epoch == owner.epoch;
  }

  template <class Request, class Answer>
  void take_answer(const Request& asked, const request_owner& owner, Answer&& answer) {
    if (!alive(owner)) return;
    state_type& state = *slots_[owner.slot].state;
    if (state.accept(asked, owner.tag, std::forward<Answer>(answer))) {
      runnable_.push_back(owner.slot);
    }
  }

  void fail_request(const request_owner& owner, const std::exception_ptr& why) {
    if (!alive(owner)) return;
    slots_[owner.slot].state->fail(why, owner.tag);
    if (slots_[owner.slot].state->answered()) runnable_.push_back(owner.slot);
  }

  // Asks a service as much as it takes: a batch, or an asynchronous one its capacity.
  template <class Service>
  void serve(Service& service, service_queue<Service>& queue, detail::under_way<Service>& sent) {
    if constexpr (abstaining_verifier<Service>) {
      return;
    } else if constexpr (!asynchronous_service<Service>) {
      answer(service, queue);
    } else {
      while (const std::size_t capacity = service.capacity()) {
        run_searches(queue);
        batch<Service> asked = queue.take(std::min<std::size_t>(capacity, options_.max_batch));
        if (asked.empty()) return;
        sent.submit(asked, [this](const request_owner& owner) {
          fail_request(owner, std::current_exception());
        });
        queue.recycle(std::move(asked));
      }
    }
  }

  // Takes the answers that are in, waiting for the first at most `limit` seconds.
  template <class Service>
  void collect(detail::under_way<Service>& sent, double limit) {
    if constexpr (asynchronous_service<Service>) {
      if (sent.size() == 0) return;
      try {
        sent.wait(limit, [this](const auto& asked, auto&& answer) {
          this->take_answer(asked.asked, asked.owner, std::move(answer));
        });
      } catch (...) {
        const std::exception_ptr why = std::current_exception();
        sent.abandon([&](const auto& asked) { this->fail_request(asked.owner, why); });
      }
      notify();
    }
  }

  // True if a service could be asked something now without waiting for any answer.
  [[nodiscard]] bool can_go_on() const {
    const bool may_ask = !runnable_.empty() || !queues_.foreign.empty() ||
                         (!idle_.empty() && next_problem_ < problems_.size());
    return ((may_ask || queues_.model.size() > 0) && detail::has_capacity(*model_)) ||
           (!abstaining_verifier<Verifier> && (may_ask || queues_.verifier.size() > 0) &&
            detail::has_capacity(*verifier_));
  }

  void start_next() {
    const std::uint32_t index = idle_.back();
    idle_.pop_back();
    search_slot& at = slots_[index];
    at.problem = next_problem_++;
    at.state.emplace(problems_[at.problem], options_, queues_, request_owner{index, ++at.epoch, 0});
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

  template <class Queue>
  auto next_batch(Queue& queue) {
    run_searches(queue);
    return queue.take(options_.max_batch);
  }

  // Runs searches until all wait or `queue` holds a full batch. The latest answered come first and
  // new problems last: few searches are under way at a time, and what they touch stays in cache.
  template <class Queue>
  void run_searches(const Queue& queue) {
    while (queue.size() < options_.max_batch) {
      if (!runnable_.empty()) {
        const std::uint32_t index = runnable_.back();
        runnable_.pop_back();
        run_search(index);
      } else if (!idle_.empty() && next_problem_ < problems_.size()) {
        start_next();
      } else if (!queues_.foreign.empty()) {
        answer_foreign();
      } else {
        return;
      }
    }
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
      detail::choose_answer(result, at.state->tree, nodes, aggregate_, options_.answer,
                            options_.key);
    } catch (const std::exception& problem) {
      fail_outcome(result, problem.what());
    } catch (...) {
      fail_outcome(result, "an exception that is not a std::exception");
    }
    result.seconds = at.state->seconds();
    total_ += result.spent;
    if (at.state->waiting()) drop_requests(index);
    gave_up_ = gave_up_ || at.state->waiting();
    at.root.reset();
    at.view.reset();
    at.state.reset();
    ++finished_;
    observe_.on_outcome(at.problem, std::as_const(result));
    idle_.push_back(index);
  }

  // What an ended search still asks for is not sent, so that nobody pays for it.
  void drop_requests(std::uint32_t index) {
    const auto dead = [index](const request_owner& owner) { return owner.slot == index; };
    queues_.model.drop(dead);
    queues_.verifier.drop(dead);
    std::erase_if(queues_.foreign, [&](const auto& entry) { return dead(entry.owner); });
  }

  static void fail_outcome(outcome& result, const char* message) {
    result.status = outcome_status::failed;
    result.failure = std::current_exception();
    result.message = message;
  }

  template <class Service>
  void answer(Service& service, service_queue<Service>& queue) {
    batch<Service> asked = next_batch(queue);
    if (!asked.empty()) answer(service, asked);
    queue.recycle(std::move(asked));
  }

  // A batch that throws is asked again search by search, so that only the culprit fails.
  template <class Service>
  void answer(Service& service, const batch<Service>& asked) {
    bool answered = false;
    try {
      auto&& answers = service.answer(asked.requests());
      answered = true;
      tell(asked, answers);
      return;
    } catch (...) {
      if (answered) throw;  // an observer's
      if (asked.owner(0).slot == asked.owner(asked.size() - 1).slot) {
        return fail(asked, std::current_exception());
      }
    }
    for (std::size_t begin = 0, end = 0; begin < asked.size(); begin = end) {
      while (end < asked.size() && asked.owner(end).slot == asked.owner(begin).slot) ++end;
      answer(service, asked.slice(begin, end));
    }
  }

  void answer_foreign() {
    detail::answer_in_groups(std::exchange(queues_.foreign, {}),
                             [this](const request_owner& owner, const std::exception_ptr& failure) {
                               if (failure) slots_[owner.slot].state->fail(failure, owner.tag);
                               if (slots_[owner.slot].state->answered())
                                 runnable_.push_back(owner.slot);
                             });
  }

  void notify() {
    if constexpr (!std::same_as<Observer, no_observer>) {
      progress now{.done = finished_,
                   .live = 0,
                   .total = problems_.size(),
                   .spent = total_,
                   .seconds = watch_.seconds()};
      for (const search_slot& at : slots_) {
        if (!at.state) continue;
        ++now.live;
        now.spent += at.state->spent;
      }
      observe_.on_batch(std::as_const(now));
    }
  }

  std::span<const problem> problems_;
  Model* model_;
  Policy policy_;
  Verifier* verifier_;
  Aggregator aggregate_;
  solve_options options_;
  Observer observe_;
  stopwatch watch_;
  detail::search_queues<Model, Verifier> queues_;
  std::vector<search_slot> slots_;
  std::vector<outcome> outcomes_;
  std::vector<std::uint32_t> idle_;      // slots without a search
  std::vector<std::uint32_t> runnable_;  // slots whose search can go on
  std::size_t next_problem_ = 0;
  std::size_t finished_ = 0;
  double next_look_ = 0;  // for searches beyond their time
  bool gave_up_ = false;  // a search ended that waited for answers
  usage total_;
};

}  // namespace outthink
