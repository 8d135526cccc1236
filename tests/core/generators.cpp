// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/core/generators.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// Draws two first steps by each generator, then a whole solution after each step.
template <class Generators>
struct by_each {
  Generators generators;

  task<candidate_nodes> operator()(auto& s) const {
    for (std::size_t which = 0; which < generators.size(); ++which) {
      const frontier roots(2, s.root());
      const frontier steps = co_await generators.extend(s, which, roots);
      const frontier ends = co_await generators.complete(s, which, steps);
      const auto scores = co_await s.score(ends);
      s.retire(ends);
    }
    co_return s.candidates();
  }
};

/// Draws two first steps by generator number `which`.
struct by_one {
  sampling_generators generators;
  std::size_t which;

  task<candidate_nodes> operator()(auto& s) const {
    const frontier roots(2, s.root());
    const frontier steps = co_await generators.extend(s, which, roots);
    s.retire(steps);
    co_return s.candidates();
  }
};

outcome run(const auto& policy, auto& model, const solve_options& options = {}) {
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  return solve("p", model, policy, verifier, best_score{}, options);
}

/// Writes a letter of its own, three steps to a solution.
auto writer(char letter) {
  return backends::scripted([letter](const generation_request& asked, random_stream&) {
    std::string text;
    for (std::size_t at = asked.trace.steps(); at < 3; ++at) {
      text += letter;
      if (at < 2) text += '\n';
      if (asked.until == extent::step) break;
    }
    return text;
  });
}

}  // namespace

TEST_CASE("own_generator draws with the search's model") {
  toy_tree model{.depth = 2, .letters = 3};
  const auto result = run(by_each<own_generator>{}, model);
  CHECK(model.batches == std::vector<std::size_t>{2, 2});
  REQUIRE(result.candidates.size() == 2);
  CHECK(letters_of(result.candidates[1].solution) == "ba");
}

TEST_CASE("sampling_generators draw with their own sampling options") {
  const std::array<sampling_options, 2> options{{{.temperature = 0.5F}, {.temperature = 2}}};
  std::vector<float> seen;
  backends::scripted model([&](const generation_request& asked, random_stream&) -> std::string {
    seen.push_back(asked.sampling.temperature);
    return "x";
  });
  const by_one policy{{options}, 1};
  CHECK(run(policy, model).candidates.size() == 2);
  CHECK(seen == std::vector<float>{2, 2});
}

TEST_CASE("model_generators draw steps and solutions with other models than the search's") {
  auto own = writer('o'), x = writer('x'), y = writer('y');
  using generators = model_generators<decltype(x), decltype(y)>;
  const by_each<generators> policy{{.models = {&x, &y}}};
  CHECK(generators::size() == 2);
  const auto result = run(policy, own);
  REQUIRE(result.candidates.size() == 4);
  CHECK(result.candidates[0].solution == "x\nx\nx");
  CHECK(result.candidates[0].steps() == 3);
  CHECK(result.candidates[0].step_scores.size() == 3);
  CHECK(result.candidates[3].solution == "y\ny\ny");
}

TEST_CASE("generations of a policy's own models count as generations") {
  auto own = writer('o');
  toy_tree other{.depth = 3};
  const by_each<model_generators<toy_tree>> policy{{.models = {&other}}};
  const auto result = run(policy, own);
  CHECK(result.spent.model_calls == 4);
  CHECK(result.spent.tokens == 2 + 2 * 2);
  CHECK(result.spent.prompt_tokens == 4);
  CHECK(result.spent.money == 2);
  CHECK(result.spent.other_calls == 0);
}

TEST_CASE("generations of a policy's own models never exceed the budget") {
  for (std::uint64_t limit = 0; limit < 8; ++limit) {
    for (const bool tokens : {false, true}) {
      auto own = writer('o');
      toy_tree other{.depth = 3};
      solve_options options;
      (tokens ? options.limits.tokens : options.limits.model_calls) = limit;
      const auto result =
          run(by_each<model_generators<toy_tree>>{{.models = {&other}}}, own, options);
      CHECK(result.spent.tokens <= options.limits.tokens);
      CHECK(result.spent.model_calls <= options.limits.model_calls);
      if (!tokens) CHECK((result.status == outcome_status::budget_spent) == (limit < 4));
    }
  }
}

TEST_CASE("a policy's own models serve all searches in common batches") {
  auto own = writer('o');
  toy_tree other{.depth = 3, .random = true};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const std::vector<problem> problems{"a", "b", "c"};
  const by_each<model_generators<toy_tree>> policy{{.models = {&other}}};
  const auto together = solve_all(problems, own, policy, verifier, best_score{});
  CHECK(other.batches == std::vector<std::size_t>{6, 6});
  solve_options options;
  options.max_live = 1;
  options.max_batch = 1;
  const auto alone = solve_all(problems, own, policy, verifier, best_score{}, options);
  CHECK(test::same(together, alone));
}

TEST_CASE("a failed generation of a policy's own model fails its problem") {
  auto own = writer('o');
  backends::scripted broken([](const generation_request&, random_stream&) {
    return generation{.text = "out of order", .ended = finish::failed};
  });
  const auto result = run(by_each<model_generators<decltype(broken)>>{{.models = {&broken}}}, own);
  CHECK(result.status == outcome_status::failed);
  CHECK(result.message.find("language model: out of order") != std::string::npos);
}
