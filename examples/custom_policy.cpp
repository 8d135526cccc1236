// SPDX-License-Identifier: MIT
// A policy of your own: sample until one solution looks good enough, at most `patience` times.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

/// Options are members, the search is a coroutine.
struct sample_until_sure {
  float sure = 0.4F;
  int patience = 32;

  task<candidate_nodes> operator()(search auto& s) const {
    for (int i = 0; i < patience; ++i) {
      const auto solution = co_await s.complete(s.root(), 1);
      const auto scores = co_await s.score(solution, step_reduction::product);
      s.retire(solution);
      if (scores[0] >= sure) break;
    }
    co_return s.candidates();
  }
};

int main() {
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";
  decoder model{backends::transformer::load(models + "game24-policy.gguf")};
  verifiers::value_model verifier{backends::transformer::load(models + "game24-value.gguf")};

  for (const char* puzzle : {"4 7 8 9\n", "3 4 7 10\n", "3 5 9 12\n"}) {
    const outcome result =
        solve(puzzle, model, sample_until_sure{}, verifier, best_score{step_reduction::product});
    fmt::print("{}{}{:.0f} % sure after {} samples\n", puzzle, result.best(),
               100 * result.confidence, result.spent.model_calls);
  }
}
