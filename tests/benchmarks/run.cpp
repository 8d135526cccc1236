// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/run.hpp"

#include "../../benchmarks/outthink_bench/compare.hpp"
#include "../../benchmarks/outthink_bench/read_plan.hpp"
#include "../../benchmarks/outthink_bench/report.hpp"
#include "../../benchmarks/outthink_bench/write_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace bench;
using nlohmann::json;

namespace {

/// A results file that is gone once the test is over, and a stream for what a run tells.
struct scratch {
  std::string path;
  std::FILE* told = std::tmpfile();
  explicit scratch(const std::string& name)
      : path((std::filesystem::temp_directory_path() /
              ("outthink-" + name + std::to_string(::getpid()) + ".jsonl"))
                 .string()) {
    std::filesystem::remove(path);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() {
    std::filesystem::remove(path);
    std::fclose(told);
  }
};

plan small_plan(json policies) {
  return read_plan({{"tasks", {{{"task", "game24"}, {"problems", 4}}}},
                    {"seeds", 2},
                    {"policies", std::move(policies)}},
                   "plan", "");
}

const json kSampling{{"policy", "repeated_sampling"}, {"n", {2, 4}}};
const json kBeam{{"policy", "beam_search"}, {"n", 8}, {"expand", 4}, {"trees", 1}};

std::vector<json> run(const plan& whole, scratch& at) {
  results_file file(at.path);
  plan_runner runner(whole, file, nullptr, at.told);
  runner.run();
  return file.stored().lines;
}

// Times are the machine's, all else the plan's.
json without_times(json of) {
  for (auto& [key, value] : of.items()) {
    if (value.is_structured()) value = without_times(value);
  }
  if (of.is_object()) of.erase("seconds");
  return of;
}

json report_of(const std::vector<json>& lines) {
  return make_report(result_set(lines), {"title", "command", "machine"});
}

}  // namespace

TEST_CASE("the same seeds give the same report") {
  scratch first("first"), second("second");
  const plan whole = small_plan({kSampling, kBeam});
  const json a = report_of(run(whole, first)), b = report_of(run(whole, second));
  CHECK(a.at("rows").size() == 2 * 3 + 2);
  json c = a, d = b;
  for (json* one : {&c, &d}) one->at("pareto").at("game24").erase("seconds");
  for (json* one : {&c, &d}) {
    json& best = one->at("best").at("game24");
    for (auto at = best.begin(); at != best.end();)
      at = at->at("cost") == "seconds" ? best.erase(at) : at + 1;
  }
  CHECK(without_times(c) == without_times(d));
}

TEST_CASE("a run goes on where another ended, and ends in the same results") {
  scratch whole_run("whole"), parts("parts");
  const plan all = small_plan({kSampling, kBeam});
  const json expected = without_times(run(all, whole_run));
  // Stopped after two passes, in the middle of a line.
  std::ifstream from(whole_run.path);
  std::string head, text;
  for (int passes = 0; passes < 2 && std::getline(from, text);) {
    head += text + "\n";
    const json line = json::parse(text);
    passes += line.at("kind") == "samples" || line.at("kind") == "scores" ? 1 : 0;
  }
  std::getline(from, text);
  std::ofstream(parts.path) << head << text.substr(0, text.size() / 2);
  {
    results_file file(parts.path);
    CHECK(file.stored().half_line);
    const plan_runner runner(all, file, nullptr, parts.told);
    CHECK(runner.left().size() == 4);  // of 2 seeds times samples, scores and a search
  }
  CHECK(without_times(run(all, parts)) == expected);
  results_file file(parts.path);
  CHECK(plan_runner(all, file, nullptr, parts.told).left().empty());
}

TEST_CASE("a run that is stopped keeps what was finished") {
  scratch at("stopped");
  const plan whole = small_plan({kSampling});
  const std::atomic<bool> stop = true;
  {
    results_file file(at.path);
    plan_runner runner(whole, file, &stop, at.told);
    CHECK_THROWS_AS(runner.run(), stopped);
  }
  for (const json& line : read_results(at.path).lines)
    CHECK((line.at("kind") == "task" || line.at("kind") == "strategy"));
  CHECK_FALSE(run(whole, at).empty());
}

TEST_CASE("one generation pass gives what separate searches would, at their cost") {
  using namespace outthink;
  scratch at("shared");
  const plan whole = small_plan({kSampling});
  const std::vector<json> lines = run(whole, at);
  const result_set results(lines);
  const stored_task& task = results.tasks().at(0);
  measuring from(results, task);

  const task_plan& planned = whole.tasks[0];
  open_model model = bench::open(whole.models.at("game24-policy"), 1);
  any_verifier value = open_verifier(whole.verifiers.at("game24-value"), 1);
  std::vector<problem> questions;
  for (const auto& one : planned.task.problems) questions.push_back(one.question);
  for (const measurement& one : from.all()) {
    INFO(label_of(one));
    usage spent;
    for (std::size_t seed = 0; seed < 2; ++seed) {
      solve_options options{.seed = seed + 1, .sampling = planned.task.sampling};
      options.answer = planned.task.answer;
      const repeated_sampling sample{.n = one.n()};
      no_verifier none;
      const auto outcomes =
          one.aggregator.name == "majority_vote"
              ? solve_all(questions, model.model, sample, none, majority_vote{}, options)
          : one.aggregator.name == "best_score"
              ? solve_all(questions, model.model, sample, value,
                          best_score{step_reduction::product}, options)
              : solve_all(questions, model.model, sample, value,
                          weighted_vote{step_reduction::product}, options);
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        spent += outcomes[i].spent;
        const bool right = outcomes[i].has_answer() &&
                           planned.task.is_right(planned.task.problems[i], outcomes[i].best());
        // With n = 2 of 4 samples the accuracy is the mean of two runs, of which this is the first.
        const double accuracy = one.accuracy[i * 2 + seed];
        if (one.n() == 4) CHECK(accuracy == (right ? 1 : 0));
        if (one.n() == 2) CHECK((right ? accuracy >= 0.5 : accuracy <= 0.5));
      }
    }
    CHECK(one.spent.tokens == spent.tokens);
    CHECK(one.spent.prompt_tokens == spent.prompt_tokens);
    CHECK(one.spent.model_calls == spent.model_calls);
    CHECK(one.spent.verifier_calls == spent.verifier_calls);
    CHECK(one.spent.verifier_tokens == spent.verifier_tokens);
    CHECK(one.spent.flops == doctest::Approx(spent.flops).epsilon(1e-12));
  }
}

TEST_CASE("the report has the members, types and references that its page reads") {
  scratch at("report");
  const plan whole = small_plan({kSampling, kBeam});
  const json made = report_of(run(whole, at));
  CHECK(made.at("format") == 1);
  const std::set<std::string> families{"sampling", "voting", "best-of-n", "search", "adaptive"};
  const std::size_t bins = made.at("tasks").at(0).at("bins").size();
  CHECK(bins == 3);
  for (const json& row : made.at("rows")) {
    for (const char* name : {"accuracy", "low", "high", "tokens", "prompt_tokens", "calls",
                             "verifier_calls", "flops", "eflops", "seconds"})
      CHECK(row.at(name).is_number());
    CHECK(row.at("low") <= row.at("accuracy"));
    CHECK(row.at("accuracy") <= row.at("high"));
    CHECK(row.at("eflops") > row.at("flops"));
    CHECK(families.contains(row.at("family").get<std::string>()));
    CHECK(row.at("by_bin").size() == bins);
    std::size_t problems = 0;
    for (const json& bin : row.at("by_bin")) problems += bin.at("problems").get<std::size_t>();
    CHECK(problems == 4);
  }
  for (const auto& [cost, front] : made.at("pareto").at("game24").items()) {
    CHECK_FALSE(front.empty());
    for (const json& row : front) CHECK(row.get<std::size_t>() < made.at("rows").size());
  }
  for (const json& best : made.at("best").at("game24")) {
    const json& row = made.at("rows").at(best.at("row").get<std::size_t>());
    CHECK(row.at(best.at("cost").get<std::string>()) <= best.at("limit"));
  }
  REQUIRE(made.at("calibration").size() == 1);
  std::size_t scored = 0;
  for (const json& bin : made.at("calibration").at(0).at("bins"))
    scored += bin.at("count").get<std::size_t>();
  CHECK(scored > 0);
  CHECK(scored <= 2U * 4 * 4);
  for (const json& curve : made.at("optimisation")) CHECK(curve.at("points").size() == 3);
  REQUIRE(made.at("trees").size() == 2);
  const json& nodes = made.at("trees").at(0).at("nodes");
  CHECK(nodes.at(0).at("parent") == -1);
  CHECK(nodes.at(0).at("status") == "root");
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    CHECK(nodes.at(i).at("parent").get<std::size_t>() < i);
    CHECK(nodes.at(i).contains("why") == (nodes.at(i).at("status") == "pruned"));
  }
}

TEST_CASE("a strategy is named by its temperature only where that is not its task's") {
  scratch at("temperature");
  json drawn{{"policy", "repeated_sampling"}, {"n", 1}, {"aggregators", "majority_vote"}};
  drawn["temperature"] = {0, 0.5, 1};
  std::vector<std::string> names;
  const json made = report_of(run(small_plan({drawn}), at));
  for (const json& row : made.at("rows")) names.push_back(row.at("strategy").get<std::string>());
  CHECK(names == std::vector<std::string>{"greedy", "one sample", "one sample, T = 1"});
}

// Prices are those of the latest plan, for results of before as well, but for a budget of money.
TEST_CASE("money is tokens times the price of the plan, without asking the model again") {
  scratch at("price");
  const auto priced = [](double input, double output) {
    plan whole = small_plan({kSampling, kBeam});
    whole.models.at("game24-policy").price = {input, output};
    whole.verifiers.at("game24-value").price = {0.5, 0.5};
    return whole;
  };
  const std::vector<json> lines = run(priced(1, 4), at);
  const auto check = [](const std::vector<json>& of, double input, double output) {
    const result_set results(of);
    measuring from(results, results.tasks().at(0));
    for (const measurement& one : from.all()) {
      const double tokens = input * static_cast<double>(one.spent.prompt_tokens) +
                            output * static_cast<double>(one.spent.tokens) +
                            0.5 * static_cast<double>(one.spent.verifier_tokens);
      CHECK(one.spent.money == doctest::Approx(tokens / 1e6));
      CHECK(one.judged == (one.spent.verifier_tokens > 0));
    }
    const json made = report_of(of);
    CHECK(made.at("pareto").at("game24").contains("money"));
  };
  check(lines, 1, 4);
  const plan dearer = priced(10, 40);
  {
    results_file file(at.path);
    CHECK(plan_runner(dearer, file, nullptr, at.told).left().empty());
  }
  check(run(dearer, at), 10, 40);
}

TEST_CASE("a budget of money ends a search once its tokens cost that much") {
  scratch at("money");
  json limited = kBeam;
  limited["budget"] = {{"money", 1e-12}};
  plan whole = small_plan({limited});
  whole.models.at("game24-policy").price = {1, 1};
  const json made = report_of(run(whole, at));
  CHECK(made.at("rows").size() == 2);
  for (const json& row : made.at("rows")) CHECK(row.at("budget_spent") == 8);
  whole.models.at("game24-policy").price = {1e-9, 1e-9};
  results_file file(at.path);
  CHECK(plan_runner(whole, file, nullptr, at.told).left().size() == 2);  // a search for each seed
}

TEST_CASE("steps are judged where the task can label them, solutions everywhere") {
  scratch at("steps");
  plan whole = read_plan(
      {{"tasks",
        {{{"task", "game24"}, {"problems", 12}}, {{"task", "arithmetic"}, {"problems", 12}}}},
       {"policies", {{{"policy", "repeated_sampling"}, {"n", 4}}}}},
      "plan", "");
  const std::vector<json> lines = run(whole, at);
  const json made = report_of(lines);
  std::vector<std::string> judged;
  for (const json& one : made.at("calibration"))
    judged.push_back(one.at("task").get<std::string>() + " " + one.at("what").get<std::string>());
  CHECK(judged ==
        std::vector<std::string>{"game24 solutions", "arithmetic solutions", "arithmetic steps"});
  // The labels are the exact checker's: all leading steps of a right solution are right.
  const result_set results(lines);
  std::size_t right_samples = 0, steps = 0;
  for (const json& line : lines) {
    if (line.at("kind") != "samples" ||
        line.at("key").get<std::string>().find("arithmetic") == std::string::npos)
      continue;
    for (const auto& of_problem : result_lines::read_samples(line).samples) {
      for (const sample& one : of_problem) {
        REQUIRE(one.right_steps.has_value());
        const std::size_t lines_of_it = steps_of(one.text, {}).size();
        CHECK(*one.right_steps <= lines_of_it);
        steps += lines_of_it;
        right_samples += one.right ? 1 : 0;
      }
    }
  }
  CHECK(right_samples > 0);
  std::size_t counted = 0;
  for (const json& bin : made.at("calibration").at(2).at("bins"))
    counted += bin.at("count").get<std::size_t>();
  CHECK(counted == steps);
  CHECK(made.at("calibration").at(2).at("auc") > 0.5);
}

// Bins of difficulty: every problem in one of each kind, the easiest first.
TEST_CASE("problems are binned by level, by right samples and by the verifier's scores") {
  scratch at("bins");
  const plan whole = read_plan({{"tasks", {{{"task", "arithmetic"}, {"problems", 24}}}},
                                {"policies", {{{"policy", "repeated_sampling"}, {"n", 8}}}}},
                               "plan", "");
  const std::vector<json> lines = run(whole, at);
  const result_set results(lines);
  measuring from(results, results.tasks().at(0));
  const auto measured = from.all();
  const auto cuts = binnings_of(results.tasks().at(0), measured, from);
  REQUIRE(cuts.size() == 3);
  CHECK(cuts[0].name == "given");
  CHECK(cuts[1].name == "oracle");
  CHECK(cuts[2].name == "predicted");
  const auto drawn = bench::detail::sampled_passes(measured, from, false);
  std::vector<double> easiest(cuts[1].bins.size(), 1), hardest(cuts[1].bins.size(), 0);
  for (std::size_t i = 0; i < 24; ++i) {
    const double ease = bench::detail::share_of_right(drawn, i);
    const std::size_t bin = cuts[1].bin_of[i];
    REQUIRE(bin < cuts[1].bins.size());
    easiest[bin] = std::min(easiest[bin], ease);
    hardest[bin] = std::max(hardest[bin], ease);
  }
  for (std::size_t bin = 1; bin < easiest.size(); ++bin) CHECK(easiest[bin - 1] > hardest[bin]);
  const json made = report_of(lines);
  for (const char* member : {"by_bin", "by_oracle", "by_predicted"}) {
    std::size_t problems = 0;
    for (const json& bin : made.at("rows").at(0).at(member))
      problems += bin.at("problems").get<std::size_t>();
    CHECK(problems == 24);
  }
  CHECK(made.at("tasks").at(0).at("oracle_bins") == cuts[1].bins);
  // A choice for each binning; the strategies are named, one for each bin.
  REQUIRE(made.at("choice").size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const json& choice = made.at("choice").at(i);
    CHECK(choice.at("by") == cuts[i].name);
    CHECK_FALSE(choice.at("points").empty());
    for (const json& point : choice.at("points"))
      CHECK(point.at("strategies").size() == cuts[i].bins.size());
  }
}

TEST_CASE("the page holds the report, and no text of it can end the script") {
  const json data{{"text", "</script><b>"}, {"n", 1}};
  const std::string page = fill_page("<script>/*report-data*/</script><p>", data);
  CHECK(page.find("</script>") == page.rfind("</script>"));
  const std::size_t begin = page.find('>') + 1;
  CHECK(json::parse(page.substr(begin, page.find("</script>") - begin)) == data);
  CHECK_THROWS_AS((void)fill_page("<html>", data), outthink::error);
}

TEST_CASE("rows are written as comma-separated values with quotes where they are needed") {
  scratch at("csv");
  const json rows = report_of(run(small_plan({kSampling}), at)).at("rows");
  const std::string text = rows_as_csv(rows);
  CHECK(text.starts_with("task,strategy,family,parameters,"));
  CHECK(text.find("\"{\"\"n\"\":2}\"") != std::string::npos);
  CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == rows.size() + 1);
}

TEST_CASE("strategies are compared over the same problems, found by words of their names") {
  scratch at("compare");
  const std::vector<json> lines = run(small_plan({kSampling, kBeam}), at);
  const result_set results(lines);
  measuring from(results, results.tasks().at(0));
  const auto all = from.all();
  const measurement& beam = find_strategy(all, "beam search best score");
  const measurement& best = find_strategy(all, "best-of-N N 4");
  const comparison made = compare(best, beam);
  CHECK(made.difference.difference ==
        doctest::Approx(mean_of(beam.accuracy) - mean_of(best.accuracy)));
  CHECK(compare(beam, beam).difference.difference == 0);
  CHECK_THROWS_WITH_AS((void)find_strategy(all, "beam"), doctest::Contains("2 strategies match"),
                       outthink::error);
  CHECK_THROWS_WITH_AS((void)find_strategy(all, "nothing"),
                       doctest::Contains("no strategies match"), outthink::error);
}
