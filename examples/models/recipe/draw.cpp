// SPDX-License-Identifier: MIT
// Samples of a policy, and what a value model thinks of their lines; see draw.py.
//   draw POLICY.gguf COPIES TEMPERATURE SEED [VALUE.gguf] <PROMPTS
// Reads a prompt per line. Prints three fields per finished sample, each ended by a zero byte: the
// prompt's place, the solution, and the scores of its lines.
#include <outthink/backends/transformer.hpp>
#include <outthink/outthink.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

using namespace outthink;

namespace {

void print(std::size_t place, const candidate& sample) {
  std::string solution = sample.solution;
  std::replace(solution.begin(), solution.end(), '\0', '?');
  std::printf("%zu%c%s%c", place, 0, solution.c_str(), 0);
  for (const float score : sample.step_scores) std::printf(" %.6f", static_cast<double>(score));
  std::putchar(0);
}

template <class Verifier>
void draw_all(const std::vector<problem>& prompts, const char* policy, Verifier& verifier,
              int copies, const solve_options& options) {
  decoder model(backends::transformer::load(policy, {.threads = 1}));
  const auto outcomes =
      solve_all(prompts, model, repeated_sampling{.n = copies}, verifier, best_score{}, options);
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    for (const candidate& sample : outcomes[i].candidates) print(i, sample);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5 || argc > 6) {
    std::fputs("usage: draw POLICY COPIES TEMPERATURE SEED [VALUE] <PROMPTS\n", stderr);
    return 2;
  }
  try {
    std::vector<problem> prompts;
    for (std::string line; std::getline(std::cin, line);) prompts.push_back(line + "\n");
    solve_options options{.seed = std::stoull(argv[4])};
    options.sampling.temperature = std::stof(argv[3]);
    if (argc == 6) {
      verifiers::value_model value(backends::transformer::load(argv[5], {.threads = 1}),
                                   {.score_end = true});
      draw_all(prompts, argv[1], value, std::stoi(argv[2]), options);
    } else {
      no_verifier none;
      draw_all(prompts, argv[1], none, std::stoi(argv[2]), options);
    }
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "draw: %s\n", problem.what());
    return 1;
  }
}
