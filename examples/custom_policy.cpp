// SPDX-License-Identifier: MIT
// A policy of your own: sample until one solution looks good enough, at most `patience` times.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

/// Options are members, the search is a coroutine.
struct sample_until_sure {
  float sure = 0.9F;
  int patience = 32;

  task<candidate_nodes> operator()(search auto& s) const {
    for (int i = 0; i < patience; ++i) {
      const auto solution = co_await s.complete(s.root(), 1);
      const auto scores = co_await s.score(solution, step_reduction::min);
      s.retire(solution);
      if (scores[0] >= sure) break;
    }
    co_return s.candidates();
  }
};

int main() {
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";
  decoder model{backends::transformer::load(models + "arithmetic-policy.gguf")};
  verifiers::value_model verifier{backends::transformer::load(models + "arithmetic-value.gguf")};

  const solve_options options{.answer = &verifiers::chained_arithmetic::answer_of};
  for (const char* question : {"12+34\n", "47*6-89+256\n", "83*7+68-245*3\n"}) {
    const outcome result = solve(question, model, sample_until_sure{}, verifier,
                                 best_score{.reduction = step_reduction::min}, options);
    fmt::print("{}  {} after {} samples\n", question, result, result.spent.model_calls);
  }
}
