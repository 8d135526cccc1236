// SPDX-License-Identifier: MIT
// Snippets of docs/how-to/write-a-policy.md.
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

/// Two searches side by side below roots of their own, and one vote over both.
struct two_kinds {
  beam_search narrow{.width = 1, .expand = 4};
  beam_search wide{.width = 4, .expand = 2};

  task<candidate_nodes> operator()(search auto& s) const {
    auto left = s.branch();
    auto right = s.branch();
    const auto both = co_await when_all(narrow(left), wide(right));
    candidate_nodes all = std::get<0>(both);
    all.insert(all.end(), std::get<1>(both).begin(), std::get<1>(both).end());
    co_return all;
  }
};

/// Runs programs: the tests of a solution. Any service will do.
struct test_runner {
  using request = std::string;
  using response = int;  // tests passed

  std::vector<int> answer(std::span<const std::string> programs) const {
    std::vector<int> passed;
    for (const std::string& program : programs) passed.push_back(program == "42" ? 3 : 1);
    return passed;
  }
};

/// Samples solutions and keeps those that pass enough tests.
template <service Runner>
struct sample_and_test {
  Runner* runner;
  int n = 8;
  int needed = 3;

  task<candidate_nodes> operator()(auto& s) const {
    const auto solutions = co_await s.complete(s.root(), n);
    std::vector<std::string> programs;
    for (const node_id node : solutions) programs.push_back(trace_view(s.tree(), node).solution());
    const auto passed = co_await s.ask(*runner, std::move(programs));
    candidate_nodes kept;
    for (std::size_t i = 0; i < solutions.size(); ++i) {
      const bool finished = s.tree().status(solutions[i]) == node_status::finished;
      if (finished && passed[i] >= needed) kept.push_back(solutions[i]);
    }
    co_return kept;
  }
};

std::string digit(const generation_request&, random_stream& random) {
  return std::to_string(random.below(10));
}

}  // namespace

TEST_CASE("docs: policies nest, and branches have candidates of their own") {
  backends::scripted model{&digit};
  const outcome result = solve("a digit\n", model, two_kinds{}, no_verifier{}, majority_vote{});
  CHECK(result.has_answer());
  CHECK(result.candidates.size() > 2);
}

TEST_CASE("docs: a policy asks a service of its own") {
  backends::scripted model{[](const generation_request&, random_stream& random) {
    return std::string(random.uniform() < 0.5 ? "42" : "54");
  }};
  test_runner runner;
  const sample_and_test<test_runner> policy{&runner};
  const outcome result = solve("six times seven\n", model, policy, no_verifier{}, majority_vote{});
  CHECK(result.answer == "42");
  CHECK(result.candidates.size() < 8);
  CHECK(result.spent.other_calls == 8);
}
