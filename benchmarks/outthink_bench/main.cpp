// SPDX-License-Identifier: MIT
// outthink-bench: accuracy against computation. docs/how-to/benchmark-your-model.md shows its use.
#include "compare.hpp"
#include "list.hpp"
#include "narrow_plan.hpp"
#include "plan_of_flags.hpp"
#include "recorded/reproduced.hpp"
#include "report.hpp"
#include "run.hpp"
#include "simulate_report.hpp"
#include "table.hpp"
#include "write_report.hpp"
#include <outthink/kernels/simd/target.hpp>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<bool> stop_asked = false;

extern "C" void ask_to_stop(int) {
  stop_asked = true;
}

struct arguments {
  bench::run_flags flags;
  std::string plan, results = "outthink-bench.jsonl", out = OUTTHINK_BENCHMARKS_DIR "/report";
  std::string page = OUTTHINK_BENCHMARKS_DIR "/report/page.html", title;
  std::vector<std::string> tables, strategies;
  std::string first, second, command;
  std::string reproduced;
  bool quick = false, recorded = false;
  bench::simulated_load load;
  std::string fitted, fitted_task;
  int replicas = 64;
};

std::string command_line(int count, char** given) {
  std::string made = "outthink-bench";
  for (int i = 1; i < count; ++i) made += std::string(" ") + given[i];
  return made;
}

std::string machine_text() {
  using outthink::kernels::simd_target;
  const simd_target target = outthink::kernels::current_target();
  return fmt::format("{}, {} threads",
                     target == simd_target::avx512 ? "AVX-512"
                     : target == simd_target::avx2 ? "AVX2"
                                                   : "baseline instructions",
                     std::thread::hardware_concurrency());
}

// A plan is a file, or the name of one that comes with the benchmarks.
std::string path_of_plan(const std::string& name) {
  if (std::filesystem::exists(name)) return name;
  const std::string folder = OUTTHINK_BENCHMARKS_DIR "/plans";
  const std::string own = folder + "/" + name + ".json";
  if (std::filesystem::exists(own)) return own;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().stem().string());
  throw bench::unknown_name("--plan", "file or plan", name, names);
}

bench::plan plan_of(const arguments& given) {
  const std::string name = given.quick ? "quick" : given.plan;
  if (name.empty()) return bench::read_plan(bench::plan_of_flags(given.flags), "flags", "");
  const std::string path = path_of_plan(name);
  return bench::read_plan(bench::narrow_plan(bench::load_plan(path), given.flags), path,
                          std::filesystem::path(path).parent_path().string());
}

std::vector<bench::measurement> measure(const bench::result_set& results,
                                        std::vector<bench::measuring>& from) {
  std::vector<bench::measurement> all;
  for (const bench::stored_task& task : results.tasks()) {
    from.emplace_back(results, task);
    for (bench::measurement& one : from.back().all()) all.push_back(std::move(one));
  }
  return all;
}

void report(const arguments& given, const std::string& command) {
  const bench::stored_results stored = bench::read_results(given.results);
  if (stored.half_line)
    fmt::print(stderr, "{}: a half line at the end is left out\n", given.results);
  const bench::result_set results(stored.lines);
  nlohmann::json data = bench::make_report(
      results, {given.title.empty() ? "outthink benchmark" : given.title,
                given.command.empty() ? command : given.command, machine_text()});
  for (const std::string& path : given.tables)
    bench::add_tables(data, bench::load_plan(path), path);
  const std::filesystem::path folder(given.out);
  std::filesystem::create_directories(folder);
  bench::write_text((folder / "results.json").string(), data.dump(1) + "\n");
  bench::write_text((folder / "results.csv").string(), bench::rows_as_csv(data.at("rows")));
  fmt::print("{} rows: {}/results.json, results.csv", data.at("rows").size(), given.out);
  if (std::filesystem::exists(given.page)) {
    bench::write_text((folder / "index.html").string(),
                      bench::fill_page(bench::read_text(given.page), data));
    fmt::print(", index.html\n");
  } else {
    fmt::print("\n{} is not there: no index.html was written\n", given.page);
  }
}

// Tables of published numbers; fails if one of them is not what the library computes.
int reproduce(const arguments& given) {
  const auto tables = bench::recorded::reproduced_tables();
  fmt::print("{}", bench::recorded::reproduced_text(tables));
  if (!given.reproduced.empty()) {
    bench::write_text(given.reproduced, bench::recorded::reproduced_as_json(tables).dump(1) + "\n");
  }
  return bench::recorded::mismatches(tables) == 0 ? 0 : 1;
}

int run(const arguments& given, const std::string& command) {
  const bench::plan plan = plan_of(given);
  bench::results_file file(given.results);
  if (file.stored().half_line)
    fmt::print(stderr, "{}: a half line at the end was dropped; its pass is done again\n",
               given.results);
  bench::plan_runner runner(plan, file, &stop_asked);
  fmt::print(stderr, "{}, passes to do: {}; results go to {}\n", plan.title, runner.left().size(),
             given.results);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
  try {
    runner.run();
  } catch (const bench::stopped&) {
    fmt::print(stderr, "stopped; what was finished is in {}. To go on: {}\n", given.results,
               command);
    return 130;
  }
  const bench::result_set results(file.stored().lines);
  for (const bench::stored_task& task : results.tasks())
    fmt::print("{}", bench::table_of(task, bench::measuring(results, task).all()));
  return 0;
}

// Two files: every strategy that is in both. Two strategies: within one file.
void compare(const arguments& given) {
  const bool files = std::filesystem::exists(given.first) && std::filesystem::exists(given.second);
  const bench::stored_results one = bench::read_results(files ? given.first : given.results);
  const bench::stored_results other = files ? bench::read_results(given.second) : one;
  const bench::result_set a(one.lines), b(other.lines);
  std::vector<bench::measuring> from_a, from_b;
  from_a.reserve(a.tasks().size());
  from_b.reserve(b.tasks().size());
  const auto all_a = measure(a, from_a), all_b = measure(b, from_b);
  if (!files) {
    fmt::print("{}",
               bench::comparison_text(bench::compare(bench::find_strategy(all_a, given.first),
                                                     bench::find_strategy(all_b, given.second))));
    return;
  }
  std::size_t compared = 0;
  for (const bench::measurement& first : all_a) {
    for (const bench::measurement& second : all_b) {
      if (first.task->name != second.task->name ||
          bench::label_of(first) != bench::label_of(second))
        continue;
      fmt::print("{}", bench::comparison_text(bench::compare(first, second)));
      ++compared;
    }
  }
  if (compared == 0)
    throw outthink::error(outthink::errc::invalid_argument,
                          "the two files have no strategy in common");
}

// Each table as soon as it is known.
void simulate(const arguments& given) {
  nlohmann::json made{{"replicas", given.replicas}};
  if (!given.fitted.empty()) made["results"] = given.fitted;
  if (!given.fitted_task.empty()) made["results_task"] = given.fitted_task;
  for (const std::string& text : given.flags.set) {
    auto [key, value] = bench::detail::read_setting(text);
    made[key] = std::move(value);
  }
  const bench::simulation of =
      bench::read_simulation(bench::with_fitted_habits(made, ""), "simulate: ");
  fmt::print("{}\n", bench::simulation_text(of, given.load));
  std::fflush(stdout);
  fmt::print("{}\n", bench::strategies_text(bench::simulated_rows(of, given.load)));
  std::fflush(stdout);
  fmt::print("{}", bench::choices_text(of, given.load));
}

void add_run(CLI::App& app, arguments& given) {
  CLI::App* run = app.add_subcommand("run", "run a plan and keep its results");
  bench::run_flags& f = given.flags;
  run->add_option("--plan", given.plan,
                  "a plan file, or the name of one that comes with the benchmarks");
  run->add_flag("--quick", given.quick, "the plan quick: a slice of everything");
  CLI::Option* recorded = run->add_flag(
      "--recorded", given.recorded,
      "published tables, computed again from recorded outputs of real models; fails on a mismatch");
  run->add_option("--tables", given.reproduced, "a file for those tables, for report --add")
      ->needs(recorded);
  run->add_option("--results", given.results, "where results go; a run goes on where it ended");
  run->add_option("--task", f.tasks, "game24, arithmetic; of a plan: those of its tasks")
      ->delimiter(',');
  run->add_option("--split", f.split, "validation, test");
  run->add_option("--dataset", f.dataset, "JSON lines with id, question, answer, difficulty");
  run->add_option("--prompt", f.prompt, "a text with {question} in it");
  run->add_option("--answer", f.answer, "boxed, last_line, exact");
  run->add_option("--problems", f.problems, "at most so many")->check(CLI::PositiveNumber);
  run->add_option("--level", f.level, "the easiest level")->check(CLI::PositiveNumber);
  run->add_option("--seeds", f.seeds, "number of seeds")->check(CLI::PositiveNumber);
  run->add_option("--threads", f.threads, "of embedded models")->check(CLI::Range(1, 256));
  run->add_option("--model", f.model, "a GGUF file");
  run->add_option("--value", f.value, "a GGUF file of a value model");
  run->add_option("--url", f.url, "a server with OpenAI's interface, up to /v1");
  run->add_option("--server-model", f.server_model, "the model's name at the server");
  run->add_option("--key-variable", f.key_variable, "the environment variable of the API key");
  run->add_flag("--chat", f.chat, "the server continues chats, not texts");
  run->add_option("--price", f.price, "for a million tokens read, written: 0.15,0.6")
      ->delimiter(',')
      ->expected(2);
  run->add_option("--policy", f.policies, "policies; see list")->delimiter(',');
  run->add_option("--set", f.set, "a policy's parameter: name=value[,value]...");
  run->add_option("--n", f.n, "numbers of samples")->delimiter(',');
  run->add_option("--temperature", f.temperature, "temperatures")->delimiter(',');
  run->add_option("--aggregator", f.aggregators, "aggregators; see list")->delimiter(',');
  run->add_option("--verifier", f.verifiers, "verifiers; see list")->delimiter(',');
}

void add_simulate(CLI::App& app, arguments& given) {
  CLI::App* simulate = app.add_subcommand(
      "simulate", "how long a large load would take at a cluster, at what cost, by which strategy");
  simulate->add_option("--problems", given.load.problems, "number of problems")
      ->check(CLI::Range(1.0, 1e12));
  simulate->add_option("--samples", given.load.samples, "of each problem, at most")
      ->check(CLI::Range(1, 100'000));
  simulate->add_option("--seed", given.load.seed, "of all random numbers");
  simulate->add_option("--replicas", given.replicas, "machines of the model");
  simulate->add_option("--results", given.fitted, "a results file that the habits are taken from")
      ->check(CLI::ExistingFile);
  simulate->add_option("--task", given.fitted_task, "its task; the first that has samples");
  simulate->add_option("--set", given.flags.set, "a number of the simulation: name=value");
}

void add_others(CLI::App& app, arguments& given) {
  app.add_subcommand("list", "print what plans can name");
  CLI::App* report = app.add_subcommand("report", "turn results into a page, JSON and CSV");
  report->add_option("--results", given.results, "a results file")->check(CLI::ExistingFile);
  report->add_option("--out", given.out, "the folder to write to");
  report->add_option("--page", given.page, "the page's template");
  report->add_option("--title", given.title, "the page's title");
  report->add_option("--command", given.command, "what the page says made it");
  report->add_option("--add", given.tables, "JSON files with more tables: published, speed, trees")
      ->check(CLI::ExistingFile);
  CLI::App* compare = app.add_subcommand("compare", "compare two results files or strategies");
  compare->add_option("A", given.first, "a results file, or words of a strategy's name")
      ->required();
  compare->add_option("B", given.second, "likewise")->required();
  compare->add_option("--results", given.results, "the results file of the strategies");
}

}  // namespace

int main(int argc, char** argv) {
  arguments given;
  CLI::App app("accuracy against computation", "outthink-bench");
  app.require_subcommand(1);
  add_run(app, given);
  add_simulate(app, given);
  add_others(app, given);
  CLI11_PARSE(app, argc, argv);
  const std::string command = command_line(argc, argv);
  try {
    if (app.got_subcommand("run")) return given.recorded ? reproduce(given) : run(given, command);
    if (app.got_subcommand("list")) fmt::print("{}", bench::list_text());
    if (app.got_subcommand("report")) report(given, command);
    if (app.got_subcommand("compare")) compare(given);
    if (app.got_subcommand("simulate")) simulate(given);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "outthink-bench: {}\n", problem.what());
    return 1;
  }
}
