// SPDX-License-Identifier: MIT
#include "../support/event_text.hpp"
#include "../support/permuted_service.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/reporter.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::event_text;
using outthink::test::toy_tree;
using lines = std::vector<std::string>;

namespace {

double half(std::string_view) {
  return 0.5;
}

/// What can be asked of it is known, but not how it is answered.
struct distant_model {
  using request = generation_request;
  using response = generation;
};

/// Throws at batches that hold a problem "bad".
struct touchy_model : toy_tree {
  std::vector<generation> answer(std::span<const generation_request> asked) {
    for (const generation_request& one : asked) {
      if (one.trace.prompt() == "bad") throw std::runtime_error("I do not like this");
    }
    return toy_tree::answer(asked);
  }
};

/// Asks its own service once.
struct asks_judge {
  test::scripted_verifier<double (*)(std::string_view)>* judge;

  task<candidate_nodes> operator()(search auto& s) const {
    const auto nodes = co_await s.extend(s.root(), 1);
    std::vector<score_request> asked;
    asked.push_back({.trace = {s.tree(), nodes[0]}, .from = 0, .rule = nullptr, .stream = {}});
    const auto verdicts = co_await s.ask(*judge, asked);
    static_cast<void>(verdicts);
    s.retire(nodes);
    co_return s.candidates();
  }
};

bool begins_with(const std::string& line, const std::string& start) {
  return line.substr(0, start.size()) == start;
}

}  // namespace

TEST_CASE("events of a run: searches, batches and requests, in the order in which they happen") {
  toy_tree model{.depth = 1};
  test::scripted_verifier judge(&half);
  const std::vector<problem> problems{"p", "q"};
  event_text seen;
  (void)solve_all(problems, model, repeated_sampling{.n = 2}, judge, majority_vote{},
                  {.max_live = 1}, seen);
  CHECK(seen.lines == lines{"search_began 0 in 0",
                            "batch_began model 0.1 x2",
                            "request_began model 0.1",
                            "request_began model 0.2",
                            "request_ended model 0.1 wrote 1",
                            "request_ended model 0.2 wrote 1",
                            "batch_ended model 0.1 x2",
                            "progress 0 of 2, 1 live",
                            "batch_began verifier 0.1 x2",
                            "request_began verifier 0.1",
                            "request_began verifier 0.2",
                            "request_ended verifier 0.1",
                            "request_ended verifier 0.2",
                            "batch_ended verifier 0.1 x2",
                            "progress 0 of 2, 1 live",
                            "search_ended 0 in 0",
                            "outcome 0 a",
                            "search_began 1 in 0",
                            "batch_began model 1.1 x2",
                            "request_began model 1.1",
                            "request_began model 1.2",
                            "request_ended model 1.1 wrote 1",
                            "request_ended model 1.2 wrote 1",
                            "batch_ended model 1.1 x2",
                            "progress 1 of 2, 1 live",
                            "batch_began verifier 1.1 x2",
                            "request_began verifier 1.1",
                            "request_began verifier 1.2",
                            "request_ended verifier 1.1",
                            "request_ended verifier 1.2",
                            "batch_ended verifier 1.1 x2",
                            "progress 1 of 2, 1 live",
                            "search_ended 1 in 0",
                            "outcome 1 a"});
  CHECK(seen.in_order);
}

TEST_CASE("events of a batch that throws: it fails, and its searches are asked again one by one") {
  touchy_model model;
  model.depth = 1;
  no_verifier none;
  const std::vector<problem> problems{"good", "bad"};
  event_text seen;
  (void)solve_all(problems, model, repeated_sampling{.n = 1}, none, majority_vote{}, {}, seen);
  CHECK(seen.lines == lines{"search_began 0 in 0",
                            "search_began 1 in 1",
                            "batch_began model 0.1 x2",
                            "request_began model 0.1",
                            "request_began model 1.1",
                            "request_ended model 0.1 failed",
                            "request_ended model 1.1 failed",
                            "batch_ended model 0.1 x2 failed",  //
                            "batch_began model 0.1",
                            "request_began model 0.1",
                            "request_ended model 0.1 wrote 1",
                            "batch_ended model 0.1",
                            "progress 0 of 2, 2 live",  //
                            "batch_began model 1.1",
                            "request_began model 1.1",
                            "request_ended model 1.1 failed",
                            "batch_ended model 1.1 failed",  //
                            "search_ended 1 in 1 failed",
                            "outcome 1 ",
                            "search_ended 0 in 0",
                            "outcome 0 a"});
}

TEST_CASE("events of asks and tells: batches overlap, each known by its first request") {
  distant_model model;
  no_verifier none;
  const std::vector<problem> problems{"p"};
  event_text seen;
  scheduler<distant_model, repeated_sampling, no_verifier, majority_vote, event_text&> run(
      problems, model, repeated_sampling{.n = 2}, none, majority_vote{}, {.max_batch = 1}, seen);
  const auto first = run.ask(model), second = run.ask(model);
  CHECK(run.ask(model).empty());  // which is no batch
  run.fail(second, std::make_exception_ptr(std::runtime_error("lost")));
  run.tell(first, std::vector<generation>{{.text = "w"}});
  CHECK(run.ask(model).empty());
  CHECK(seen.lines ==
        lines{"search_began 0 in 0", "batch_began model 0.1", "request_began model 0.1",
              "batch_began model 0.2", "request_began model 0.2", "request_ended model 0.2 failed",
              "batch_ended model 0.2 failed", "request_ended model 0.1", "batch_ended model 0.1",
              "progress 0 of 1, 1 live", "search_ended 0 in 0 failed", "outcome 0 "});
}

TEST_CASE("events of an asynchronous service: requests without batches, each ends once") {
  toy_tree model{.depth = 2};
  test::permuted_service distant(model, 5, 1);
  no_verifier none;
  const std::vector<problem> problems{"p", "q", "r"};
  event_text seen;
  (void)solve_all(problems, distant, beam_search{.width = 2, .expand = 2}, none, majority_vote{},
                  {}, seen);
  std::multiset<std::string> began, ended;
  for (const std::string& line : seen.lines) {
    CHECK_FALSE(begins_with(line, "batch"));
    const std::string what = line.substr(line.find(' '), line.find(" wrote") - line.find(' '));
    if (begins_with(line, "request_began")) began.insert(what);
    if (begins_with(line, "request_ended")) ended.insert(what);
  }
  CHECK(began.size() == 3 * (4 + 4));
  CHECK(began == ended);
  CHECK(seen.in_order);
}

TEST_CASE("events of a policy's own service: one request for each search that asks") {
  toy_tree model{.depth = 1};
  no_verifier none;
  test::scripted_verifier<double (*)(std::string_view)> judge(&half);
  const std::vector<problem> problems{"p", "q"};
  event_text seen;
  (void)solve_all(problems, model, asks_judge{&judge}, none, majority_vote{}, {}, seen);
  lines other;
  std::copy_if(seen.lines.begin(), seen.lines.end(), std::back_inserter(other),
               [](const std::string& line) { return line.find("other") != std::string::npos; });
  CHECK(other == lines{"batch_began other 1.0 x2", "request_began other 1.0",
                       "request_began other 0.1", "request_ended other 1.0",
                       "request_ended other 0.1", "batch_ended other 1.0 x2"});
}

TEST_CASE("what an observer throws at an event ends the run, also from an asynchronous service") {
  struct upset : event_text {
    void on_event(const run_event& event) {
      if (event.kind == event_kind::request_ended) throw std::logic_error("upset");
    }
  };
  toy_tree model;
  test::permuted_service distant(model, 5, 1);
  no_verifier none;
  const std::vector<problem> problems{"p"};
  CHECK_THROWS_AS((void)solve_all(problems, model, repeated_sampling{.n = 2}, none, majority_vote{},
                                  {}, upset{}),
                  std::logic_error);
  CHECK_THROWS_AS((void)solve_all(problems, distant, repeated_sampling{.n = 2}, none,
                                  majority_vote{}, {}, upset{}),
                  std::logic_error);
}
