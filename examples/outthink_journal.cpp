// SPDX-License-Identifier: MIT
// A tool for journals: which runs there were, every answer as a line of JSON, and another vote or
// another verifier over the recorded solutions, without generating anything.
#include "support/journal_commands.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/runtime/journal/salvage.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>
#include <outthink/verifiers/game_of_24.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

using namespace outthink;

constexpr const char* kUsage =
    "outthink-journal runs FILE           lists the runs: what each added, replayed and cost\n"
    "outthink-journal export FILE         prints every answer as a line of JSON\n"
    "outthink-journal vote FILE HOW [BY]  votes again on the recorded solutions;\n"
    "                                     HOW: majority, weighted, best\n"
    "                                     BY: the recorded scores, or those of a verifier:\n"
    "                                     game24, arithmetic\n"
    "outthink-journal salvage FILE NEW    copies what can be read of a damaged journal\n";

std::string vote(const std::string& path, const std::string& how, const std::string& by) {
  recorded_options options;
  if (by == "arithmetic") options.answer = &verifiers::chained_arithmetic::answer_of;
  std::vector<recorded_problem> problems = recorded_solutions(path, options);
  if (by == "game24") score_again(problems, verifiers::game_of_24{});
  if (by == "arithmetic") score_again(problems, verifiers::chained_arithmetic{});
  if (how == "majority") return vote_on(problems, majority_vote{});
  if (how == "weighted") return vote_on(problems, weighted_vote{});
  if (how == "best") return vote_on(problems, best_score{});
  throw error(errc::invalid_argument, "there is no vote '" + how + "'");
}

int main(int count, char** given) try {
  const std::vector<std::string> words(given + 1, given + count);
  if (words.size() == 2 && words[0] == "runs") {
    fmt::print("{}", runs_of(words[1]));
  } else if (words.size() == 2 && words[0] == "export") {
    export_lines(words[1], stdout);
  } else if (words.size() >= 3 && words[0] == "vote") {
    fmt::print("{}", vote(words[1], words[2], words.size() > 3 ? words[3] : ""));
  } else if (words.size() == 3 && words[0] == "salvage") {
    const salvaged_journal done = salvage_journal(words[1], words[2]);
    fmt::print("{} answers copied, {} damaged\n", done.answers, done.damaged);
  } else {
    fmt::print("{}", kUsage);
    return words.empty() ? 0 : 2;
  }
} catch (const std::exception& problem) {
  fmt::print(stderr, "{}\n", problem.what());
  return 1;
}
