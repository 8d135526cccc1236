// SPDX-License-Identifier: MIT
// What asynchronous services are asked and when searches go on.
#include "../support/permuted_service.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/requests_under_way.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::permuted_service;
using outthink::test::same;
using outthink::test::toy_tree;

namespace {

std::vector<problem> questions(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("question " + std::to_string(i));
  return all;
}

/// Costs fractions of money that no order of addition keeps.
struct priced_tree : toy_tree {
  std::vector<generation> answer(std::span<const generation_request> asked) {
    std::vector<generation> answers = toy_tree::answer(asked);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      random_stream prices(asked[i].stream);
      answers[i].spent.money = prices.uniform() * 0.1;
      answers[i].spent.flops = prices.uniform() * 1e9;
    }
    return answers;
  }
};

double rate(std::string_view text) {
  return static_cast<double>(hash_text(text) % 1000) / 1000;
}

template <class Policy>
void check_any_order(const Policy& policy) {
  const auto problems = questions(9);
  priced_tree model;
  model.random = true;
  test::scripted_verifier judge(&rate);
  solve_options options{.seed = 5, .max_live = 4};
  const auto expected = solve_all(problems, model, policy, judge, weighted_vote{}, options);
  CHECK(expected[0].spent.money > 0);
  for (const std::uint64_t order : {1U, 2U, 3U, 4U, 5U, 6U}) {
    const std::size_t capacity = order < 3 ? 1 : order < 5 ? 3 : 1000;
    permuted_service distant(model, capacity, order);
    permuted_service distant_judge(judge, capacity, order + 10);
    CHECK(same(solve_all(problems, distant, policy, distant_judge, weighted_vote{}, options),
               expected));
    CHECK(same(solve_all(problems, distant, policy, judge, weighted_vote{}, options), expected));
    CHECK(same(solve_all(problems, model, policy, distant_judge, weighted_vote{}, options),
               expected));
    CHECK(distant.most_under_way <= capacity);
    CHECK(distant.abandoned == 0);
  }
}

/// Answers one problem's requests only after all other searches have ended.
struct one_slow_problem {
  using request = generation_request;
  using response = generation;
  std::vector<std::uint64_t> slow, quick;
  std::vector<std::string> order{};

  std::size_t capacity() const { return 1000; }
  void submit(std::uint64_t tag, const generation_request& asked) {
    const bool is_slow = asked.trace.prompt() == "question 1";
    order.push_back(std::string(asked.trace.prompt()));
    (is_slow ? slow : quick).push_back(tag);
  }
  void wait(std::vector<completion<generation>>& done, double) {
    std::vector<std::uint64_t>& ready = quick.empty() ? slow : quick;
    for (const std::uint64_t tag : ready)
      done.push_back({tag, {.text = "a\n", .ended = finish::step_end}});
    ready.clear();
  }
  void abandon() {}
  std::vector<generation> answer(std::span<const generation_request> batch) {
    return answer_by_waiting(*this, batch);
  }
};

}  // namespace

TEST_CASE("asynchronous services: outcomes are the same bits in whatever order answers come in") {
  check_any_order(repeated_sampling{.n = 5});
  check_any_order(beam_search{.width = 2, .expand = 3});
  check_any_order(dvts{.subtrees = 2, .expand = 2});
  check_any_order(tree_search{.simulations = 6, .expand = 2});
}

TEST_CASE("asynchronous services: a search goes on while another's answers are outstanding") {
  const auto problems = questions(3);
  one_slow_problem model;
  no_verifier none;
  (void)solve_all(problems, model, beam_search{.width = 1, .expand = 1, .max_steps = 3}, none,
                  majority_vote{});
  REQUIRE(model.order.size() == 9);
  const auto slow_goes_on = std::find(model.order.begin() + 3, model.order.end(), "question 1");
  CHECK(slow_goes_on - model.order.begin() == 7);  // after all three steps of the two others
}

TEST_CASE("asynchronous services: a failed answer fails its search alone") {
  struct failing : toy_tree {
    std::vector<generation> answer(std::span<const generation_request> asked) {
      auto answers = toy_tree::answer(asked);
      if (asked[0].trace.prompt() == "question 2") {
        answers[0] = {.text = "status 500", .ended = finish::failed};
      }
      return answers;
    }
  } model;
  const auto problems = questions(5);
  no_verifier none;
  permuted_service distant(model, 7, 1);
  const auto outcomes =
      solve_all(problems, distant, repeated_sampling{.n = 4}, none, majority_vote{});
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(outcomes[i].status == (i == 2 ? outcome_status::failed : outcome_status::answered));
  }
  CHECK(outcomes[2].message.find("status 500") != std::string::npos);
}

TEST_CASE("asynchronous services: a request that cannot be sent fails its search alone") {
  struct refusing : toy_tree {
    std::vector<generation> answer(std::span<const generation_request> asked) {
      if (asked[0].trace.prompt() == "question 2") throw std::runtime_error("no route");
      return toy_tree::answer(asked);
    }
  } model;
  const auto problems = questions(5);
  no_verifier none;
  permuted_service distant(model, 7, 1);
  const auto outcomes =
      solve_all(problems, distant, repeated_sampling{.n = 4}, none, majority_vote{});
  for (std::size_t i = 0; i < 5; ++i) CHECK((outcomes[i].message == "no route") == (i == 2));
}

TEST_CASE("asynchronous services: a wait that throws fails what is under way, the rest goes on") {
  struct breaking : permuted_service<toy_tree> {
    using permuted_service::permuted_service;
    void wait(std::vector<completion<generation>>& done, double seconds) {
      if (waits == 3) {
        ++waits;
        throw std::runtime_error("the line broke");
      }
      permuted_service::wait(done, seconds);
    }
  };
  toy_tree model;
  breaking distant(model, 2, 1);
  const auto problems = questions(12);
  no_verifier none;
  const auto outcomes =
      solve_all(problems, distant, repeated_sampling{.n = 1}, none, majority_vote{});
  std::size_t failed = 0;
  for (const outcome& o : outcomes) {
    if (o.status != outcome_status::failed) continue;
    ++failed;
    CHECK(o.message == "the line broke");
  }
  CHECK(failed == distant.abandoned);
  CHECK(failed >= 1);
  CHECK(failed <= 2);
}

TEST_CASE(
    "asynchronous services: cancelling gives up what is under way, and a new run starts clean") {
  std::atomic<bool> stop{false};
  struct cancelling : permuted_service<toy_tree> {
    using permuted_service::permuted_service;
    std::atomic<bool>* stop = nullptr;
    void wait(std::vector<completion<generation>>& done, double seconds) {
      if (waits == 2) stop->store(true);
      permuted_service::wait(done, seconds);
    }
  };
  toy_tree model;
  cancelling distant(model, 20, 1);
  distant.stop = &stop;
  const auto problems = questions(6);
  no_verifier none;
  solve_options options;
  options.cancel = &stop;
  const auto cancelled =
      solve_all(problems, distant, repeated_sampling{.n = 8}, none, majority_vote{}, options);
  for (const outcome& o : cancelled) CHECK(o.status == outcome_status::cancelled);
  CHECK(distant.abandoned > 0);
  CHECK(distant.longest_wait <= 0.051);  // `cancel` is looked at meanwhile
  const repeated_sampling policy{.n = 8};
  CHECK(same(solve_all(problems, distant, policy, none, majority_vote{}),
             solve_all(problems, model, policy, none, majority_vote{})));
}

TEST_CASE(
    "asynchronous services: a search that waits beyond its time ends, its requests are taken "
    "back") {
  struct cancelling : one_slow_problem {
    std::vector<std::uint64_t> cancelled{};
    std::size_t abandoned = 0;
    void wait(std::vector<completion<generation>>& done, double seconds) {
      if (!quick.empty()) one_slow_problem::wait(done, seconds);  // the slow one is never answered
    }
    void cancel(std::uint64_t tag) {
      cancelled.push_back(tag);
      std::erase(slow, tag);
    }
    void abandon() { abandoned += slow.size(); }
  };
  static_assert(cancellable_service<cancelling> && !cancellable_service<one_slow_problem>);
  cancelling model;
  no_verifier none;
  solve_options options;
  options.limits.seconds = 0.02;
  const std::vector<problem> problems{"question 1", "question 1"};
  const auto outcomes =
      solve_all(problems, model, repeated_sampling{.n = 3}, none, majority_vote{}, options);
  for (const outcome& one : outcomes) CHECK(one.status == outcome_status::budget_spent);
  CHECK(model.cancelled.size() == 6);
  CHECK(model.slow.empty());
  CHECK(model.abandoned == 0);
}

TEST_CASE("asynchronous services: an answer to a request that is not under way is a clear error") {
  struct confused : permuted_service<toy_tree> {
    using permuted_service::permuted_service;
    void wait(std::vector<completion<generation>>& done, double) { done.push_back({77, {}}); }
  };
  toy_tree model;
  confused distant(model, 2, 1);
  no_verifier none;
  const outcome result = solve("p", distant, repeated_sampling{.n = 1}, none, majority_vote{});
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message.find("request 77, which is not under way") != std::string::npos);
}
