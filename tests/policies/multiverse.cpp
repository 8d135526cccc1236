// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/multiverse.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;

static_assert(policy<multiverse, archetypes::fruitless_search>);

namespace {

const std::string kInner =
    "<Parallel>\n<Goal>\n<Outline>2.1: c</Outline><Outline>2.2: d</Outline></Goal>"
    "\n<Path>\n2.1: see</Path>\n<Path>\n2.2: dee</Path>\n<Conclusion>inner</Conclusion></Parallel>";
const std::string kWhole =
    "Think. <Parallel>\n<Goal>\n<Outline>1: a</Outline><Outline>2: b</Outline></Goal>"
    "\n<Path>\n1: ay</Path>\n<Path>\n2: be " +
    kInner +
    " bee</Path>\n<Conclusion>both</Conclusion>"
    "</Parallel> Once more: <Parallel>\n<Goal><Outline>3: e</Outline></Goal>\n<Path>\n3: ee</Path>"
    "\n<Conclusion>one</Conclusion></Parallel> So 7.";

/// A model that knows the text by heart, and finds where it is by the end of what it sees: paths
/// beside its own make no difference. It writes to the first stop text.
struct reciter {
  std::string text = kWhole;
  std::vector<std::string>* seen = nullptr;

  generation operator()(const generation_request& asked, random_stream&) const {
    const std::string so_far = asked.trace.solution();
    if (seen != nullptr) seen->push_back(so_far);
    std::size_t known = 0, at = 0;  // the longest end of it that stands in the text
    while (known < so_far.size() && text.find(so_far.substr(known)) == std::string::npos) ++known;
    if (known < so_far.size()) at = text.find(so_far.substr(known)) + so_far.size() - known;
    generation made{.text = text.substr(at)};
    std::size_t end = made.text.size();
    for (const std::string& stop : asked.rule->stops) {
      const std::size_t found = made.text.find(stop);
      if (found != std::string::npos) end = std::min(end, found + stop.size());
    }
    made.text.resize(end);
    made.spent.tokens_written = static_cast<std::uint32_t>(end);
    made.logprob = -1;
    return made;
  }
};

outcome run(const auto& policy, const reciter& model, const solve_options& options = {}) {
  backends::scripted recites(model);
  return solve("p", recites, policy, no_verifier{}, majority_vote{}, options);
}

/// A model whose batches are counted.
struct counting {
  using request = generation_request;
  using response = generation;
  backends::scripted<reciter> model{reciter{}};
  std::vector<std::size_t> batches{};

  std::vector<generation> answer(std::span<const generation_request> asked) {
    batches.push_back(asked.size());
    return model.answer(asked);
  }
};

}  // namespace

TEST_CASE("multiverse writes what a model whose paths do not see each other writes in sequence") {
  REQUIRE_FALSE(find_parallel_fault(kWhole).has_value());
  const auto sequence = run(repeated_sampling{.n = 1}, {});
  const auto together = run(multiverse{}, {});
  CHECK(sequence.answer == kWhole);
  CHECK(together.answer == kWhole);
  REQUIRE(together.candidates.size() == 1);
  // Forced: the labels of five paths and three times a conclusion's tag.
  const std::size_t forced = 3 * std::string("\n<Path>\n1:").size() +
                             2 * std::string("\n<Path>\n2.1:").size() +
                             3 * std::string("\n<Conclusion>").size();
  CHECK(together.candidates[0].tokens == kWhole.size() - forced);
  CHECK(together.candidates[0].logprob == -9);  // as many stretches
}

TEST_CASE("multiverse: paths do not see each other, and are written in one round") {
  std::vector<std::string> seen;
  static_cast<void>(run(multiverse{}, {.seen = &seen}));
  REQUIRE(seen.size() == 9);
  CHECK(seen[1].ends_with("</Goal>\n<Path>\n1:"));
  CHECK(seen[2].ends_with("</Goal>\n<Path>\n2:"));
  CHECK(seen[4].find("2.1: see") == std::string::npos);
  counting model;
  static_cast<void>(solve("p", model, multiverse{.samples = 2}, no_verifier{}, majority_vote{}));
  // Goal; paths 1, 2; paths 2.1, 2.2; the rest of 2; conclusion and goal; path 3; the rest.
  CHECK(model.batches == std::vector<std::size_t>{2, 4, 4, 2, 2, 2, 2});
}

TEST_CASE("multiverse: what is not whole is no candidate") {
  const auto without = [](std::string_view part) {
    std::string text = kWhole;
    return reciter{text.erase(text.find(part), part.size())};
  };
  CHECK(run(multiverse{.max_nesting = 2}, {}).candidates.size() == 1);
  CHECK(run(multiverse{.max_nesting = 1}, {}).candidates.empty());
  CHECK(run(multiverse{.max_blocks = 2}, {}).candidates.size() == 1);
  CHECK(run(multiverse{.max_blocks = 1}, {}).candidates.empty());
  CHECK(run(multiverse{}, without("<Outline>3: e</Outline>")).candidates.empty());
  CHECK(run(multiverse{}, {kWhole.substr(0, kWhole.find(" bee"))}).candidates.empty());
  CHECK(run(multiverse{}, {"just 7"}).answer == "just 7");
  backends::scripted cut([](const generation_request&, random_stream&) {
    return generation{.text = "x</Goal>", .ended = finish::length};
  });
  CHECK(solve("p", cut, multiverse{}, no_verifier{}, majority_vote{}).candidates.empty());
}

TEST_CASE("multiverse: a budget that ends the search leaves no path among the solutions") {
  for (std::uint64_t calls = 1; calls < 9; ++calls) {
    solve_options options;
    options.limits.model_calls = calls;
    const auto result = run(multiverse{}, {}, options);
    CHECK(result.status == outcome_status::budget_spent);
    CHECK(result.candidates.empty());
  }
}

TEST_CASE("multiverse refuses options out of range") {
  for (const multiverse& options :
       {multiverse{.samples = 0}, multiverse{.max_nesting = 0}, multiverse{.max_blocks = 0},
        multiverse{.max_stretch_tokens = 0}}) {
    const auto result = run(options, {});
    CHECK(result.status == outcome_status::failed);
    CHECK(result.message.find("multiverse: counts") != std::string::npos);
  }
}
