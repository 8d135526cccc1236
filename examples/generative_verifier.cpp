// SPDX-License-Identifier: MIT
// A language model judges: it is asked whether a solution is right, and its votes are the score.
#include <outthink/outthink.hpp>
#include <outthink/verifiers/critique_model.hpp>
#include <outthink/verifiers/generative_verifier.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

/// Stands for a model that solves: it often adds wrongly.
std::string solver(const generation_request&, random_stream& random) {
  return "17+25=" + std::to_string(41 + random.below(3)) + "\n";
}

/// Stands for a model that judges: right four times out of five.
std::string judge(const generation_request& asked, random_stream& random) {
  const bool right = asked.trace.text().find("=42\n") != std::string::npos;
  return (random.uniform() < 0.8) == right ? "The sum is right. Yes" : "7+5 does not fit. No";
}

/// Stands for a critic: it names the first wrong step.
std::string critic(const generation_request& asked, random_stream&) {
  const bool right = asked.trace.text().find("=42\n") != std::string::npos;
  return right ? "Every step holds: -1" : "The sum is off in step 0";
}

int main() {
  backends::scripted model{&solver}, judging{&judge}, criticising{&critic};

  // 1. The usual question, 16 votes a solution, each a draw of its own.
  verifiers::generative_verifier votes(judging, {.votes = 16});
  const outcome chosen =
      solve("17+25\n", model, repeated_sampling{.n = 6}, votes, best_score{}, {.seed = 2});
  for (const candidate& one : chosen.candidates) {
    fmt::print("{:.2f}  {}", one.step_scores.back(), one.solution);
  }
  fmt::print("chosen: {}", chosen.answer);

  // 2. A critic scores 1 before the first error that it finds, and 0 from there on.
  verifiers::critique_model critique(criticising);
  const outcome reviewed =
      solve("17+25\n", model, repeated_sampling{.n = 6}, critique, best_score{}, {.seed = 2});
  fmt::print("critic: {}", reviewed.answer);
}
