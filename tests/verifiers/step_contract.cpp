// SPDX-License-Identifier: MIT
// Where a step ends is one contract of generator and verifier: whichever way a text is generated
// and whoever judges it, both see the same steps, none of them empty, and no trace is lost.
#include "../archetypes/verifier.hpp"
#include "../support/markov_model.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/token_confidence.hpp>
#include <outthink/verifiers/cascade.hpp>
#include <outthink/verifiers/confidence.hpp>
#include <outthink/verifiers/critique_model.hpp>
#include <outthink/verifiers/ensemble.hpp>
#include <outthink/verifiers/generative_verifier.hpp>
#include <outthink/verifiers/inverse_perplexity.hpp>
#include <outthink/verifiers/memo.hpp>
#include <outthink/verifiers/process_advantage.hpp>
#include <outthink/verifiers/program_agreement.hpp>
#include <outthink/verifiers/rollout_value.hpp>
#include <outthink/verifiers/rule.hpp>
#include <outthink/verifiers/trace_confidence.hpp>
#include <outthink/verifiers/value_model.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using outthink::generation;
using outthink::generation_request;
using outthink::outcome;
using outthink::outcome_status;
using outthink::random_stream;
using outthink::trace_view;
using outthink::backends::scripted;
using outthink::test::markov_model;
namespace verifiers = outthink::verifiers;

namespace {

/// Texts that peers cut in different ways; delimiter ";", stop text "#".
const std::vector<std::string> kTexts{"a;b;c", "a;b;c;", "a;;b", ";a", ";", "a", "", "a;b#", "a#;"};

/// Writes the given text after the problem, step by step or at once as it is asked. A model that
/// looks ahead says with the last step that it is the last; another one answers with an empty text.
auto writer(std::string text, bool looks_ahead) {
  return scripted([text, looks_ahead](const generation_request& asked, random_stream&) {
    const std::string begun = asked.trace.solution();
    const std::string rest = text.substr(begun.size());
    generation made;
    made.text = rest;
    made.ended = outthink::finish::text_end;
    if (asked.until == outthink::extent::step) {
      made.text = rest.substr(0, asked.rule->first_step(rest));
      const bool more =
          looks_ahead ? made.text.size() < rest.size() : made.text.ends_with(asked.rule->delimiter);
      if (more && !asked.rule->stops_at(made.text)) made.ended = outthink::finish::step_end;
    }
    made.spent.tokens_written = static_cast<std::uint32_t>(made.text.size());
    return made;
  });
}

outthink::solve_options options() {
  outthink::solve_options made;
  made.steps.delimiter = ";";
  made.steps.stops = {"#"};
  return made;
}

/// Solves with both ways of generating and both kinds of model, and compares the steps.
template <class Verifier>
void check_steps(Verifier&& verifier) {
  for (const std::string& text : kTexts) {
    CAPTURE(text);
    auto ahead = writer(text, true), blind = writer(text, false);
    const outcome results[] = {
        outthink::solve("?", ahead, outthink::repeated_sampling{.n = 1}, verifier,
                        outthink::best_score{}, options()),
        outthink::solve("?", ahead, outthink::beam_search{.width = 1, .expand = 1}, verifier,
                        outthink::best_score{}, options()),
        outthink::solve("?", blind, outthink::beam_search{.width = 1, .expand = 1}, verifier,
                        outthink::best_score{}, options())};
    for (const outcome& result : results) {
      CHECK(result.status == outcome_status::answered);
      REQUIRE(result.candidates.size() == 1);
      const auto& candidate = result.candidates[0];
      CHECK(candidate.solution == text);
      CHECK(candidate.step_ends == results[0].candidates[0].step_ends);
      for (std::size_t i = 0; i < candidate.steps(); ++i) CHECK_FALSE(candidate.step(i).empty());
      const bool scored = candidate.step_scores.size() == candidate.steps();
      CHECK((scored || candidate.step_scores.empty()));
      CHECK((candidate.steps() > 0 || result.spent.verifier_calls == 0));
    }
  }
}

std::string no_answer(std::string_view) {
  return "";
}

}  // namespace

TEST_CASE("a step is the text up to its delimiter, however it is generated") {
  outthink::test::scripted_verifier verifier([](std::string_view text) {
    CHECK_FALSE(text.empty());
    return 0.5;
  });
  check_steps(verifier);
  auto model = writer("a;;b", true);
  const auto result = outthink::solve("?", model, outthink::beam_search{.width = 1, .expand = 1},
                                      verifier, outthink::best_score{}, options());
  CHECK(result.candidates[0].step_ends == std::vector<std::uint32_t>{2, 3, 4});
  CHECK(result.candidates[0].step_scores == std::vector<float>{.5F, .5F, .5F});
}

TEST_CASE("every verifier scores the generator's steps, no empty one, and loses no trace") {
  auto says = scripted([](const generation_request&, random_stream&) {
    return std::string("Yes, step 0 is right: -1");
  });
  const auto half = [](const trace_view& trace) {
    for (const std::string_view step : trace.step_texts()) CHECK_FALSE(step.empty());
    return 0.5;
  };
  markov_model judge;
  judge.judges = true;
  markov_model reader;
  SUBCASE("rule") {
    check_steps(verifiers::rule(half));
  }
  SUBCASE("rule on solutions") {
    check_steps(verifiers::rule(half, verifiers::judged_steps::solution));
  }
  SUBCASE("value_model") {
    check_steps(verifiers::value_model<markov_model&>(judge));
  }
  SUBCASE("confidence") {
    check_steps(
        verifiers::confidence(reader, outthink::token_confidence{}, outthink::token_reduction{}));
  }
  SUBCASE("inverse_perplexity") {
    check_steps(verifiers::inverse_perplexity{});
  }
  SUBCASE("generative_verifier") {
    check_steps(verifiers::generative_verifier(says));
  }
  SUBCASE("critique_model") {
    check_steps(verifiers::critique_model(says));
  }
  SUBCASE("rollout_value") {
    check_steps(verifiers::rollout_value(
        says, [](std::string_view, std::string_view) { return true; }, {.rollouts = 2}));
  }
  SUBCASE("program_agreement") {
    const auto run = [](std::string_view) { return std::optional<std::string>("7"); };
    check_steps(verifiers::program_agreement(says, run, {.answer = &no_answer}));
  }
  SUBCASE("combinators") {
    archetypes::constant_verifier constant(0.5F);
    verifiers::rule checks(half);
    check_steps(verifiers::memo{constant});
    check_steps(verifiers::cascade{constant, checks});
    check_steps(verifiers::ensemble(verifiers::combination::minimum, constant, checks));
    check_steps(verifiers::process_advantage{constant});
  }
}
