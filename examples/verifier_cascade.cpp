// SPDX-License-Identifier: MIT
// A value model decides what is clear; rollouts, dear but well informed, are asked about the rest.
#include <outthink/backends/transformer.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/cascade.hpp>
#include <outthink/verifiers/game_of_24.hpp>
#include <outthink/verifiers/memo.hpp>
#include <outthink/verifiers/rollout_value.hpp>

#include <fmt/format.h>

#include <string>
#include <string_view>

using namespace outthink;

int main() {
  // 1. One model writes solutions, and completes those that are to be judged.
  const std::string models = OUTTHINK_EXAMPLES_DIR "/models/";
  decoder model{backends::transformer::load(models + "game24-policy.gguf")};

  // 2. The cheap verifier reads each step once.
  verifiers::value_model value{backends::transformer::load(models + "game24-value.gguf")};

  // 3. The dear one: how many of 8 completions reach 24? Equal prefixes are asked about once.
  const auto reaches_24 = [](std::string_view problem, std::string_view solution) {
    return verifiers::game_of_24::solves(problem, solution);
  };
  const auto rollouts = [&] {
    return verifiers::memo{verifiers::rollout_value(model, reaches_24, {.rollouts = 8})};
  };

  // 4. The cascade asks the dear one where the cheap one errs with more than 10 %.
  const beam_search policy{.width = 2, .expand = 8};
  const auto report = [&](const char* name, auto&& verifier) {
    const outcome found = solve("4 9 10 13\n", model, policy, verifier, best_score{});
    const bool right = verifiers::game_of_24::solves("4 9 10 13\n", found.answer);
    fmt::print("{:<9} {:<6} {:>5} tokens for the verifier\n", name, right ? "24" : "not 24",
               found.spent.verifier_tokens);
  };
  report("value", value);
  report("cascade", verifiers::cascade{value, rollouts(), {.cost = 0.1}});
  report("rollouts", rollouts());
}
