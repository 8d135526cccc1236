// SPDX-License-Identifier: MIT
// Codex (cushman) on the 397 test problems of P3 (T. Schuster et al. 2021, arXiv:2106.05784), 1,000
// samples from each of three prompts. The paper's 18 % with one try and 80 % with 1,000 are those
// of the larger davinci model.
#include "../../benchmarks/outthink_bench/recorded/recorded_lines.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace bench::recorded;

TEST_CASE("P3, recorded samples: the puzzles solved, right samples and pass@k of each prompt") {
  struct prompt_result {
    const char* prompt;
    int solved;
    std::uint64_t right;
    double pass_at_1, pass_at_10, pass_at_100, pass_at_1000;
  };
  const prompt_result expected[] = {{"short", 119, 8876, 2.2358, 8.7382, 19.3824, 29.9748},
                                    {"med", 274, 28345, 7.1398, 26.6643, 51.4720, 69.0176},
                                    {"long", 304, 59315, 14.9408, 42.3808, 63.8446, 76.5743}};
  const auto puzzles = recorded_lines("p3.jsonl");
  REQUIRE(puzzles.size() == 397);
  for (const prompt_result& one : expected) {
    CAPTURE(one.prompt);
    std::vector<sample_count> counts;
    int solved = 0;
    std::uint64_t right = 0;
    for (const auto& puzzle : puzzles) {
      counts.push_back({puzzle["n"], puzzle[one.prompt]});
      solved += counts.back().right > 0;
      right += counts.back().right;
    }
    CHECK(solved == one.solved);
    CHECK(right == one.right);
    CHECK(rounds_to(mean_pass_at_k(counts, 1), one.pass_at_1, 4));
    CHECK(rounds_to(mean_pass_at_k(counts, 10), one.pass_at_10, 4));
    CHECK(rounds_to(mean_pass_at_k(counts, 100), one.pass_at_100, 4));
    CHECK(rounds_to(mean_pass_at_k(counts, 1000), one.pass_at_1000, 4));
  }
}
