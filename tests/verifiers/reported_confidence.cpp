// SPDX-License-Identifier: MIT
#include "../support/traces.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/reported_confidence.hpp>

#include <doctest/doctest.h>

#include <span>
#include <vector>

using outthink::confidence_measure;
using outthink::generation;
using outthink::generation_request;
using outthink::node_id;
using outthink::score_request;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::reported_confidence;

static_assert(outthink::verifier<reported_confidence>);

namespace {

/// Writes the steps "a" and "b" one by one or at once, and is sure of their two tokens each.
struct sure_model {
  using request = generation_request;
  using response = generation;

  std::vector<generation> answer(std::span<const generation_request> batch) const {
    std::vector<generation> answers(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const bool whole = batch[i].until == outthink::extent::solution;
      const bool first = batch[i].trace.steps() == 0;
      answers[i].text = whole ? "a\nb" : first ? "a\n" : "b";
      if (first && !whole) answers[i].ended = outthink::finish::step_end;
      if (first) answers[i].confidences = {3, 1};
      if (whole || !first) {
        answers[i].confidences.insert(answers[i].confidences.end(), {1, 5});
      }
    }
    return answers;
  }
};

const reported_confidence tail{{.measure = confidence_measure::tail, .window = 2}};
const reported_confidence lowest{{.measure = confidence_measure::lowest_group, .window = 2}};

}  // namespace

// The published example of DeepConf: 3, 1, 1, 5 in groups of two.
TEST_CASE("reported_confidence measures the tokens of all steps up to the one that is scored") {
  traces all;
  const node_id first = all.add({"a"});
  const node_id second = all.add_below(first, {"b"});
  all.tree.set_confidences(first, std::vector<float>{3, 1});
  all.tree.set_confidences(second, std::vector<float>{1, 5});
  const std::vector<score_request> requests{all.request(second), all.request(second, 1)};
  CHECK(scores_of(reported_confidence{}.answer(requests)[0]) == std::vector<float>{2, 2.5F});
  CHECK(scores_of(tail.answer(requests)[0]) == std::vector<float>{2, 3});
  CHECK(scores_of(lowest.answer(requests)[0]) == std::vector<float>{2, 1});
  CHECK(scores_of(tail.answer(requests)[1]) == std::vector<float>{3});
}

TEST_CASE("reported_confidence counts the tokens of an end without a step of its own") {
  traces all;
  const node_id step = all.add({"a"});
  all.tree.set_confidences(step, std::vector<float>{2});
  const node_id end = all.tree.add_children(step, 1)[0];
  all.tree.set_payload(end, {"", 1, 0}, outthink::node_status::finished);
  all.tree.set_stepless(end);
  all.tree.set_confidences(end, std::vector<float>{4});
  const std::vector<score_request> requests{all.request(end)};
  CHECK(scores_of(reported_confidence{}.answer(requests)[0]) == std::vector<float>{3});
}

TEST_CASE("reported_confidence has no score for a step whose tokens are not known") {
  traces all;
  const node_id step = all.add({"a"});
  const std::vector<score_request> requests{all.request(step)};
  const auto scores = scores_of(reported_confidence{}.answer(requests)[0]);
  REQUIRE(scores.size() == 1);
  CHECK(scores[0] != scores[0]);
}

TEST_CASE("reported_confidence scores solutions alike, drawn at once or step by step") {
  const auto at_once = outthink::solve("p", sure_model{}, outthink::repeated_sampling{.n = 1}, tail,
                                       outthink::best_score{});
  const auto by_step =
      outthink::solve("p", sure_model{}, outthink::beam_search{.width = 1, .expand = 1}, tail,
                      outthink::best_score{});
  for (const auto& result : {at_once, by_step}) {
    REQUIRE(result.has_answer());
    CHECK(result.answer == "a\nb");
    CHECK(result.best().step_scores.back() == 3);
    CHECK(result.spent.verifier_tokens == 0);
  }
  CHECK(by_step.best().step_scores.front() == 2);
}
