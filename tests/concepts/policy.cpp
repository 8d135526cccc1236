// SPDX-License-Identifier: MIT
#include "../archetypes/policy.hpp"

#include "../archetypes/aggregator.hpp"
#include "../archetypes/language_model.hpp"
#include "../archetypes/search.hpp"
#include "../support/drive.hpp"
#include <outthink/concepts/policy.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <type_traits>
#include <vector>

using outthink::policy;
using search_type = outthink::text_search<archetypes::one_word_model, outthink::no_verifier>;

namespace {

struct no_coroutine {
  outthink::candidate_nodes operator()(outthink::search auto&) const { return {}; }
};
struct not_const {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto&);
};
struct other_result {
  outthink::task<int> operator()(outthink::search auto&) const;
};

}  // namespace

static_assert(policy<archetypes::one_attempt, search_type>);
static_assert(policy<archetypes::one_attempt, archetypes::fruitless_search>);
static_assert(!std::is_copy_constructible_v<archetypes::one_attempt>);
static_assert(!std::is_default_constructible_v<archetypes::one_attempt>);
static_assert(policy<outthink::beam_search, search_type>);
static_assert(policy<outthink::dvts, search_type>);
static_assert(policy<outthink::repeated_sampling, search_type>);
static_assert(policy<outthink::tree_search, search_type>);
static_assert(!policy<no_coroutine, search_type>);
static_assert(!policy<not_const, search_type>);
static_assert(!policy<other_result, search_type>);
static_assert(!policy<archetypes::one_attempt, int>);

TEST_CASE("policy: the smallest one solves a problem") {
  archetypes::one_word_model model("word");
  outthink::no_verifier verifier;
  const archetypes::one_attempt attempts(2);
  const archetypes::last_word last(0.5);
  const std::vector<outthink::problem> problems{"p"};
  const auto results = outthink::solve_all(problems, model, attempts, verifier, last);
  REQUIRE(results.size() == 1);
  CHECK(results[0].answer == "word");
  CHECK(results[0].chosen == 1);
}

TEST_CASE("policy: every one in the library needs no more of a search than the concept says") {
  archetypes::fruitless_search s;
  CHECK(outthink::test::run_to_end(outthink::beam_search{}(s)).empty());
  CHECK(outthink::test::run_to_end(outthink::dvts{}(s)).empty());
  CHECK(outthink::test::run_to_end(outthink::repeated_sampling{}(s)).empty());
  CHECK(outthink::test::run_to_end(outthink::tree_search{}(s)).empty());
  CHECK(outthink::test::run_to_end(archetypes::one_attempt(1)(s)).empty());
}
