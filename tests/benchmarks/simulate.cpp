// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/simulate.hpp"

#include "../../benchmarks/outthink_bench/fit_results.hpp"
#include "../../benchmarks/outthink_bench/measurements.hpp"
#include "../../benchmarks/outthink_bench/read_plan.hpp"
#include "../../benchmarks/outthink_bench/run.hpp"
#include "../../benchmarks/outthink_bench/simulate_report.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace bench;
using nlohmann::json;
using kind = simulated_strategy::kind;

namespace {

/// Few machines of small batches, so that little fills them.
const json kSmall{{"replicas", 4}, {"verifier_replicas", 2}, {"max_batch", 16}, {"steps", 4}};

simulation small() {
  return read_simulation(kSmall, "small");
}

/// A results file that is gone once the test is over.
struct scratch {
  std::string path = (std::filesystem::temp_directory_path() /
                      ("outthink-simulate" + std::to_string(::getpid()) + ".jsonl"))
                         .string();
  std::FILE* told = std::tmpfile();
  scratch() { std::filesystem::remove(path); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    std::filesystem::remove(path);
    std::fclose(told);
  }
};

plan simulated_plan(const json& simulator) {
  return read_plan(
      {{"models", {{"sim", {{"simulator", simulator}}}}},
       {"verifiers", {{"judge", {{"simulator", simulator}}}}},
       {"tasks",
        {{{"task", "simulated"}, {"problems", 300}, {"model", "sim"}, {"verifier", "judge"}}}},
       {"policies",
        {{{"policy", "repeated_sampling"}, {"n", {1, 16}}},
         {{"policy", "beam_search"}, {"n", 8}, {"expand", 4}}}}},
      "plan", "");
}

}  // namespace

TEST_CASE("what is left of a load takes as long as running it would") {
  for (const simulated_strategy how :
       {simulated_strategy{kind::vote, 20}, simulated_strategy{kind::early, 40},
        simulated_strategy{kind::beam, 8}}) {
    INFO(how.names()[0]);
    const auto predicted = simulate(small(), {.problems = 2000}, how, 600);
    REQUIRE(predicted.problems == 600);
    const auto run = detail::run_slice(small(), how, 2000, 1, false);
    CHECK(predicted.seconds == doctest::Approx(run.seconds).epsilon(0.06));
    CHECK(predicted.tokens == doctest::Approx(run.tokens / 2000).epsilon(0.06));
    CHECK(predicted.busy == doctest::Approx(run.busy / run.seconds).epsilon(0.1));
    CHECK(simulate(small(), {.problems = 2000}, how, 600).seconds == predicted.seconds);
  }
}

TEST_CASE("the cost of a load is that of all machines it needs for as long as it takes") {
  const simulation of = small();
  const auto vote = simulate(of, {.problems = 1000}, {kind::vote, 4}, 100);
  CHECK(vote.money == doctest::Approx(4 * vote.seconds / 3600 * of.price));
  const auto judged = simulate(of, {.problems = 1000}, {kind::judged, 4}, 100);
  CHECK(judged.right.size() == 2);
  CHECK(judged.money == doctest::Approx(6 * judged.seconds / 3600 * of.price));
}

TEST_CASE("more samples, and a verifier, answer more; a clear vote needs fewer") {
  const simulated_load load{.problems = 400};
  const auto one = simulate(small(), load, {kind::vote, 1}, 400);
  const auto vote = simulate(small(), load, {kind::vote, 32}, 400);
  const auto early = simulate(small(), load, {kind::early, 32}, 400);
  const auto judged = simulate(small(), load, {kind::judged, 32}, 400);
  CHECK(one.right[0] / 400 == doctest::Approx(0.5).epsilon(0.15));
  CHECK(vote.right[0] > one.right[0] + 10);
  CHECK(judged.right[0] > vote.right[0]);
  CHECK(early.tokens < 0.9 * vote.tokens);
  CHECK(early.right[0] == doctest::Approx(vote.right[0]).epsilon(0.05));
}

TEST_CASE("batches and a prefix cache save time, and waiting for all answers costs it") {
  simulation of = small();
  of.prompt_tokens = 2000;
  const simulated_load load{.problems = 200};
  const simulated_strategy beam{kind::beam, 8};
  const double seconds = simulate(of, load, beam, 200).seconds;
  for (const simulated_choice& one : simulated_choices(of)) {
    INFO(one.name);
    // Affinity alone is worth little on four machines; tests of replica_pool show where it pays.
    const bool affinity_alone = !one.without.cluster.affinity && one.without.cluster.prefix_cache;
    const double least = affinity_alone ? 0.9 : 1.02;
    CHECK(simulate(one.without, load, beam, 200, one.in_turns).seconds > least * seconds);
  }
}

TEST_CASE("the cheapest of the rows that are accurate enough is chosen") {
  std::vector<simulated_row> rows(3);
  rows[0].accuracy = 0.9, rows[0].cost.money = 100;
  rows[1].accuracy = 0.89, rows[1].cost.money = 10;
  rows[2].accuracy = 0.5, rows[2].cost.money = 1;
  CHECK(&best_value(rows, 0) == &rows[0]);
  CHECK(&best_value(rows, 0.02) == &rows[1]);
  CHECK(&best_value(rows, 0.5) == &rows[2]);
}

TEST_CASE("a simulation's numbers are read by name, and unknown ones refused") {
  json numbers = as_json(small());
  CHECK(numbers.at("replicas") == 4);
  CHECK_FALSE(numbers.contains("mean_uptime"));  // never fails
  numbers["mean_uptime"] = 3600.0;
  CHECK(as_json(read_simulation(numbers, "again")) == numbers);
  CHECK_THROWS_WITH_AS((void)read_simulation({{"replica", 4}}, "at"), doctest::Contains("replicas"),
                       outthink::error);
  CHECK_THROWS_AS((void)read_simulation({{"accuracy", 1.5}}, "at"), outthink::error);
  CHECK_THROWS_AS((void)read_simulation({{"replicas", 0}}, "at"), outthink::error);
}

TEST_CASE("a simulated model in a plan runs in virtual time, and its habits are found again") {
  scratch at;
  const json habits{{"accuracy", 0.4}, {"correlation", 0.3}, {"agreement", 0.3}, {"auc", 0.9}};
  const plan whole = simulated_plan(habits);
  results_file file(at.path);
  plan_runner runner(whole, file, nullptr, at.told);
  runner.run();
  const result_set results(file.stored().lines);
  measuring from(results, results.tasks().at(0));
  bool sampled = false, searched = false;
  for (const measurement& one : from.all()) {
    double right = 0;
    for (const double accuracy : one.accuracy) right += accuracy / 300;
    CHECK(one.seconds > 0);
    if (one.n() == 1) {
      CHECK(right == doctest::Approx(0.4).epsilon(0.1));
      sampled = true;
    }
    if (one.how->line.at("policy") == "beam_search") {
      CHECK(right > 0.45);
      searched = true;
    }
  }
  CHECK(sampled);
  CHECK(searched);
  const auto found = fit_results(at.path, "");
  CHECK(found.accuracy == doctest::Approx(0.4).epsilon(0.1));
  CHECK(found.correlation == doctest::Approx(0.3).epsilon(0.2));
  CHECK(found.agreement == doctest::Approx(0.3).epsilon(0.15));
  CHECK(found.auc == doctest::Approx(0.9).epsilon(0.03));
  CHECK(found.steps == 8);
  const json fitted = with_fitted_habits({{"results", at.path}, {"accuracy", 0.7}}, "");
  CHECK(fitted.at("accuracy") == 0.7);  // what is given counts
  CHECK(fitted.at("auc") == found.auc);
  CHECK_THROWS_AS((void)fit_results(at.path, "another"), outthink::error);
}

TEST_CASE("simulated services and tasks are for each other alone") {
  json mixed{{"models", {{"sim", {{"simulator", json::object()}}}}},
             {"tasks", {{{"task", "game24"}, {"model", "sim"}}}},
             {"policies", {{{"policy", "repeated_sampling"}, {"n", 2}}}}};
  CHECK_THROWS_WITH_AS((void)read_plan(mixed, "plan", ""), doctest::Contains("sim is simulated"),
                       outthink::error);
  mixed["tasks"][0] = {{"task", "simulated"}, {"model", "game24-policy"}};
  CHECK_THROWS_WITH_AS((void)read_plan(mixed, "plan", ""),
                       doctest::Contains("cannot answer the task `simulated`"), outthink::error);
}
