// SPDX-License-Identifier: MIT
// rStar: a search without a verifier. Answers that many solutions agree on are good, and so are
// solutions that the model completes to the same answer when it sees a part of them.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>
#include <outthink/policies/rstar.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

/// This model knows one kind of prompt: the problem, then the steps so far. A model that follows
/// instructions gets a prompt for each kind of step, see `rstar_prompts`.
struct steps_so_far {
  std::string operator()(rstar_step, const trace_view& trace) const { return trace.text(); }
};

int main() {
  const std::string path = OUTTHINK_EXAMPLES_DIR "/models/arithmetic-policy.gguf";
  decoder model{backends::transformer::load(path)};
  const solve_options options{.answer = &verifiers::chained_arithmetic::answer_of};

  using generator = rstar<steps_so_far>;
  const generator search{.rollouts = 8, .steps = 2, .votes = 8};
  const mutual_consistency<generator, decltype(model)> policy{.base = search, .second = &model};
  const problem question = "16*6*6-78+93\n";
  fmt::print("{}", question.prompt);
  const auto report = [&](const char* name, const outcome& result) {
    fmt::print("{}: {}, {} solutions\n", name, result, result.candidates.size());
  };
  report("greedy", solve(question, model, repeated_sampling{.n = 1}, no_verifier{}, majority_vote{},
                         {.sampling = greedy, .answer = options.answer}));
  report("rStar", solve(question, model, policy, no_verifier{}, majority_vote{}, options));
}
