// SPDX-License-Identifier: MIT
#include "../archetypes/sampler.hpp"

#include "../support/markov_model.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/concepts/sampler.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <type_traits>

using outthink::sampler;

namespace {

struct deaf {
  outthink::token_id operator()(std::span<float>) { return 0; }
};
struct mute {
  void operator()(std::span<float>, const outthink::sampling_options&, double) {}
};

}  // namespace

static_assert(sampler<archetypes::last_above>);
static_assert(!std::is_copy_constructible_v<archetypes::last_above>);
static_assert(!std::is_default_constructible_v<archetypes::last_above>);
static_assert(!sampler<deaf>);
static_assert(!sampler<mute>);

TEST_CASE("sampler: the smallest one drives a decoder") {
  // After the problem: b (log .3); after b: the end of the line (log .4); after that: b (log .25).
  outthink::decoder model(outthink::test::markov_model{}, outthink::decoder_options{},
                          archetypes::last_above(-1.4F));
  outthink::solve_options options;
  options.steps.max_total_tokens = 5;
  options.steps.stops = {"b\nb"};
  const auto result = outthink::solve("?", model, outthink::repeated_sampling{.n = 1},
                                      outthink::no_verifier{}, outthink::majority_vote{}, options);
  CHECK(result.answer == "b\nb");
}
