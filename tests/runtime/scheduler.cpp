// SPDX-License-Identifier: MIT
#include "../support/ask_tell.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/scheduler.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::beam_search;
using outthink::generation;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::outcome;
using outthink::outcome_status;
using outthink::problem;
using outthink::repeated_sampling;
using outthink::scheduler;
using outthink::solve_options;
using outthink::test::toy_tree;

namespace {

/// What can be asked of it is known, but not how it is answered: enough for `ask` and `tell`.
struct distant_model {
  using request = generation_request;
  using response = generation;
};

std::vector<problem> questions(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("question " + std::to_string(i));
  return all;
}

std::vector<generation> words(std::span<const generation_request> asked, std::string word = "w") {
  std::vector<generation> answers;
  for (std::size_t i = 0; i < asked.size(); ++i) answers.push_back({.text = word});
  return answers;
}

/// Throws at batches that hold a problem whose prompt contains "bad".
struct touchy_model : toy_tree {
  std::size_t calls = 0;

  std::vector<generation> answer(std::span<const generation_request> asked) {
    ++calls;
    for (const generation_request& one : asked) {
      if (one.trace.prompt().find("bad") != std::string_view::npos) {
        throw std::runtime_error("I do not like this");
      }
    }
    return toy_tree::answer(asked);
  }
};

struct forgetful_model : toy_tree {
  std::vector<generation> answer(std::span<const generation_request> asked) {
    auto answers = toy_tree::answer(asked);
    answers.pop_back();
    return answers;
  }
};

/// Waits for something that nobody will ever answer.
struct waits_forever {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    std::suspend_always never;
    co_await never;
    co_return s.candidates();
  }
};

/// Scores one of four steps a round, so that the verifier's batches are smaller than the model's.
struct scores_few {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    outthink::frontier open{s.root()};
    while (!open.empty()) {
      const auto steps = co_await s.extend(open, 4);
      const outthink::frontier first{steps[0]};
      static_cast<void>(co_await s.score(first));
      open = s.retire(first);
    }
    co_return s.candidates();
  }
};

}  // namespace

TEST_CASE("scheduler merges what all live searches ask into common batches") {
  toy_tree model{.depth = 3, .letters = 4};
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto problems = questions(10);
  const beam_search beam{.width = 2, .expand = 2};
  SUBCASE("all at once: one batch a round") {
    scheduler run(problems, model, beam, verifier, majority_vote{}, {});
    run.run();
    CHECK(model.batches == std::vector<std::size_t>{40, 40, 40});
    CHECK(verifier.batches == std::vector<std::size_t>{40, 40, 40});
  }
  SUBCASE("batches of at most max_batch") {
    solve_options options;
    options.max_batch = 25;
    scheduler run(problems, model, beam, verifier, majority_vote{}, options);
    run.run();
    std::size_t total = 0;
    for (const std::size_t size : model.batches) {
      CHECK(size <= 25);
      total += size;
    }
    CHECK(total == 120);
    CHECK(model.batches.size() <= 6);
  }
  SUBCASE("at most max_live problems at a time") {
    solve_options options;
    options.max_live = 3;
    scheduler run(problems, model, beam, verifier, majority_vote{}, options);
    run.run();
    for (const std::size_t size : model.batches) CHECK(size <= 12);
    CHECK(run.take_outcomes().size() == 10);
  }
}

TEST_CASE("scheduler can be driven from outside, with services that only have an interface") {
  distant_model model;
  no_verifier verifier;
  const auto problems = questions(3);
  scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, {});
  const auto asked = run.ask(model);
  REQUIRE(asked.size() == 6);
  CHECK(asked.requests()[0].trace.prompt() == "question 0");
  CHECK(run.ask(model).empty());
  CHECK_FALSE(run.done());
  run.tell(asked, words(asked.requests()));
  CHECK(run.ask(model).empty());
  CHECK(run.done());
  for (const outcome& result : run.take_outcomes()) CHECK(result.answer == "w");
}

TEST_CASE("scheduler takes several batches under way, answered last first") {
  distant_model model;
  no_verifier verifier;
  const auto problems = questions(2);
  solve_options options;
  options.max_batch = 3;
  scheduler run(problems, model, repeated_sampling{.n = 4}, verifier, majority_vote{}, options);
  std::vector<outthink::batch<distant_model>> under_way;
  for (auto asked = run.ask(model); !asked.empty(); asked = run.ask(model)) {
    under_way.push_back(std::move(asked));
  }
  REQUIRE(under_way.size() == 3);  // 3, 3 and 2
  while (!under_way.empty()) {
    run.tell(under_way.back(), words(under_way.back().requests()));
    under_way.pop_back();
    CHECK(run.ask(model).empty());
  }
  CHECK(run.done());
}

TEST_CASE("scheduler::fail gives its exception to the searches of the batch and no others") {
  distant_model model;
  no_verifier verifier;
  const auto problems = questions(3);
  solve_options options;
  options.max_batch = 2;
  scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, options);
  const auto first = run.ask(model), second = run.ask(model), third = run.ask(model);
  run.tell(first, words(first.requests()));
  run.fail(second, std::make_exception_ptr(std::runtime_error("connection lost")));
  run.tell(third, words(third.requests()));
  CHECK(run.ask(model).empty());
  REQUIRE(run.done());
  const auto results = run.take_outcomes();
  CHECK(results[0].status == outcome_status::answered);
  CHECK(results[1].status == outcome_status::failed);
  CHECK(results[1].message == "connection lost");
  CHECK_THROWS_AS(std::rethrow_exception(results[1].failure), std::runtime_error);
  CHECK(results[2].status == outcome_status::answered);
}

TEST_CASE("scheduler: the wrong number of answers fails the searches concerned") {
  const auto problems = questions(2);
  no_verifier verifier;
  SUBCASE("told from outside") {
    distant_model model;
    solve_options options;
    options.max_batch = 2;
    scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, options);
    const auto first = run.ask(model), second = run.ask(model);
    run.tell(first, std::vector<generation>(3));
    run.tell(second, words(second.requests()));
    CHECK(run.ask(model).empty());
    REQUIRE(run.done());
    const auto results = run.take_outcomes();
    CHECK(results[0].status == outcome_status::failed);
    CHECK(results[0].message ==
          "a service answered in the wrong number or shape: a service gave 3 answers to 2 "
          "requests");
    CHECK(results[1].status == outcome_status::answered);
  }
  SUBCASE("asked by itself") {
    forgetful_model model;
    scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, {});
    run.run();
    for (const outcome& result : run.take_outcomes()) {
      CHECK(result.status == outcome_status::failed);
      CHECK(result.message.find("3 answers to 4 requests") != std::string::npos);
    }
  }
}

TEST_CASE("scheduler: a service that throws for one problem fails that problem alone") {
  touchy_model model;
  no_verifier verifier;
  const std::vector<problem> problems{"good", "bad", "better", "also bad", "best"};
  scheduler run(problems, model, beam_search{.width = 1, .expand = 2}, verifier, majority_vote{},
                {});
  run.run();
  const auto results = run.take_outcomes();
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const bool bad = problems[i].prompt.find("bad") != std::string::npos;
    CHECK(results[i].status == (bad ? outcome_status::failed : outcome_status::answered));
    CHECK(results[i].message == (bad ? "I do not like this" : ""));
    CHECK(results[i].spent.model_calls == (bad ? 0 : 6));
  }
}

TEST_CASE("scheduler::cancel ends every search with its best answer so far") {
  no_verifier verifier;
  const auto problems = questions(3);
  solve_options options;
  options.max_live = 2;
  SUBCASE("before anything was asked") {
    distant_model model;
    scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, options);
    run.cancel();
    CHECK(run.done());
    CHECK(run.ask(model).empty());
    for (const outcome& result : run.take_outcomes()) {
      CHECK(result.status == outcome_status::cancelled);
      CHECK_FALSE(result.has_answer());
    }
  }
  SUBCASE("when answers are in that no search has seen") {
    distant_model model;
    scheduler run(problems, model, repeated_sampling{.n = 2}, verifier, majority_vote{}, options);
    const auto asked = run.ask(model);
    run.tell(asked, words(asked.requests()));
    run.cancel();
    CHECK(run.done());
    CHECK(run.ask(model).empty());
    CHECK(run.take_outcomes().size() == 3);
  }
  SUBCASE("with a finished solution") {
    distant_model model;
    scheduler run(problems, model, beam_search{.width = 1, .expand = 2}, verifier, majority_vote{},
                  options);
    const auto asked = run.ask(model);
    REQUIRE(asked.size() == 4);
    std::vector<generation> answers = words(asked.requests(), "done");
    answers[1] = {.text = "more\n", .ended = outthink::finish::step_end};
    answers[3] = answers[1];
    run.tell(asked, answers);
    const auto next = run.ask(model);
    CHECK_FALSE(next.empty());
    run.cancel();
    CHECK(run.done());
    run.tell(next, words(next.requests()));  // comes too late and changes nothing
    CHECK(run.ask(model).empty());
    const auto results = run.take_outcomes();
    CHECK(results[0].status == outcome_status::cancelled);
    CHECK(results[0].answer == "done");
    CHECK(results[1].answer == "done");
    CHECK_FALSE(results[2].has_answer());
  }
}

TEST_CASE("scheduler ends all searches when the flag of its options turns true") {
  struct stops_at_the_third : toy_tree {
    std::atomic<bool>* flag;
    std::vector<generation> answer(std::span<const generation_request> asked) {
      if (batches.size() == 2) flag->store(true);
      return toy_tree::answer(asked);
    }
  };
  std::atomic<bool> flag = false;
  stops_at_the_third stopping{{.depth = 50, .letters = 2}, &flag};
  no_verifier verifier;
  const auto problems = questions(4);
  solve_options options;
  options.cancel = &flag;
  options.max_live = 2;
  scheduler run(problems, stopping, beam_search{.width = 1, .expand = 2}, verifier, majority_vote{},
                options);
  run.run();
  CHECK(stopping.batches.size() == 3);
  for (const outcome& result : run.take_outcomes()) {
    CHECK(result.status == outcome_status::cancelled);
  }
}

TEST_CASE("scheduler tells its observer of every batch and of every problem once") {
  struct recorder {
    std::vector<outthink::progress> batches;
    std::multiset<std::size_t> ended;
    std::vector<outcome_status> statuses;
    void on_batch(const outthink::progress& now) { batches.push_back(now); }
    void on_outcome(std::size_t i, const outcome& result) {
      ended.insert(i);
      statuses.push_back(result.status);
    }
  } seen;
  toy_tree model{.depth = 2, .letters = 2};
  no_verifier verifier;
  const auto problems = questions(5);
  solve_options options;
  options.max_live = 2;
  using lent = scheduler<toy_tree, beam_search, no_verifier, majority_vote, recorder&>;
  SUBCASE("to the end") {
    lent run(problems, model, beam_search{.width = 1, .expand = 2}, verifier, majority_vote{},
             options, seen);
    run.run();
    CHECK(seen.batches.size() == model.batches.size());
    for (std::size_t i = 0; i < seen.batches.size(); ++i) {
      CHECK(seen.batches[i].total == 5);
      CHECK(seen.batches[i].live <= 2);
      if (i > 0) CHECK(seen.batches[i].done >= seen.batches[i - 1].done);
      if (i > 0) CHECK(seen.batches[i].spent.model_calls > seen.batches[i - 1].spent.model_calls);
    }
    outthink::usage total;
    for (const outcome& result : run.take_outcomes()) total += result.spent;
    CHECK(seen.batches.back().spent == total);
  }
  SUBCASE("cancelled, with problems that never began") {
    lent run(problems, model, beam_search{.width = 1, .expand = 2}, verifier, majority_vote{},
             options, seen);
    run.cancel();
    CHECK(seen.statuses == std::vector<outcome_status>(5, outcome_status::cancelled));
  }
  CHECK(seen.ended == std::multiset<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("scheduler begins no search before there is room for it in the model's next batch") {
  struct recorder {
    std::size_t most = 0;
    void on_batch(const outthink::progress& now) { most = now.live > most ? now.live : most; }
    void on_outcome(std::size_t, const outcome&) {}
  } seen;
  toy_tree model{.depth = 5, .letters = 4};
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto problems = questions(100);
  solve_options options;
  options.max_batch = 8;  // two searches
  scheduler<toy_tree, scores_few, decltype(verifier), majority_vote, recorder&> run(
      problems, model, scores_few{}, verifier, majority_vote{}, options, seen);
  run.run();
  CHECK(run.take_outcomes().size() == 100);
  CHECK(seen.most <= 6);
}

TEST_CASE("scheduler lets an exception of its observer through") {
  struct upset {
    void on_batch(const outthink::progress&) { throw std::logic_error("upset"); }
    void on_outcome(std::size_t, const outcome&) {}
  };
  toy_tree model;
  no_verifier verifier;
  const auto problems = questions(2);
  scheduler<toy_tree, beam_search, no_verifier, majority_vote, upset> run(
      problems, model, beam_search{}, verifier, majority_vote{}, {});
  CHECK_THROWS_AS(run.run(), std::logic_error);
}

TEST_CASE("scheduler fails a policy that waits for something it did not ask") {
  toy_tree model;
  no_verifier verifier;
  const auto problems = questions(1);
  scheduler run(problems, model, waits_forever{}, verifier, majority_vote{}, {});
  run.run();
  const auto results = run.take_outcomes();
  CHECK(results[0].status == outcome_status::failed);
  CHECK(results[0].message.find("did not ask") != std::string::npos);
}

TEST_CASE("scheduler refuses options out of range before anything is asked") {
  toy_tree model;
  no_verifier verifier;
  const auto problems = questions(1);
  solve_options options;
  options.max_batch = 0;
  CHECK_THROWS_AS(
      (scheduler(problems, model, repeated_sampling{}, verifier, majority_vote{}, options)),
      outthink::error);
}

TEST_CASE("scheduler of no problem is done at once") {
  toy_tree model;
  no_verifier verifier;
  const std::vector<problem> none;
  scheduler run(none, model, repeated_sampling{}, verifier, majority_vote{}, {});
  CHECK(run.done());
  CHECK(run.ask(model).empty());
  run.run();
  CHECK(run.take_outcomes().empty());
}

TEST_CASE("scheduler that is destroyed with searches under way frees them") {
  distant_model model;
  no_verifier verifier;
  const auto problems = questions(4);
  scheduler run(problems, model, beam_search{}, verifier, majority_vote{}, {});
  const auto asked = run.ask(model);
  CHECK(asked.size() == 4 * 16);  // the address sanitizer sees the rest
}
