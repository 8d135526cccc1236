// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using outthink::beam_search;
using outthink::candidate;
using outthink::generation;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::outcome;
using outthink::outcome_status;
using outthink::problem;
using outthink::random_stream;
using outthink::repeated_sampling;
using outthink::score_request;
using outthink::solve;
using outthink::solve_all;
using outthink::solve_options;
using outthink::verdict;
using outthink::backends::scripted;
using outthink::test::same;
using outthink::test::toy_tree;

namespace {

std::string last_letter(std::string_view solution) {
  return std::string(solution.substr(solution.size() - 1));
}

struct throws_at_once {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto&) const {
    throw std::runtime_error("a policy's own fault");
    co_return {};
  }
};

/// No coroutine itself: it throws before there is a task.
struct throws_before_it_begins {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto&) const {
    throw std::runtime_error("never begun");
  }
};

struct throws_a_number {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto&) const {
    throw 5;
    co_return {};
  }
};

/// Answers as `reply` says.
struct odd_verifier {
  using request = score_request;
  using response = verdict;
  verdict reply;
  std::vector<verdict> answer(std::span<const score_request> asked) const {
    return std::vector<verdict>(asked.size(), reply);
  }
};

}  // namespace

TEST_CASE("solve takes temporaries and named things alike") {
  const auto from_temporaries = solve("p", toy_tree{.random = true}, repeated_sampling{.n = 4},
                                      no_verifier{}, majority_vote{});
  toy_tree model{.random = true};
  no_verifier verifier;
  const repeated_sampling policy{.n = 4};
  const majority_vote vote;
  const problem question("p");
  CHECK(same(solve(question, model, policy, verifier, vote), from_temporaries));
  CHECK(model.batches.size() == 1);
}

TEST_CASE("solve votes on what the extractor takes from each solution") {
  scripted model([](const generation_request& asked, random_stream&) {
    return "attempt " + std::to_string(asked.ordinal) + (asked.ordinal == 1 ? " = 7" : " = 8");
  });
  solve_options options;
  options.answer = &last_letter;
  const auto result =
      solve("p", model, repeated_sampling{.n = 3}, no_verifier{}, majority_vote{}, options);
  CHECK(result.answer == "8");
  CHECK(result.best().solution == "attempt 0 = 8");
  CHECK(result.confidence == doctest::Approx(2.0 / 3));
}

TEST_CASE("solve_all gives one outcome per problem, in order; equal problems get equal ones") {
  toy_tree model{.depth = 4, .letters = 20, .random = true};
  no_verifier verifier;
  const std::vector<problem> problems{"x", "y", "x", "z", "x"};
  const auto results =
      solve_all(problems, model, repeated_sampling{.n = 5}, verifier, majority_vote{});
  REQUIRE(results.size() == 5);
  CHECK(same(results[0], results[2]));
  CHECK(same(results[0], results[4]));
  CHECK_FALSE(same(results[0], results[1]));
  CHECK_FALSE(same(results[1], results[3]));
}

TEST_CASE("solve_all of no problem gives no outcome") {
  toy_tree model;
  no_verifier verifier;
  const std::vector<problem> none;
  CHECK(solve_all(none, model, repeated_sampling{}, verifier, majority_vote{}).empty());
  CHECK(model.batches.empty());
}

TEST_CASE("solve_all refuses options out of range before it asks anything") {
  toy_tree model;
  no_verifier verifier;
  const std::vector<problem> problems{"p"};
  solve_options options;
  options.sampling.top_p = 0;
  CHECK_THROWS_WITH_AS(
      static_cast<void>(
          solve_all(problems, model, repeated_sampling{}, verifier, majority_vote{}, options)),
      "an argument is outside its documented range: sampling.top_p must lie in (0, 1]",
      outthink::error);
  CHECK(model.batches.empty());
}

TEST_CASE("solve: a policy that throws fails its problem with the exception") {
  const auto result = solve("p", toy_tree{}, throws_at_once{}, no_verifier{}, majority_vote{});
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message == "a policy's own fault");
  CHECK_THROWS_AS(std::rethrow_exception(result.failure), std::runtime_error);
  const auto number = solve("p", toy_tree{}, throws_a_number{}, no_verifier{}, majority_vote{});
  CHECK(number.message == "an exception that is not a std::exception");
  CHECK_THROWS_AS(std::rethrow_exception(number.failure), int);
  const std::vector<problem> problems{"p", "q"};
  const auto never =
      solve_all(problems, toy_tree{}, throws_before_it_begins{}, no_verifier{}, majority_vote{});
  for (const outcome& each : never) {
    CHECK(each.status == outcome_status::failed);
    CHECK(each.message == "never begun");
  }
}

TEST_CASE("solve: an aggregator, extractor or key that throws fails the problem") {
  const auto upset = [](std::span<const candidate>) -> outthink::decision {
    throw std::runtime_error("cannot decide");
  };
  CHECK(solve("p", toy_tree{}, repeated_sampling{.n = 1}, no_verifier{}, upset).message ==
        "cannot decide");
  solve_options options;
  options.answer = [](std::string_view) -> std::string { throw std::runtime_error("no answer"); };
  CHECK(solve("p", toy_tree{}, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{}, options)
            .message == "no answer");
  options.answer = &outthink::whole_solution;
  options.key = [](std::string_view) -> std::string { throw std::runtime_error("no key"); };
  CHECK(solve("p", toy_tree{}, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{}, options)
            .message == "no key");
}

TEST_CASE("solve: a model's or verifier's failure is the outcome's message") {
  scripted broken([](const generation_request&, random_stream&) {
    return generation{.text = "out of memory", .ended = outthink::finish::failed};
  });
  CHECK(solve("p", broken, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{}).message ==
        "a service could not answer: language model: out of memory");

  const auto judged = [](verdict reply) {
    return solve("p", toy_tree{.depth = 3}, repeated_sampling{.n = 1}, odd_verifier{reply},
                 outthink::best_score{});
  };
  CHECK(judged({.scores = {}, .failure = "the judge is away"}).message ==
        "a service could not answer: verifier: the judge is away");
  const outcome malformed = judged({.scores = {2, 0.5F}});
  CHECK(malformed.status == outcome_status::failed);
  CHECK(malformed.message ==
        "a service answered in the wrong number or shape: a verifier gave 2 scores for 3 steps");
  CHECK(judged({.scores = {3, 0.5F}}).confidence == 0.5);
}

TEST_CASE("solve: an outcome verifier scores the last step alone") {
  outthink::test::scripted_verifier verifier([](std::string_view text) {
    return text.ends_with("\n") ? double{NAN} : (text.front() - 'a') / 10.0;
  });
  const auto result = solve("p", toy_tree{.depth = 3, .letters = 4}, repeated_sampling{.n = 4},
                            verifier, outthink::best_score{});
  CHECK(outthink::test::letters_of(result.answer) == "ddd");
  CHECK(result.confidence == doctest::Approx(0.3));
}

TEST_CASE("solve: a prompt may be empty") {
  const auto result =
      solve("", toy_tree{}, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{});
  CHECK(result.has_answer());
}
