// SPDX-License-Identifier: MIT
#include "../support/toy_tree.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/inverse_perplexity.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using outthink::node_id;
using outthink::node_status;
using outthink::score_request;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::inverse_perplexity;

static_assert(outthink::verifier<inverse_perplexity>);

TEST_CASE("inverse_perplexity is the geometric mean of the probabilities of all tokens so far") {
  traces all;
  const node_id first = all.add({"a"});
  const node_id second = all.add_below(first, {"b"});
  all.tree.set_payload(first, {"a", 2, static_cast<float>(std::log(.25))}, node_status::open);
  all.tree.set_payload(second, {"b", 1, static_cast<float>(std::log(.5))}, node_status::open);
  const std::vector<score_request> requests{all.request(second), all.request(second, 1)};
  const auto verdicts = inverse_perplexity{}.answer(requests);
  CHECK(verdicts[0].scores[0] == doctest::Approx(.5));
  CHECK(verdicts[0].scores[1] == doctest::Approx(std::cbrt(.125)));
  CHECK(scores_of(verdicts[1]) == std::vector<float>{verdicts[0].scores[1]});
}

TEST_CASE("inverse_perplexity has no score for a step whose tokens are not known") {
  traces all;
  const node_id inner = all.add({"a", "b"});
  const node_id end = all.add_below(inner, {"c"});
  all.tree.set_payload(inner, {"b", 0, 0}, node_status::open);
  const std::vector<score_request> requests{all.request(end)};
  const auto scores = scores_of(inverse_perplexity{}.answer(requests)[0]);
  CHECK(scores[0] == 1);
  CHECK(scores[1] != scores[1]);
  CHECK(scores[2] == 1);
}

TEST_CASE("inverse_perplexity counts the logprob of an end without a step of its own") {
  traces all;
  const node_id step = all.add({"a"});
  const node_id end = all.tree.add_children(step, 1)[0];
  all.tree.set_payload(end, {"", 1, static_cast<float>(std::log(.25))}, node_status::finished);
  all.tree.set_stepless(end);
  const std::vector<score_request> requests{all.request(end)};
  CHECK(scores_of(inverse_perplexity{}.answer(requests)[0])[0] == doctest::Approx(.5));
}

TEST_CASE("inverse_perplexity scores solutions that were drawn at once") {
  const auto result =
      outthink::solve("p", outthink::test::toy_tree{}, outthink::repeated_sampling{.n = 2},
                      inverse_perplexity{}, outthink::best_score{});
  REQUIRE(result.has_answer());
  CHECK(result.best().step_scores.back() == doctest::Approx(std::exp(-1.0)));
  CHECK(result.spent.verifier_tokens == 0);
}
