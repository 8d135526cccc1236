// SPDX-License-Identifier: MIT
// Best-of-N: sample 32 solutions, keep the one that the value model trusts most.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

int main() {
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";

  // 1. The policy writes solutions, the value model scores their steps.
  decoder model{backends::transformer::load(models + "game24-policy.gguf")};
  verifiers::value_model verifier{backends::transformer::load(models + "game24-value.gguf")};

  // 2. Sample and choose.
  const problem question = "2 6 6 10\n";
  const outcome one = solve(question, model, repeated_sampling{.n = 1}, verifier, best_score{});
  const outcome best = solve(question, model, repeated_sampling{.n = 32}, verifier, best_score{});

  // 3. Each step with its score.
  fmt::print("make 24 from {}", question.prompt);
  fmt::print("one sample:\n{}best of 32:\n{}", one.best(), best.best());
}
