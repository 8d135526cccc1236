// SPDX-License-Identifier: MIT
#include "../support/event_text.hpp"
#include "../support/same_outcome.hpp"
#include "../support/temporary_file.hpp"
#include "../support/thread_ranks.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/distribution.hpp>
#include <outthink/runtime/outcome_file.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using namespace outthink;
using outthink::test::run_on_threads;
using outthink::test::same;
using outthink::test::temporary_path;
using outthink::test::thread_rank;
using outthink::test::toy_tree;

static_assert(message_ranks<thread_rank>);
static_assert(message_ranks<one_rank>);
static_assert(outcome_store<outcome_file>);
static_assert(outcome_store<nothing_kept>);

namespace {

constexpr beam_search beam{.width = 2, .expand = 2};

std::vector<problem> questions(int count) {
  std::vector<problem> all;
  for (int i = 0; i < count; ++i) all.emplace_back("question " + std::to_string(i));
  return all;
}

toy_tree random_tree() {
  toy_tree model;
  model.random = true;
  return model;
}

/// Counts the problems that are searched, on all ranks.
struct counted_tree : toy_tree {
  std::atomic<int>* begun;

  std::vector<generation> answer(std::span<const generation_request> asked) {
    for (const generation_request& one : asked) {
      if (one.trace.steps() == 0 && one.ordinal == 0) ++*begun;
      if (one.trace.prompt() == "question 3") throw std::runtime_error("no");
    }
    return toy_tree::answer(asked);
  }
};

}  // namespace

TEST_CASE("solve_on_ranks gives the same bits on any number of ranks, in the problems' order") {
  const auto problems = questions(23);
  toy_tree model = random_tree();
  no_verifier none;
  const solve_options options{.seed = 3};
  const auto expected = solve_all(problems, model, beam, none, majority_vote{}, options);
  one_rank alone;
  CHECK(
      same(solve_on_ranks(alone, problems, model, beam, none, majority_vote{}, options), expected));
  for (const int ranks : {1, 2, 4, 7}) {
    for (const std::size_t chunk : {1U, 5U, 100U}) {
      const auto outcomes = run_on_threads(ranks, [&](thread_rank& self) {
        toy_tree own = random_tree();
        return solve_on_ranks(self, problems, own, beam, none, majority_vote{}, options,
                              nothing_kept{}, no_observer{}, {.chunk = chunk});
      });
      CHECK(same(outcomes, expected));
    }
  }
}

TEST_CASE("solve_on_ranks keeps runs that follow each other apart") {
  const auto problems = questions(12);
  no_verifier none;
  toy_tree model = random_tree();
  const auto last = solve_all(problems, model, beam, none, majority_vote{}, {.seed = 29});
  const auto outcomes = run_on_threads(4, [&](thread_rank& self) {
    toy_tree own = random_tree();
    std::vector<outcome> latest;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      latest = solve_on_ranks(self, problems, own, beam, none, majority_vote{}, {.seed = seed},
                              nothing_kept{}, no_observer{}, {.chunk = 2});
    }
    return latest;
  });
  CHECK(same(outcomes, last));
}

TEST_CASE("solve_on_ranks gives ranks other than 0 no outcomes, and takes no problems at all") {
  const std::vector<problem> problems;
  const auto none_at_all = run_on_threads(3, [&](thread_rank& self) {
    toy_tree own;
    no_verifier none;
    auto outcomes = solve_on_ranks(self, problems, own, beam, none, majority_vote{});
    CHECK(outcomes.empty());
    return outcomes;
  });
  CHECK(none_at_all.empty());
}

TEST_CASE("solve_on_ranks searches only what the store does not know, and failures again") {
  const temporary_path path("distribution_outcomes");
  const auto problems = questions(10);
  std::atomic<int> begun = 0;
  const auto run = [&](std::size_t count) {
    begun = 0;
    return run_on_threads(3, [&](thread_rank& self) {
      counted_tree own{random_tree(), &begun};
      no_verifier none;
      outcome_file kept(path.text);
      return solve_on_ranks(self, std::span(problems).first(count), own, beam, none,
                            majority_vote{}, {}, kept, no_observer{}, {.chunk = 1});
    });
  };
  const auto some = run(4);
  CHECK(begun == 4);
  CHECK(some[3].status == outcome_status::failed);
  const auto all = run(10);
  CHECK(begun == 7);  // question 3 failed
  CHECK(same(std::span(all).first(4), some));
  CHECK(same(run(10), all));
  CHECK(begun == 1);
}

TEST_CASE("solve_on_ranks tells rank 0's observer of the whole run") {
  const auto problems = questions(6);
  test::event_text seen;
  (void)run_on_threads(3, [&](thread_rank& self) {
    toy_tree own;
    no_verifier none;
    test::event_text unused;
    test::event_text& observe = self.rank() == 0 ? seen : unused;
    auto outcomes = solve_on_ranks(self, problems, own, beam, none, majority_vote{}, {},
                                   nothing_kept{}, observe, {.chunk = 1});
    CHECK(unused.lines.empty());
    return outcomes;
  });
  REQUIRE(seen.lines.size() == 12);
  CHECK(seen.lines.back() == "progress 6 of 6, 0 live");
  std::vector<std::string> outcomes;
  for (const std::string& line : seen.lines) {
    if (line[0] == 'o') outcomes.push_back(line.substr(0, 9));
  }
  std::sort(outcomes.begin(), outcomes.end());
  CHECK(outcomes == std::vector<std::string>{"outcome 0", "outcome 1", "outcome 2", "outcome 3",
                                             "outcome 4", "outcome 5"});
}

TEST_CASE("solve_on_ranks cancelled on rank 0 hands out nothing more") {
  const auto problems = questions(9);
  std::atomic<bool> stop = true;
  const auto outcomes = run_on_threads(2, [&](thread_rank& self) {
    toy_tree own;
    no_verifier none;
    return solve_on_ranks(self, problems, own, beam, none, majority_vote{}, {.cancel = &stop});
  });
  REQUIRE(outcomes.size() == 9);
  for (const outcome& one : outcomes) CHECK(one.status == outcome_status::cancelled);
}

TEST_CASE("problems are handed out in shares that shrink towards the end") {
  const auto problems = questions(40);
  nothing_kept store;
  no_observer nobody;
  detail::outcome_merger merged(problems, 0, store, nobody);
  std::vector<std::size_t> sizes;
  std::uint32_t next = 0;
  for (auto some = merged.next(8, 2); !some.empty(); some = merged.next(8, 2)) {
    for (const std::uint32_t i : some) CHECK(i == next++);
    sizes.push_back(some.size());
  }
  CHECK(sizes == std::vector<std::size_t>{8, 8, 6, 5, 4, 3, 2, 1, 1, 1, 1});
  CHECK(next == 40);
}

TEST_CASE("solve_on_ranks refuses a chunk of nothing") {
  const auto problems = questions(1);
  toy_tree model;
  no_verifier none;
  one_rank alone;
  CHECK_THROWS_AS((void)solve_on_ranks(alone, problems, model, beam, none, majority_vote{}, {},
                                       nothing_kept{}, no_observer{}, {.chunk = 0}),
                  error);
}
