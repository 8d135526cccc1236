// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/narrow_plan.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace bench;
using nlohmann::json;

namespace {

const json two_tasks{{"seeds", 3},
                     {"tasks", {{{"task", "game24"}, {"problems", 9}}, {{"task", "arithmetic"}}}}};

std::string complaint(const run_flags& given) {
  try {
    (void)narrow_plan(two_tasks, given);
  } catch (const outthink::error& problem) {
    return problem.what();
  }
  return "";
}

}  // namespace

TEST_CASE("without flags a plan stays what it is") {
  CHECK(narrow_plan(two_tasks, {}) == two_tasks);
}

TEST_CASE("flags say which of a plan's tasks are run, and on what") {
  run_flags given;
  given.tasks = {"game24"};
  given.split = "test";
  given.problems = 5;
  given.level = 2;
  given.seeds = 1;
  given.threads = 4;
  const json expected{
      {"seeds", 1},
      {"threads", 4},
      {"tasks", {{{"task", "game24"}, {"problems", 5}, {"split", "test"}, {"level", 2}}}}};
  CHECK(narrow_plan(two_tasks, given) == expected);
}

TEST_CASE("a task that the plan lacks is an error that names the nearest") {
  run_flags given;
  given.tasks = {"arithmetics"};
  CHECK(complaint(given).ends_with(
      "--task: there is no task of this plan 'arithmetics'; did you mean 'arithmetic'? There are: "
      "game24, arithmetic"));
}

TEST_CASE("flags that a plan's file has members for are refused beside it") {
  run_flags given;
  given.policies = {"dvts"};
  CHECK(complaint(given).ends_with("--policy and a plan cannot both be given: write it there"));
  given.url = "http://localhost/v1";
  CHECK(complaint(given).ends_with("--url and a plan cannot both be given: write it there"));
}

TEST_CASE("what is no plan is left to the reader of plans") {
  run_flags given;
  given.tasks = {"game24"};
  CHECK(narrow_plan(json{{"tasks", "game24"}}, given) == json{{"tasks", "game24"}});
}
