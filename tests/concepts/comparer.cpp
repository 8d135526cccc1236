// SPDX-License-Identifier: MIT
#include "../archetypes/comparer.hpp"

#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/comparer.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <type_traits>
#include <vector>

using outthink::comparer;
using outthink::comparison;
using outthink::comparison_request;

namespace {

struct answers_numbers {
  using request = comparison_request;
  using response = float;
  std::vector<float> answer(std::span<const comparison_request>);
};
struct answers_nothing {
  using request = comparison_request;
  using response = comparison;
};

/// Asks a comparer about two texts of its own.
struct compares {
  archetypes::longer_wins& judge;
  std::vector<float>& seen;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const std::string texts[] = {"short", "a longer text"};
    std::vector<comparison_request> pairs{{"p", texts[0], texts[1]}, {"p", texts[1], texts[0]}};
    const std::vector<comparison> answers = co_await s.ask(judge, std::move(pairs));
    for (const comparison& one : answers) seen.push_back(one.first_wins);
    co_return s.candidates();
  }
};

}  // namespace

static_assert(comparer<archetypes::longer_wins>);
static_assert(!std::is_copy_constructible_v<archetypes::longer_wins>);
static_assert(!std::is_default_constructible_v<archetypes::longer_wins>);
static_assert(!comparer<answers_numbers>);
static_assert(!comparer<answers_nothing>);
static_assert(!comparer<archetypes::one_word_model>);

TEST_CASE("comparer: the smallest one answers what a policy asks") {
  archetypes::longer_wins judge(0.75F);
  std::vector<float> seen;
  const auto result = outthink::solve("p", archetypes::one_word_model("w"), compares{judge, seen},
                                      outthink::no_verifier{}, outthink::majority_vote{});
  CHECK(result.spent.other_calls == 2);
  CHECK(seen == std::vector<float>{.25F, .75F});
}

TEST_CASE("comparer: without an answer of its own a comparison is a tie") {
  CHECK(comparison{}.first_wins == 0.5F);
}
