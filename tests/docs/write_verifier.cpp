// SPDX-License-Identifier: MIT
// Snippets of docs/how-to/write-a-verifier.md.
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// Stands for a reward model behind a function: none if it could not be reached.
std::optional<float> judge(const std::string& text) {
  if (text.find("unreachable") != std::string::npos) return std::nullopt;
  return static_cast<float>(text.size() % 10) / 10;
}

/// Judges whole solutions only: the last step gets the score, those before it get none.
struct outcome_judge {
  using request = score_request;
  using response = verdict;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::optional<float> score = judge(requests[i].trace.text());
      if (!score) {
        verdicts[i].failure = "the judge could not be reached";
        continue;
      }
      const std::size_t asked = requests[i].trace.steps() - requests[i].from;
      verdicts[i].scores = {asked - 1, std::numeric_limits<float>::quiet_NaN()};
      verdicts[i].scores.push_back(*score);
    }
    return verdicts;
  }
};

static_assert(verifier<outcome_judge>);

std::string two_steps(const generation_request&, random_stream& random) {
  return "a step\n" + std::string(1 + random.below(5), 'x');
}

}  // namespace

TEST_CASE("docs: a judge of whole solutions chooses among them") {
  backends::scripted model{&two_steps};
  const outcome result =
      solve("p\n", model, repeated_sampling{.n = 8}, outcome_judge{}, best_score{});
  REQUIRE(result.has_answer());
  REQUIRE(result.best().step_scores.size() == 2);
  CHECK(result.best().step_scores[0] != result.best().step_scores[0]);
  for (const candidate& other : result.candidates) {
    CHECK(other.step_scores[1] <= result.best().step_scores[1]);
  }
}

TEST_CASE("docs: a judge that fails fails its search alone") {
  backends::scripted model{&two_steps};
  outcome_judge judges;
  const std::vector<problem> problems{"p\n", "unreachable\n"};
  const auto outcomes = solve_all(problems, model, repeated_sampling{.n = 8}, judges, best_score{});
  CHECK(outcomes[0].status == outcome_status::answered);
  REQUIRE(outcomes[1].status == outcome_status::failed);
  CHECK(outcomes[1].message ==
        "a service could not answer: verifier: the judge could not be reached");
}
