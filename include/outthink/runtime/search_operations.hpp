// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/runtime/search_state.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink::detail {

/// What all awaited operations of a search share: they end with the round in which they were asked.
template <class State>
class round_operation {
 public:
  explicit round_operation(State& state) noexcept : state_(&state), round_(state.round()) {}
  round_operation(const round_operation&) = delete;
  round_operation& operator=(const round_operation&) = delete;

  [[nodiscard]] bool await_ready() const noexcept {
    return state_->round() != round_ || (!state_->waiting() && !state_->stopped());
  }

  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> awaiting) {
    state_->wait(awaiting.promise());
  }

 protected:
  State& answered_state() const {
    const bool was_asked = state_->round() != round_;
    if (was_asked && state_->failure) std::rethrow_exception(state_->failure);
    return *state_;
  }

  State* state_;

  std::uint32_t round_;
};

template <class State>
class extend_operation : public round_operation<State> {
 public:
  extend_operation(State& state, node_range children) noexcept
      : round_operation<State>(state), children_(children) {}

  [[nodiscard]] node_range await_resume() const {
    this->answered_state();
    return children_;
  }

 private:
  node_range children_;
};

template <class State>
class complete_operation : public round_operation<State> {
 public:
  complete_operation(State& state, node_range first_steps) noexcept
      : round_operation<State>(state), first_steps_(first_steps) {}

  [[nodiscard]] frontier await_resume() const {
    const State& state = this->answered_state();
    frontier ends;
    ends.reserve(first_steps_.size());
    for (const node_id first : first_steps_) ends.push_back(state.end_of_solution(first));
    return ends;
  }

 private:
  node_range first_steps_;
};

template <class State, class Nodes>
class score_operation : public round_operation<State> {
 public:
  score_operation(State& state, Nodes nodes, step_reduction reduction) noexcept
      : round_operation<State>(state), nodes_(std::move(nodes)), reduction_(reduction) {}

  [[nodiscard]] std::vector<float> await_resume() const {
    const text_tree& tree = this->answered_state().tree;
    std::vector<float> scores, steps;
    scores.reserve(nodes_.size());
    for (const node_id node : nodes_) scores.push_back(reduced(tree, node, steps));
    return scores;
  }

 private:
  [[nodiscard]] float reduced(const text_tree& tree, node_id node,
                              std::vector<float>& steps) const {
    if (!State::scores || tree.depth(node) == 0) return 0.0F;
    if (reduction_ == step_reduction::last && !tree.stepless(node)) return tree.score(node);
    steps.resize(tree.depth(node));
    for (std::size_t i = steps.size(); i > 0; node = tree.parent(node)) {
      if (!tree.stepless(node)) steps[--i] = tree.score(node);
    }
    return reduce_steps(steps, reduction_);
  }

  Nodes nodes_;
  step_reduction reduction_;
};

/// Requests to a service that the policy brought along, and their answers.
template <class State, service Service>
class ask_operation : public foreign_requests, public round_operation<State> {
 public:
  using request = typename Service::request;
  using response = typename Service::response;

  ask_operation(State& state, Service& asked, std::vector<request> requests)
      : ask_operation(state, asked, std::move(requests), false) {}

  ~ask_operation() override {
    if (this->round_ != this->state_->round() || !this->state_->withdraw(*this)) return;
    if (!generates_) this->state_->spent.other_calls -= requests_.size();
  }

  void answer_together(std::span<foreign_requests* const> group) override {
    std::vector<request> together;
    for (foreign_requests* member : group) {
      for (request& one : static_cast<ask_operation*>(member)->requests_) {
        together.push_back(std::move(one));
      }
    }
    try {
      const std::size_t most = this->state_->options().max_batch;
      distribute(group, answers_of(*service_, std::span<const request>(together), most));
    } catch (...) {
      std::size_t next = 0;
      for (foreign_requests* member : group) {
        for (request& one : static_cast<ask_operation*>(member)->requests_) {
          one = std::move(together[next++]);
        }
      }
      throw;
    }
  }

  [[nodiscard]] std::vector<response> await_resume() {
    this->answered_state();
    return std::move(responses_);
  }

 protected:
  // What generates is counted as the search's own model is.
  ask_operation(State& state, Service& asked, std::vector<request> requests, bool generates)
      : foreign_requests(&asked, &service_kind<Service>),
        round_operation<State>(state),
        service_(&asked),
        requests_(std::move(requests)),
        generates_(generates) {
    if (requests_.empty()) return;
    if (!generates_ && !state.reserve_others(requests_.size())) return;
    state.ask_foreign(*this);
  }

 private:
  static void distribute(std::span<foreign_requests* const> group, std::vector<response> answers) {
    std::size_t next = 0;
    for (foreign_requests* member : group) {
      auto& own = *static_cast<ask_operation*>(member);
      for (std::size_t i = 0; i < own.requests_.size(); ++i) {
        own.account(answers[next]);
        own.responses_.push_back(std::move(answers[next++]));
      }
    }
  }

  void account(const response& answer) {
    if constexpr (std::is_same_v<response, generation>) {
      if (generates_) return this->state_->count_foreign(answer);
    }
    if constexpr (requires { this->state_->charge_foreign(answer.spent); }) {
      this->state_->charge_foreign(answer.spent);
    }
  }

  Service* service_;
  std::vector<request> requests_;
  std::vector<response> responses_;
  bool generates_;
};

/// Steps or solutions that a language model of the policy's own writes.
template <class State, language_model Model>
class generate_operation : private ask_operation<State, Model> {
  using base = ask_operation<State, Model>;

 public:
  generate_operation(State& state, Model& model, node_range children, extent until,
                     std::vector<generation_request> requests)
      : base(state, model, std::move(requests), true), children_(children), until_(until) {}

  using base::await_ready;
  using base::await_suspend;

  [[nodiscard]] frontier await_resume() {
    const std::vector<generation> written = base::await_resume();
    frontier ends;
    ends.reserve(written.size());
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (written[i].ended == finish::failed) throw failed_model(written[i]);
      this->state_->fill(children_[i], until_, written[i]);
      ends.push_back(this->state_->end_of_solution(children_[i]));
    }
    return ends;
  }

 private:
  node_range children_;
  extent until_;
};

}  // namespace outthink::detail
