// SPDX-License-Identifier: MIT
// Tree search: PUCT decides where the next steps are drawn; a budget says when to stop.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <string>

using namespace outthink;

int main() {
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";
  decoder model{backends::transformer::load(models + "game24-policy.gguf")};
  verifiers::value_model verifier{backends::transformer::load(models + "game24-value.gguf")};

  // The search would go on for 200 simulations; the budget ends it with the best answer so far.
  const tree_search policy{.simulations = 200, .expand = 4, .leaves = 4};
  for (const std::uint64_t tokens : {500U, 2000U, 8000U}) {
    const solve_options options{.limits = {.tokens = tokens}};
    const outcome result = solve("1 7 8 9\n", model, policy, verifier, best_score{}, options);
    fmt::print("at most {} tokens: {} solutions found, {}\n", tokens, result.candidates.size(),
               result.status);
    if (result.has_answer()) fmt::print("{}", result.best());
  }
}
