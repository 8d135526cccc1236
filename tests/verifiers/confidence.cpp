// SPDX-License-Identifier: MIT
#include "../support/markov_model.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/sampling/token_confidence.hpp>
#include <outthink/verifiers/confidence.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

using outthink::confidence_measure;
using outthink::node_id;
using outthink::score_request;
using outthink::token_confidence;
using outthink::token_reduction;
using outthink::token_statistic;
using outthink::test::markov_model;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::confidence;

namespace {

/// A model of four tokens without control tokens whose next distribution the last token names.
struct four_tokens {
  std::vector<std::vector<double>> rows;  ///< after token i: the next one's probabilities
  std::vector<outthink::token_id> last{};
  std::vector<std::size_t> batches{};

  outthink::sequence_id open() {
    last.push_back(0);
    return static_cast<outthink::sequence_id>(last.size() - 1);
  }
  outthink::sequence_id fork(outthink::sequence_id of) {
    last.push_back(last[of]);
    return static_cast<outthink::sequence_id>(last.size() - 1);
  }
  void release(outthink::sequence_id) {}
  void advance(std::span<const outthink::advance_row> asked, std::span<float> logits) {
    batches.push_back(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
      last[asked[i].sequence] = asked[i].tokens.back();
      const auto& row = rows[static_cast<std::size_t>(asked[i].tokens.back())];
      for (std::size_t j = 0; j < 4; ++j) logits[4 * i + j] = static_cast<float>(std::log(row[j]));
    }
  }
  void tokenize(std::string_view text, std::vector<outthink::token_id>& out) const {
    for (const char c : text) out.push_back(c - '0');
  }
  [[nodiscard]] std::string_view text_of(outthink::token_id) const { return ""; }
  [[nodiscard]] std::optional<outthink::token_id> token_named(std::string_view) const { return {}; }
  [[nodiscard]] outthink::token_id begin_of_text() const { return 0; }
  [[nodiscard]] outthink::token_id end_of_text() const { return 0; }
  [[nodiscard]] std::size_t vocabulary_size() const { return 4; }
  [[nodiscard]] std::size_t context_length() const { return 12; }
  [[nodiscard]] double flops(std::size_t tokens, std::size_t) const {
    return static_cast<double>(tokens);
  }
};

// After 0: the first published vector; after 1: the second; after 2: uniform; after 3: a mixture.
four_tokens model() {
  return {{{.7, .1, .1, .1}, {.97, .01, .01, .01}, {.25, .25, .25, .25}, {.5, .25, .125, .125}}};
}

std::vector<float> measured(const std::vector<std::string>& steps, token_confidence statistic,
                            token_reduction reduce = {}, std::uint32_t from = 0) {
  four_tokens reader = model();
  confidence verifier(reader, statistic, reduce);
  traces all("0");
  const std::vector<score_request> requests{all.request(all.add(steps), from)};
  return scores_of(verifier.answer(requests)[0]);
}

}  // namespace

static_assert(outthink::verifier<confidence<four_tokens, token_confidence, token_reduction>>);
static_assert(outthink::verifier<confidence<markov_model&, token_confidence, token_reduction>>);

// The problem ends in 0, so that the first token is drawn from (.7, .1, .1, .1).
TEST_CASE("confidence gives the published values of each statistic") {
  SUBCASE("self-certainty: .429813, 2.075198, and 0 for the uniform distribution") {
    const auto scores = measured({"1", "2", "0"}, {.statistic = token_statistic::self_certainty});
    REQUIRE(scores.size() == 3);
    CHECK(scores[0] == doctest::Approx(0.429813).epsilon(1e-5));
    CHECK(scores[1] == doctest::Approx((0.429813 + 2.075198) / 2).epsilon(1e-5));
    CHECK(scores[2] == doctest::Approx((0.429813 + 2.075198) / 3).epsilon(1e-5));
  }
  SUBCASE("DeepConf: 1.329630 for the top two of the first distribution") {
    const auto scores = measured({"1"}, {.likeliest = 2});
    CHECK(scores[0] == doctest::Approx(1.329630).epsilon(1e-5));
  }
  SUBCASE("the mean logprob, minus the log of the perplexity") {
    const auto scores = measured({"123"}, {.statistic = token_statistic::logprob});
    CHECK(scores[0] == doctest::Approx((std::log(.1) + std::log(.01) + std::log(.25)) / 3));
  }
  SUBCASE("the mean negative entropy") {
    const auto scores = measured({"23"}, {.statistic = token_statistic::negative_entropy});
    const double first = .7 * std::log(.7) + .3 * std::log(.1);
    CHECK(scores[0] == doctest::Approx((first - std::log(4.0)) / 2).epsilon(1e-5));
  }
}

// Token statistics -1.386 … by hand: after 0, 1, 2, 3 the logprob of what follows.
TEST_CASE("confidence measures windows of tokens over the steps") {
  const std::vector<std::string> steps{"12", "3", "00"};
  // ln .1, ln .01 | ln .25 | ln .5, ln .7
  const double t[] = {std::log(.1), std::log(.01), std::log(.25), std::log(.5), std::log(.7)};
  const auto with = [&](confidence_measure measure) {
    return measured(steps, {token_statistic::logprob}, {.measure = measure, .window = 2});
  };
  const auto tail = with(confidence_measure::tail);
  CHECK(tail[0] == doctest::Approx((t[0] + t[1]) / 2));
  CHECK(tail[1] == doctest::Approx((t[1] + t[2]) / 2));
  CHECK(tail[2] == doctest::Approx((t[3] + t[4]) / 2));
  for (const auto measure : {confidence_measure::lowest_group, confidence_measure::bottom_groups}) {
    for (const float score : with(measure)) CHECK(score == doctest::Approx((t[0] + t[1]) / 2));
  }
}

TEST_CASE("confidence gives the same scores whichever step is asked for first") {
  const auto all = measured({"12", "3", "00"}, {});
  const auto last = measured({"12", "3", "00"}, {}, {}, 2);
  REQUIRE(last.size() == 1);
  CHECK(last[0] == all[2]);
}

TEST_CASE("confidence reads traces side by side, charges their tokens, and refuses long ones") {
  four_tokens reader = model();
  confidence verifier(reader, token_confidence{}, token_reduction{});
  traces all("0");
  const std::vector<score_request> requests{
      all.request(all.add({"12", "3"})), all.request(all.add({"1"})),
      all.request(all.add({"1230123012301230"})), all.request(all.add({"2222"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(verdicts[0].scores.size() == 2);
  CHECK(verdicts[1].scores.size() == 1);
  CHECK(verdicts[2].failure == "a trace of 18 tokens does not fit a context of 12");
  CHECK(verdicts[3].scores.size() == 1);
  CHECK(verdicts[0].spent.tokens_read == 3);
  CHECK(verdicts[3].spent.tokens_read == 4);
  CHECK(verdicts[3].spent.flops == 3);  // nothing is drawn after the last token
  CHECK(reader.batches.back() == 1);
  CHECK(reader.batches.size() <= 4);  // the problem, and three more tokens
}

// The decoder reports the logprob of what it writes: read again, it is the same.
TEST_CASE("confidence of a solution is what the model that wrote it reported") {
  outthink::decoder writer{markov_model{}};
  markov_model reader;
  confidence verifier(reader, token_confidence{token_statistic::logprob}, token_reduction{});
  const auto result = outthink::solve("p", writer, outthink::repeated_sampling{.n = 16}, verifier,
                                      outthink::best_score{});
  std::size_t compared = 0;
  for (const auto& one : result.candidates) {
    if (one.tokens == 0) continue;
    REQUIRE_FALSE(one.step_scores.empty());
    CHECK(static_cast<double>(one.step_scores.back()) * one.tokens ==
          doctest::Approx(one.logprob).epsilon(1e-5));
    ++compared;
  }
  CHECK(compared > 5);
}
