// SPDX-License-Identifier: MIT
// Beam search: 20 candidate steps at a time, the value model keeps the 5 most promising.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

int main() {
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";
  decoder model{backends::transformer::load(models + "game24-policy.gguf")};
  verifiers::value_model verifier{backends::transformer::load(models + "game24-value.gguf")};

  const outcome result =
      solve("4 9 10 13\n", model, beam_search{.width = 5, .expand = 4}, verifier, best_score{});

  fmt::print("{}{:.0f} % sure, {} tokens, {} steps scored\n", result.best(),
             100 * result.confidence, result.spent.tokens, result.spent.verifier_calls);
}
