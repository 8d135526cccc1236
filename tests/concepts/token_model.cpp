// SPDX-License-Identifier: MIT
#include "../archetypes/token_model.hpp"

#include "../support/markov_model.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/token_model.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/verifiers/no_verifier.hpp>
#include <outthink/verifiers/value_model.hpp>

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <utility>

using outthink::token_model;

namespace {

struct without_fork : outthink::test::markov_model {
  outthink::sequence_id fork(outthink::sequence_id) = delete;
};
struct without_names : outthink::test::markov_model {
  void token_named(std::string_view) const {}
};

}  // namespace

static_assert(token_model<archetypes::coin_model>);
static_assert(token_model<outthink::test::markov_model>);
static_assert(!std::is_copy_constructible_v<archetypes::coin_model>);
static_assert(!std::is_default_constructible_v<archetypes::coin_model>);
static_assert(!token_model<without_fork>);
static_assert(!token_model<without_names>);
static_assert(!token_model<int>);

TEST_CASE("token_model: the smallest one makes a language model") {
  outthink::decoder model(archetypes::coin_model(100));
  static_assert(outthink::language_model<decltype(model)>);
  const auto result = outthink::solve("p", model, outthink::repeated_sampling{.n = 20},
                                      outthink::no_verifier{}, outthink::majority_vote{});
  REQUIRE(result.candidates.size() == 20);
  bool any = false;
  for (const auto& candidate : result.candidates) {
    CHECK(candidate.solution.find_first_not_of("01") == std::string::npos);
    CHECK(candidate.tokens == candidate.solution.size());
    any = any || !candidate.solution.empty();
  }
  CHECK(any);
}

TEST_CASE("token_model: the smallest one lacks the tokens of a value model, which says so") {
  try {
    const outthink::verifiers::value_model judge(archetypes::coin_model(100));
    FAIL("it did not throw");
  } catch (const outthink::error& problem) {
    CHECK(problem.code() == outthink::errc::unsupported_model);
    CHECK(std::string(problem.what()).find("<good>") != std::string::npos);
  }
}
