// SPDX-License-Identifier: MIT
// Samples of a policy, and what a value model thinks of their lines; see draw.py.
//   draw POLICY.gguf PROMPTS COPIES TEMPERATURE SEED [VALUE.gguf]
// PROMPTS is a file with a prompt per line. Prints three fields per finished sample, each ended by
// a zero byte: the prompt's place in the file, the solution, and the scores of its lines.
#include <outthink/backends/transformer.hpp>
#include <outthink/outthink.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <vector>

using namespace outthink;

namespace {

constexpr std::size_t problems_at_once = 2048;

void print(std::size_t place, const candidate& sample) {
  std::string solution = sample.solution;
  std::replace(solution.begin(), solution.end(), '\0', '?');
  std::printf("%zu%c%s%c", place, 0, solution.c_str(), 0);
  for (const float score : sample.step_scores) std::printf(" %.6f", static_cast<double>(score));
  std::putchar(0);
}

template <class Verifier>
void draw_all(const std::vector<problem>& prompts, const char* policy, Verifier& verifier,
              int copies, solve_options options) {
  decoder model(backends::transformer::load(policy, {.threads = 1}));
  for (std::size_t first = 0; first < prompts.size(); first += problems_at_once, ++options.seed) {
    const std::size_t count = std::min(problems_at_once, prompts.size() - first);
    const auto outcomes =
        solve_all(std::span(prompts).subspan(first, count), model, repeated_sampling{.n = copies},
                  verifier, best_score{}, options);
    for (std::size_t i = 0; i < count; ++i) {
      for (const candidate& sample : outcomes[i].candidates) print(first + i, sample);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6 || argc > 7) {
    std::fputs("usage: draw POLICY PROMPTS COPIES TEMPERATURE SEED [VALUE]\n", stderr);
    return 2;
  }
  try {
    std::vector<problem> prompts;
    std::ifstream file(argv[2]);
    for (std::string line; std::getline(file, line);) prompts.push_back(line + "\n");
    solve_options options{.seed = std::stoull(argv[5])};
    options.sampling.temperature = std::stof(argv[4]);
    if (argc == 7) {
      verifiers::value_model value(backends::transformer::load(argv[6], {.threads = 1}),
                                   {.score_end = true});
      draw_all(prompts, argv[1], value, std::stoi(argv[3]), options);
    } else {
      no_verifier none;
      draw_all(prompts, argv[1], none, std::stoi(argv[3]), options);
    }
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "draw: %s\n", problem.what());
    return 1;
  }
}
