// SPDX-License-Identifier: MIT
// A verifier of your own: casting out nines finds most wrong steps without knowing the answer.
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <span>
#include <string>
#include <vector>

using namespace outthink;

/// A service: a batch of requests in, one verdict each out, one score per step asked for.
struct casting_out_nines {
  using request = score_request;
  using response = verdict;

  std::vector<verdict> answer(std::span<const score_request> requests) const {
    std::vector<verdict> verdicts(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const auto steps = requests[i].trace.step_texts();
      for (std::size_t step = requests[i].from; step < steps.size(); ++step) {
        verdicts[i].scores.push_back(holds_modulo_9(std::string(steps[step])) ? 1.0F : 0.0F);
      }
    }
    return verdicts;
  }

  static bool holds_modulo_9(const std::string& step) {
    long a = 0, b = 0, c = 0;
    char sign = 0;
    if (std::sscanf(step.c_str(), "%ld%c%ld=%ld", &a, &sign, &b, &c) != 4) return false;
    const long result = sign == '+' ? a + b : sign == '-' ? a - b : a * b;
    return (result - c) % 9 == 0;
  }
};

int main() {
  const std::string path = OUTTHINK_EXAMPLES_DIR "/models/arithmetic-policy.gguf";
  decoder model{backends::transformer::load(path)};
  const solve_options options{.answer = &verifiers::chained_arithmetic::answer_of};
  const outcome result = solve("90+14-89*7\n", model, repeated_sampling{.n = 64},
                               casting_out_nines{}, weighted_vote{step_reduction::min}, options);
  fmt::print("90+14-89*7 = {}\n{}", result, result.best());
}
