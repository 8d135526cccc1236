// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"

#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <type_traits>
#include <vector>

using outthink::score_request;
using outthink::verdict;
using outthink::verifier;

namespace {

struct answers_numbers {
  using request = score_request;
  using response = float;
  std::vector<float> answer(std::span<const score_request>);
};
struct answers_nothing {
  using request = score_request;
  using response = verdict;
};

}  // namespace

static_assert(verifier<archetypes::constant_verifier>);
static_assert(!std::is_copy_constructible_v<archetypes::constant_verifier>);
static_assert(!std::is_default_constructible_v<archetypes::constant_verifier>);
static_assert(!outthink::abstaining_verifier<archetypes::constant_verifier>);
static_assert(outthink::abstaining_verifier<outthink::no_verifier>);
static_assert(!verifier<answers_numbers>);
static_assert(!verifier<answers_nothing>);
static_assert(!verifier<archetypes::one_word_model>);
static_assert(outthink::detail::diagnose_verifier<archetypes::constant_verifier>());

TEST_CASE("verifier: the smallest one scores a search") {
  const auto result =
      outthink::solve("p", archetypes::one_word_model("word"), outthink::beam_search{},
                      archetypes::constant_verifier(0.75F), outthink::best_score{});
  REQUIRE(result.has_answer());
  CHECK(result.confidence == 0.75);
  CHECK(result.best().step_scores == std::vector<float>{0.75F});
  CHECK(result.spent.verifier_calls == 1);
}
