// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/read_plan.hpp"

#include "../../benchmarks/outthink_bench/plan_of_flags.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace bench;
using nlohmann::json;

namespace {

plan read(const json& policies, json task = {{"task", "game24"}}) {
  task["problems"] = 3;
  return read_plan({{"tasks", {task}}, {"policies", policies}}, "plan.json", "");
}

std::string complaint(const json& policies) {
  try {
    (void)read(policies);
  } catch (const outthink::error& problem) {
    return problem.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("lists make a grid, and n stands for what it is the product of") {
  const plan made = read({{{"policy", "beam_search"}, {"n", {8, 16}}, {"expand", {2, 4}}}});
  REQUIRE(made.tasks.size() == 1);
  const std::vector<strategy>& points = made.tasks[0].strategies;
  REQUIRE(points.size() == 4);
  for (const strategy& one : points) {
    CHECK(one.values.count("width") * one.values.count("expand") == one.n);
    CHECK(one.verifier == "game24-value");
    CHECK(one.aggregators.size() == 2);
  }
  CHECK(points[0].values.count("expand") != points.back().values.count("expand"));
}

TEST_CASE("a task's reduction is that of its aggregators unless they name one") {
  const plan made = read(
      {{{"policy", "repeated_sampling"},
        {"aggregators", {"best_score", {{"aggregator", "weighted_vote"}, {"reduction", "min"}}}}}});
  const auto& aggregators = made.tasks[0].strategies[0].aggregators;
  REQUIRE(aggregators.size() == 2);
  CHECK(aggregators[0].title == "best score, product");
  CHECK(aggregators[1].title == "weighted vote, min");
}

TEST_CASE("a strategy draws at its task's temperature unless the plan names one") {
  const json policies{{{"policy", "repeated_sampling"}, {"n", 1}},
                      {{"policy", "beam_search"}},
                      {{"policy", "repeated_sampling"}, {"n", 1}, {"temperature", {0, 1}}}};
  const auto temperatures = [&](const std::string& task) {
    const auto plan = read(policies, {{"task", task}});
    std::vector<float> all;
    for (const strategy& one : plan.tasks[0].strategies) all.push_back(one.sampling.temperature);
    return all;
  };
  CHECK(temperatures("game24") == std::vector<float>{0.5F, 0.5F, 0, 1});
  CHECK(temperatures("arithmetic") == std::vector<float>{1, 1, 0, 1});
}

TEST_CASE("an unknown key, policy, value or verifier is refused with the nearest one") {
  CHECK(says(complaint({{{"policy", "baem_search"}}}),
             "plan.json: policies[0].policy: there is no policy 'baem_search'; did you mean "
             "'beam_search'?"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"widht", 4}}}),
             "there is no key 'widht'; did you mean 'width'?"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"reduction", "prodct"}}}),
             "did you mean 'product'?"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"verifier", "game24-valu"}}}),
             "did you mean 'game24-value'?"));
  CHECK(says(complaint({{{"policy", "repeated_sampling"}, {"aggregators", "majority"}}}),
             "did you mean 'majority_vote'?"));
  CHECK_THROWS_WITH_AS(
      (void)read_plan({{"task", json::array()}}, "plan.json", ""),
      doctest::Contains("plan.json: there is no key 'task'; did you mean 'tasks'?"),
      outthink::error);
}

TEST_CASE("impossible combinations are refused") {
  CHECK(says(complaint({{{"policy", "beam_search"}, {"n", 6}, {"expand", 4}}}),
             "n = 6 is no multiple of expand = 4"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"n", 8}, {"width", 2}}}),
             "n = 8 and width cannot both be given"));
  CHECK(says(complaint({{{"policy", "dvts"}, {"verifier", "none"}}}), "dvts needs a verifier"));
  CHECK(says(
      complaint(
          {{{"policy", "repeated_sampling"}, {"verifier", "none"}, {"aggregators", "best_score"}}}),
      "an aggregator that goes by scores needs a verifier"));
  CHECK(says(complaint({{{"policy", "repeated_sampling"}, {"temperature", 0}, {"n", 4}}}),
             "at temperature 0 all 4 samples are the same"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"width", 0}}}), "width"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"n", json::array()}}}), "the list is empty"));
  CHECK(says(complaint({{{"policy", "beam_search"}, {"width", 1.5}}}),
             "a whole number was expected, not 1.5"));
  CHECK(says(complaint({{{"policy", "repeated_sampling"}, {"budget", {{"token", 5}}}}}),
             "did you mean 'tokens'?"));
}

TEST_CASE("a model file that is not there is named") {
  const json task{{"task", "game24"}, {"model", "mine"}};
  const plan made = read_plan({{"models", {{"mine", {{"gguf", "missing.gguf"}}}}},
                               {"tasks", {task}},
                               {"policies", {{{"policy", "repeated_sampling"}}}}},
                              "plan.json", "/nowhere");
  CHECK(made.models.at("mine").where == "/nowhere/missing.gguf");
  CHECK_THROWS_AS(
      (void)read({{{"policy", "repeated_sampling"}}}, {{"task", "game24"}, {"model", "x"}}),
      outthink::error);
}

TEST_CASE("a model and a verifier may have a price for a million tokens") {
  const auto with = [](const json& model, const json& verifier) {
    return read_plan({{"models", {{"mine", {{"gguf", "x.gguf"}, {"price", model}}}}},
                      {"verifiers", {{"value", {{"gguf", "y.gguf"}, {"price", verifier}}}}},
                      {"tasks", {{{"task", "game24"}, {"model", "mine"}}}},
                      {"policies", {{{"policy", "repeated_sampling"}}}}},
                     "plan.json", "");
  };
  const plan made = with({{"input", 0.15}, {"output", 0.6}}, {{"input", 0.1}});
  CHECK(made.models.at("mine").price.of(2e6, 1e6) == doctest::Approx(0.9));
  CHECK(made.verifiers.at("value").price.of(1e6, 0) == doctest::Approx(0.1));
  CHECK_FALSE(made.models.at("game24-policy").price.any());
  CHECK_THROWS_WITH_AS((void)with({{"inptu", 1}}, {}), doctest::Contains("did you mean 'input'?"),
                       outthink::error);
  CHECK_THROWS_WITH_AS((void)with({{"output", -1}}, {}),
                       doctest::Contains("models.mine.price.output: a price of 0 or more"),
                       outthink::error);
  CHECK_THROWS_AS((void)with({}, {{"output", 1}}), outthink::error);
}

TEST_CASE("the plans that come with the benchmarks can be read") {
  for (const std::string name : {"suite", "quick", "accuracy"}) {
    const std::string path = OUTTHINK_SOURCE_DIR "/benchmarks/plans/" + name + ".json";
    CHECK_FALSE(read_plan(load_plan(path), path, "").tasks.empty());
  }
}

TEST_CASE("flags are a plan") {
  run_flags flags;
  flags.tasks = {"arithmetic"};
  flags.policies = {"rebase"};
  flags.set = {"balance=0.1,0.3"};
  flags.n = {4, 8};
  flags.seeds = 2;
  flags.problems = 3;
  const plan made = read_plan(plan_of_flags(flags), "flags", "");
  CHECK(made.seeds == std::vector<std::uint64_t>{1, 2});
  REQUIRE(made.tasks.size() == 1);
  CHECK(made.tasks[0].task.problems.size() == 3);
  CHECK(made.tasks[0].strategies.size() == 4);
}

TEST_CASE("flags price the model that they name") {
  run_flags flags;
  flags.tasks = {"game24"};
  flags.model = "mine.gguf";
  flags.price = {1, 4};
  CHECK(read_plan(plan_of_flags(flags), "flags", "").models.at("model").price == token_price{1, 4});
  flags.model.clear();
  CHECK_THROWS_AS((void)plan_of_flags(flags), outthink::error);
}
