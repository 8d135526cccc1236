// SPDX-License-Identifier: MIT
#include "../archetypes/verifier.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/traces.hpp"
#include <outthink/verifiers/memo.hpp>
#include <outthink/verifiers/process_advantage.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::score_request;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::memo;
using outthink::verifiers::process_advantage;

namespace {

auto gives(std::vector<double> scores) {
  return outthink::test::scripted_verifier(
      [scores = std::move(scores)](std::string_view text) { return scores[text.size() - 1]; });
}

double best_of(int k, double q) {
  return 1 - std::pow(1 - q, k);
}

}  // namespace

static_assert(outthink::verifier<process_advantage<archetypes::constant_verifier>>);

// Parent .5; a rephrasing child .5 and a better one .6. With K = 4 the prover's values are .9375
// and .9744, the advantages 0 and .0369, the effective rewards .5 and .6184.
TEST_CASE("process_advantage: a rephrasing gains nothing, progress gains its share") {
  auto rephrases = gives({.5, .5}), advances = gives({.5, .6});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}), 1)};
  process_advantage first(rephrases), second(advances);
  CHECK(scores_of(first.answer(requests)[0]) == std::vector<float>{.5F});
  const auto scores = scores_of(second.answer(requests)[0]);
  REQUIRE(scores.size() == 1);
  CHECK(scores[0] == doctest::Approx(.6 + .5 * .0369).epsilon(1e-6));
}

TEST_CASE("process_advantage: the advantages of a trace add up to its end less the problem") {
  const std::vector<double> values{.3, .7, .2, .9};
  auto inner = gives(values);
  process_advantage verifier(inner, {.alpha = 1, .best_of = 3, .problem_value = .4F});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c", "d"}))};
  const auto scores = scores_of(verifier.answer(requests)[0]);
  REQUIRE(scores.size() == 4);
  double advantages = 0;
  for (std::size_t i = 0; i < 4; ++i) advantages += static_cast<double>(scores[i]) - values[i];
  CHECK(advantages == doctest::Approx(best_of(3, .9) - best_of(3, .4)).epsilon(1e-6));
}

TEST_CASE("process_advantage: alpha 0, or a problem of unknown value, leaves the value") {
  auto inner = gives({.3, .7});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  process_advantage plain(inner, {.alpha = 0});
  CHECK(scores_of(plain.answer(requests)[0]) == std::vector<float>{.3F, .7F});
  process_advantage verifier(inner);
  CHECK(verifier.answer(requests)[0].scores[0] == .3F);
}

TEST_CASE("process_advantage: a step's score does not depend on the step that is asked for first") {
  auto inner = gives({.3, .7, .2});
  process_advantage verifier(inner);
  traces all;
  const auto node = all.add({"a", "b", "c"});
  const std::vector<score_request> requests{all.request(node), all.request(node, 1),
                                            all.request(node, 2)};
  const auto verdicts = verifier.answer(requests);
  CHECK(verdicts[1].scores[0] == verdicts[0].scores[1]);
  CHECK(verdicts[1].scores[1] == verdicts[0].scores[2]);
  CHECK(verdicts[2].scores[0] == verdicts[0].scores[2]);
}

TEST_CASE("process_advantage: a memo around the value spares the second look at a parent") {
  auto inner = gives({.3, .7, .2});
  process_advantage verifier(memo{inner});
  traces all;
  const auto first = all.add({"a"});
  const auto second = all.add_below(first, {"b"});
  const std::vector<score_request> begin{all.request(first)}, next{all.request(second, 1)};
  static_cast<void>(verifier.answer(begin));
  static_cast<void>(verifier.answer(next));
  CHECK(inner.steps_scored == std::vector<std::string>{"a", "ab"});
}

TEST_CASE("process_advantage: no value is no score, and no advantage for the next step") {
  auto inner = gives({std::numeric_limits<double>::quiet_NaN(), .7});
  process_advantage verifier(inner);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  const auto scores = scores_of(verifier.answer(requests)[0]);
  CHECK(scores[0] != scores[0]);
  CHECK(scores[1] == .7F);
}

TEST_CASE("process_advantage refuses options out of range") {
  using made = process_advantage<archetypes::constant_verifier>;
  CHECK_THROWS_AS(made(archetypes::constant_verifier(1), {.alpha = -1}), outthink::error);
  CHECK_THROWS_AS(made(archetypes::constant_verifier(1), {.best_of = 0}), outthink::error);
}
