// SPDX-License-Identifier: MIT
#include "../archetypes/observer.hpp"

#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/observer.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <type_traits>
#include <vector>

using outthink::observer;

namespace {

struct sees_batches_only {
  void on_batch(const outthink::progress&) {}
};

}  // namespace

static_assert(observer<archetypes::call_counter>);
static_assert(observer<outthink::no_observer>);
static_assert(!std::is_copy_constructible_v<archetypes::call_counter>);
static_assert(!std::is_default_constructible_v<archetypes::call_counter>);
static_assert(!observer<sees_batches_only>);
static_assert(!observer<int>);

TEST_CASE("observer: the smallest one is told of batches and outcomes, handed over or lent") {
  archetypes::one_word_model model("w");
  outthink::no_verifier verifier;
  const std::vector<outthink::problem> problems{"p", "q", "r"};
  const outthink::repeated_sampling once{.n = 1};
  int calls = 0;
  SUBCASE("handed over") {
    static_cast<void>(outthink::solve_all(problems, model, once, verifier,
                                          outthink::majority_vote{}, {},
                                          archetypes::call_counter(calls)));
  }
  SUBCASE("lent") {
    archetypes::call_counter counter(calls);
    static_cast<void>(outthink::solve_all(problems, model, once, verifier,
                                          outthink::majority_vote{}, {}, counter));
  }
  CHECK(calls == 1 + 3);
}
