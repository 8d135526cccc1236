// SPDX-License-Identifier: MIT
// Self-consistency: sample many solutions, let their answers vote. No verifier needed.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

int main() {
  // 1. A model that evaluates sums step by step, and makes mistakes.
  const std::string path = OUTTHINK_EXAMPLES_DIR "/models/arithmetic-policy.gguf";
  decoder model{backends::transformer::load(path)};

  // 2. Votes are counted on the number at the end of a solution.
  const solve_options options{.answer = &verifiers::chained_arithmetic::answer_of};

  // 3. More samples, more certainty.
  const problem question = "16*6*6-78+93\n";
  fmt::print("{}", question.prompt);
  for (const int n : {1, 4, 16, 64}) {
    const outcome result =
        solve(question, model, repeated_sampling{.n = n}, no_verifier{}, majority_vote{}, options);
    fmt::print("{:>3} samples: {}\n", n, result);
  }
}
