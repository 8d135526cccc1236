// SPDX-License-Identifier: MIT
// Reflexion (N. Shinn et al. 2023, arXiv:2303.11366) on the 134 tasks of ALFWorld: the tasks solved
// after each trial, with and without verbal feedback between trials. The authors report 130 of 134
// after 12 trials; a task counts as solved from its first success on.
#include "../../benchmarks/outthink_bench/recorded/reflexion.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bench::recorded;

TEST_CASE("Reflexion, recorded trials: the tasks solved after each of 15, and of 7 without it") {
  struct series {
    const char* run;
    std::vector<int> solved;
  };
  const series expected[] = {
      {"base_run_logs", {84, 94, 97, 98, 100, 101, 101}},
      {"reflexion_run_logs",
       {84, 103, 111, 113, 117, 118, 123, 126, 128, 129, 130, 130, 131, 133, 134}}};
  const auto tasks = recorded_lines("reflexion.jsonl");
  for (const series& one : expected) {
    CAPTURE(one.run);
    int count = 0;
    for (const auto& task : tasks) {
      if (task["run"] != one.run) continue;
      const auto success = task["success"].get<std::string>();
      CHECK(success.size() == one.solved.size());
      CHECK(success.find("10") == std::string::npos);  // solved once, solved for good
      ++count;
    }
    CHECK(count == 134);
    CHECK(solved_by_trial(one.run) == one.solved);
  }
}
