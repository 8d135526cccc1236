// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/observer.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/runtime/requests_under_way.hpp>
#include <outthink/runtime/search_pool.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
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
      : model_(&model),
        verifier_(&verifier),
        pool_(problems, static_cast<Policy&&>(policy), static_cast<Aggregator&&>(aggregate),
              options, static_cast<Observer&&>(observe)) {
    (void)detail::diagnose_policy<std::remove_reference_t<Policy>, search_type>();
    validate(options);
  }

  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;

  /// True once every problem has its outcome.
  [[nodiscard]] bool done() const noexcept { return pool_.done(); }

  /// The next requests to the model, at most `max_batch`; empty if none waits now.
  [[nodiscard]] batch<Model> ask(const Model&) { return begin_batch<Model>(); }

  /// The next requests to the verifier, at most `max_batch`; empty if none waits now.
  [[nodiscard]] batch<Verifier> ask(const Verifier&) { return begin_batch<Verifier>(); }

  /// Takes the answers to a batch, one for each request and in order.
  template <class Service, class Answers>
  void tell(const batch<Service>& asked, Answers&& answers) {
    if (answers.size() != asked.size()) {
      fail(asked, std::make_exception_ptr(detail::wrong_number(answers.size(), asked.size())));
      return;
    }
    for (std::size_t i = 0; i < asked.size(); ++i) {
      pool_.report.request_ended(role<Service>, asked.owner(i), answers[i]);
      pool_.take_answer(asked.requests()[i], asked.owner(i), std::move(answers[i]));
    }
    pool_.report.batch_ended(role<Service>, asked);
    pool_.notify();
  }

  /// Takes the news that a batch could not be answered: its searches get the exception.
  template <class Service>
  void fail(const batch<Service>& asked, const std::exception_ptr& why) {
    pool_.report.batch_failed(role<Service>, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) pool_.fail_request(asked.owner(i), why);
  }

  /// Ends every search with its best answer so far; problems not begun get an empty outcome. What
  /// batches under way point to is gone then: answers to them are ignored.
  void cancel() { pool_.cancel(); }

  /// Asks model and verifier until every problem has its outcome.
  void run() requires service<Model> && service<Verifier> {
    detail::under_way<Model> of_model(*model_);
    detail::under_way<Verifier> of_verifier(*verifier_);
    const std::atomic<bool>* const cancelled = pool_.options().cancel;
    while (!done()) {
      serve(*model_, of_model);
      serve(*verifier_, of_verifier);
      const bool both = of_model.size() > 0 && of_verifier.size() > 0;
      const double limit = can_go_on() ? 0 : both ? kTurn : kWatch;
      collect<Model>(of_model, limit);
      collect<Verifier>(of_verifier, both ? 0 : limit);
      if (cancelled != nullptr && cancelled->load()) cancel();
      pool_.end_overdue(kWatch);
      if (!pool_.gave_up()) continue;
      const auto dead = [this](const request_owner& owner) { return !pool_.alive(owner); };
      of_model.drop(dead);
      of_verifier.drop(dead);
    }
  }

  /// The outcomes, in the order of the problems; `done()` must hold.
  [[nodiscard]] std::vector<outcome> take_outcomes() { return pool_.take_outcomes(); }

 private:
  static constexpr double kTurn = 0.001;  // longest wait for one of two services, in seconds
  static constexpr double kWatch = 0.05;  // how often `cancel` and clock are looked at

  template <class Service>
  static constexpr service_role role =
      std::is_same_v<Service, Model> ? service_role::model : service_role::verifier;

  template <class Service>
  service_queue<Service>& queue() noexcept {
    if constexpr (std::is_same_v<Service, Model>)
      return pool_.queues.model;
    else
      return pool_.queues.verifier;
  }

  // The next requests to a service, at most `most`, after the searches have run as far as they can.
  template <class Service>
  batch<Service> next_batch(std::size_t most) {
    pool_.run_searches(queue<Service>());
    return queue<Service>().take(std::min(most, pool_.options().max_batch));
  }

  template <class Service>
  batch<Service> begin_batch() {
    batch<Service> asked = next_batch<Service>(pool_.options().max_batch);
    pool_.report.batch_began(role<Service>, asked);
    return asked;
  }

  // Asks a service as much as it takes: a batch, or an asynchronous one its capacity.
  template <class Service>
  void serve(Service& service, detail::under_way<Service>& sent) {
    if constexpr (abstaining_verifier<Service>) {
      return;
    } else if constexpr (!asynchronous_service<Service>) {
      batch<Service> asked = next_batch<Service>(pool_.options().max_batch);
      if (!asked.empty()) answer(service, asked);
      queue<Service>().recycle(std::move(asked));
    } else {
      while (const std::size_t capacity = service.capacity()) {
        batch<Service> asked = next_batch<Service>(capacity);
        if (asked.empty()) return;
        submit(sent, asked);
        queue<Service>().recycle(std::move(asked));
      }
    }
  }

  template <class Service>
  void submit(detail::requests_under_way<Service>& sent, const batch<Service>& asked) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const request_owner& owner = asked.owner(i);
      pool_.report.request_began(role<Service>, owner);
      try {
        sent.submit(asked.requests()[i], owner);
      } catch (...) {
        pool_.report.request_failed(role<Service>, owner);
        pool_.fail_request(owner, std::current_exception());
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
          pool_.report.request_ended(role<Service>, asked.owner, answer);
          pool_.take_answer(asked.asked, asked.owner, std::move(answer));
        });
      } catch (...) {
        if (pool_.report.observer_threw()) throw;
        const std::exception_ptr why = std::current_exception();
        sent.abandon([&](const auto& asked) {
          pool_.report.request_failed(role<Service>, asked.owner);
          pool_.fail_request(asked.owner, why);
        });
      }
      pool_.notify();
    }
  }

  // True if a service could be asked something now without waiting for any answer.
  [[nodiscard]] bool can_go_on() {
    const bool may_ask = pool_.can_go_on();
    return ((may_ask || queue<Model>().size() > 0) && detail::has_capacity(*model_)) ||
           (!abstaining_verifier<Verifier> && (may_ask || queue<Verifier>().size() > 0) &&
            detail::has_capacity(*verifier_));
  }

  // A batch that throws is asked again search by search, so that only the culprit fails.
  template <class Service>
  void answer(Service& service, const batch<Service>& asked) {
    pool_.report.batch_began(role<Service>, asked);
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
    pool_.report.batch_failed(role<Service>, asked);
    for (std::size_t begin = 0, end = 0; begin < asked.size(); begin = end) {
      while (end < asked.size() && asked.owner(end).slot == asked.owner(begin).slot) ++end;
      answer(service, asked.slice(begin, end));
    }
  }

  Model* model_;
  Verifier* verifier_;
  detail::search_pool<Model, Policy, Verifier, Aggregator, Observer> pool_;
};

}  // namespace outthink
