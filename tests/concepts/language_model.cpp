// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"

#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <type_traits>
#include <vector>

using outthink::generation;
using outthink::generation_request;
using outthink::language_model;

namespace {

struct answers_strings {
  using request = generation_request;
  using response = std::string;
  std::vector<std::string> answer(std::span<const generation_request>);
};
struct reads_strings {
  using request = std::string;
  using response = generation;
  std::vector<generation> answer(std::span<const std::string>);
};
struct answers_nothing {
  using request = generation_request;
  using response = generation;
};

/// Answers in a sequence that makes its elements when they are read.
struct lazy_model {
  using request = generation_request;
  using response = generation;

  struct made_on_demand {
    std::span<const generation_request> asked;
    [[nodiscard]] std::size_t size() const { return asked.size(); }
    [[nodiscard]] generation operator[](std::size_t i) const {
      return {.text = std::to_string(asked[i].ordinal)};
    }
  };
  [[nodiscard]] made_on_demand answer(std::span<const generation_request> asked) const {
    return {asked};
  }
};

}  // namespace

static_assert(language_model<archetypes::one_word_model>);
static_assert(!std::is_copy_constructible_v<archetypes::one_word_model>);
static_assert(!std::is_default_constructible_v<archetypes::one_word_model>);
static_assert(language_model<lazy_model> && language_model<const lazy_model>);
static_assert(!language_model<answers_strings>);
static_assert(!language_model<reads_strings>);
static_assert(!language_model<answers_nothing>);
static_assert(!language_model<int>);
static_assert(outthink::detail::diagnose_language_model<archetypes::one_word_model>());

TEST_CASE("language_model: the smallest one is enough for every way to ask") {
  archetypes::one_word_model model("word");
  const std::vector<outthink::problem> problems{"p", "q"};
  const outthink::no_verifier none;
  outthink::no_verifier verifier = none;
  const auto whole = outthink::solve_all(problems, model, outthink::repeated_sampling{.n = 3},
                                         verifier, outthink::majority_vote{});
  const auto steps =
      outthink::solve_all(problems, model, outthink::beam_search{.width = 2, .expand = 2}, verifier,
                          outthink::majority_vote{});
  REQUIRE(whole.size() == 2);
  for (const auto& result : whole) {
    CHECK(result.answer == "word");
    CHECK(result.confidence == 1);
    CHECK(result.candidates.size() == 3);
    CHECK(result.spent.model_calls == 3);
  }
  REQUIRE(steps.size() == 2);
  CHECK(steps[1].answer == "word");
  CHECK(steps[1].spent.model_calls == 4);
  CHECK(steps[1].candidates.size() == 1);  // repetitions are dropped
}

TEST_CASE("language_model: answers may come from any sequence, and the model may be const") {
  const lazy_model model;
  const auto result = outthink::solve("p", model, outthink::repeated_sampling{.n = 3},
                                      outthink::no_verifier{}, outthink::majority_vote{});
  REQUIRE(result.candidates.size() == 3);
  CHECK(result.candidates[2].solution == "2");
}
