// SPDX-License-Identifier: MIT
#include "../archetypes/aggregator.hpp"

#include "../archetypes/language_model.hpp"
#include <outthink/concepts/aggregator.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <type_traits>

using outthink::aggregator;
using outthink::candidate;

namespace {

struct returns_an_index {
  std::size_t operator()(std::span<const candidate>) const;
};
struct not_const {
  outthink::decision operator()(std::span<const candidate>);
};

}  // namespace

static_assert(aggregator<archetypes::last_word>);
static_assert(!std::is_copy_constructible_v<archetypes::last_word>);
static_assert(!std::is_default_constructible_v<archetypes::last_word>);
static_assert(
    aggregator<decltype([](std::span<const candidate>) { return outthink::decision{}; })>);
static_assert(!aggregator<returns_an_index>);
static_assert(!aggregator<not_const>);
static_assert(outthink::detail::diagnose_aggregator<archetypes::last_word>());

TEST_CASE("aggregator: the smallest one decides") {
  const auto result =
      outthink::solve("p", archetypes::one_word_model("w"), outthink::repeated_sampling{.n = 4},
                      outthink::no_verifier{}, archetypes::last_word(0.25));
  CHECK(result.chosen == 3);
  CHECK(result.confidence == 0.25);
  CHECK(result.answer == "w");
}

TEST_CASE("aggregator: a function will do") {
  const auto first = [](std::span<const candidate> candidates) {
    return outthink::decision{candidates.empty() ? outthink::outcome::none : 0, 1};
  };
  const auto result =
      outthink::solve("p", archetypes::one_word_model("w"), outthink::repeated_sampling{.n = 4},
                      outthink::no_verifier{}, first);
  CHECK(result.chosen == 0);
}
