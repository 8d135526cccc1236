// SPDX-License-Identifier: MIT
// Every number is computed by the library's own policies, votes, kernels and measures from outputs
// that real models gave. docs/explanation/replays.md says what each table is.
#include "aime.hpp"
#include "codet.hpp"
#include "game24_samples.hpp"
#include "game24_trees.hpp"
#include "mmlu_pro.hpp"
#include "pandalm.hpp"
#include "qwen_math.hpp"
#include "reflexion.hpp"
#include "reproduced.hpp"
#include "swe_bench.hpp"
#include <outthink/aggregators/b4.hpp>
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

namespace bench::recorded {

namespace {

constexpr origin kPublished = origin::published, kRecomputed = origin::recomputed;
const std::string kTrees = "S. Yao et al. 2023, arXiv:2305.10601";

reproduced_table game24_sampled() {
  reproduced_table made{"Game of 24, GPT-4, 100 samples of 100 puzzles", kTrees, "%"};
  const outthink::solve_options over_expressions{.answer = expression_of};
  const std::pair<std::uint64_t, double> plain_pass[] = {
      {1, 7.34}, {2, 10.5745}, {5, 14.9177}, {10, 17.8887}, {20, 21.1529}, {50, 27.2788}};
  const std::pair<std::uint64_t, double> chain_pass[] = {
      {1, 4.03}, {2, 7.28}, {5, 14.292}, {10, 21.4769}, {20, 29.5489}, {50, 40.6848}};
  game24_samples plain("game24_io.jsonl"), chains("game24_cot.jsonl");
  for (const auto& [k, percent] : plain_pass) {
    made.numbers.push_back(
        {fmt::format("plain answers, pass@{}", k), mean_pass_at_k(plain.counts, k), percent, 4});
  }
  made.numbers.push_back({"plain answers, best of 100", 1.0 * plain.solved(outthink::best_score{}),
                          33, 0, kPublished});
  made.numbers.push_back({"plain answers, vote of 100 over expressions",
                          1.0 * plain.solved(outthink::majority_vote{}, over_expressions), 9, 0});
  for (const auto& [k, percent] : chain_pass) {
    made.numbers.push_back({fmt::format("chains of thought, pass@{}", k),
                            mean_pass_at_k(chains.counts, k), percent, 4});
  }
  made.numbers.push_back({"chains of thought, best of 100",
                          1.0 * chains.solved(outthink::best_score{}), 49, 0, kPublished});
  made.numbers.push_back({"chains of thought, vote of 100 over last lines",
                          1.0 * chains.solved(outthink::majority_vote{}), 9, 0, kPublished});
  made.numbers.push_back({"chains of thought, vote of 100 over expressions",
                          1.0 * chains.solved(outthink::majority_vote{}, over_expressions), 8, 0});
  return made;
}

// A narrower beam than the logged one meets thoughts that were never continued: a lower bound.
reproduced_table game24_searched() {
  reproduced_table made{"Game of 24, GPT-4, trees of thoughts by beam search", kTrees, "%"};
  const game24_trees logged;
  const int any[] = {40, 51, 58, 65, 69};
  for (int width = 1; width <= 5; ++width) {
    made.numbers.push_back(
        {fmt::format("beam of {}{}", width, width < 5 ? ", a lower bound" : ", as logged"),
         1.0 * logged.search(width).any, 1.0 * any[width - 1], 0,
         width == 5 ? kPublished : kRecomputed});
  }
  return made;
}

reproduced_table codet() {
  reproduced_table made{"CodeT, CodeGen-16B on the even tasks of HumanEval",
                        "B. Chen et al. 2022, arXiv:2207.10397: their samples and rules", "%"};
  const codet_tasks run;
  const std::pair<std::uint64_t, double> unguided[] = {
      {1, 22.54}, {2, 31.78}, {10, 52.78}, {100, 76.83}};
  for (const auto& [k, percent] : unguided)
    made.numbers.push_back({fmt::format("pass@{} without a rule", k), run.unguided(k), percent, 2});
  struct rule_line {
    const char* name;
    codet_rule rule;
    bool with_copies;
    double at[3];
  };
  const rule_line rules[] = {
      {"by CodeT", dual_agreement, true, {36.71, 46.53, 63.00}},
      {"by CodeT, equal programs once", dual_agreement, false, {38.59, 45.49, 66.82}},
      {"by group size times tests passed",
       by_counts([](double s, double t) { return s * t; }),
       true,
       {37.37, 46.74, 63.61}},
      {"by tests passed alone",
       by_counts([](double, double t) { return t; }),
       true,
       {18.16, 34.88, 61.84}},
      {"by group size alone",
       by_counts([](double s, double) { return s; }),
       true,
       {33.00, 44.32, 61.50}},
      {"by log group size times tests passed",
       by_counts([](double s, double t) { return std::log(1 + s) * t; }),
       true,
       {36.71, 45.62, 64.22}}};
  const std::uint64_t budgets[] = {1, 2, 10};
  for (const rule_line& one : rules) {
    for (std::size_t i = 0; i < 3; ++i) {
      made.numbers.push_back(
          {fmt::format("pass@{} {}", budgets[i], one.name),
           mean_pass_at_k_by(one.with_copies ? run.with_copies : run.without, one.rule, budgets[i]),
           one.at[i], 2});
    }
  }
  const outthink::b4 b4{.chance = 1e5};
  made.numbers.push_back(
      {"pass@1 by B4",
       mean_pass_at_k_by(
           run.with_copies, [&b4](const auto& matrix) { return b4.scores(matrix); }, 1),
       42.63, 2});
  return made;
}

reproduced_table p3_solved() {
  reproduced_table made{"P3, Codex on 397 programming puzzles, 1,000 samples",
                        "T. Schuster et al. 2021, arXiv:2106.05784", "puzzles solved"};
  const std::pair<const char*, double> solved[] = {{"short", 119}, {"med", 274}, {"long", 304}};
  const auto puzzles = recorded_lines("p3.jsonl");
  for (const auto& [prompt, expected] : solved) {
    double ours = 0;
    for (const auto& puzzle : puzzles) ours += puzzle[prompt] > 0 ? 1 : 0;
    made.numbers.push_back({fmt::format("prompt {}", prompt), ours, expected, 0, kPublished});
  }
  return made;
}

reproduced_table p3_rates() {
  reproduced_table made{"P3, Codex on 397 programming puzzles, pass@k",
                        "T. Schuster et al. 2021, arXiv:2106.05784: their samples", "%"};
  const std::pair<const char*, std::vector<double>> rates[] = {
      {"short", {2.2358, 8.7382, 19.3824, 29.9748}},
      {"med", {7.1398, 26.6643, 51.4720, 69.0176}},
      {"long", {14.9408, 42.3808, 63.8446, 76.5743}}};
  const std::uint64_t budgets[] = {1, 10, 100, 1000};
  const auto puzzles = recorded_lines("p3.jsonl");
  for (const auto& [prompt, expected] : rates) {
    std::vector<sample_count> counts;
    for (const auto& puzzle : puzzles) counts.push_back({puzzle["n"], puzzle[prompt]});
    for (std::size_t i = 0; i < expected.size(); ++i) {
      made.numbers.push_back({fmt::format("prompt {}, pass@{}", prompt, budgets[i]),
                              mean_pass_at_k(counts, budgets[i]), expected[i], 4});
    }
  }
  return made;
}

const std::string kPandaLm = "Y. Wang et al. 2023, arXiv:2306.05087";

reproduced_table pandalm_scores(const pandalm& run) {
  reproduced_table made{"PandaLM, five 7B models judged by people", kPandaLm, "comparisons"};
  using pair = std::pair<std::string, std::string>;
  const std::pair<pair, pandalm::score> published[] = {
      {{"bloom-7b", "llama-7b"}, {28, 72, 11}},
      {{"bloom-7b", "opt-7b"}, {43, 35, 11}},
      {{"bloom-7b", "pythia-6.9b"}, {47, 49, 11}},
      {{"bloom-7b", "cerebras-gpt-6.7B"}, {59, 30, 11}},
      {{"cerebras-gpt-6.7B", "llama-7b"}, {24, 80, 6}},
      {{"cerebras-gpt-6.7B", "opt-7b"}, {33, 49, 9}},
      {{"cerebras-gpt-6.7B", "pythia-6.9b"}, {27, 53, 11}},
      {{"llama-7b", "opt-7b"}, {71, 24, 11}},
      {{"llama-7b", "pythia-6.9b"}, {58, 27, 9}},
      {{"opt-7b", "pythia-6.9b"}, {32, 53, 15}}};
  const auto ours = run.scores();
  for (const auto& [models, score] : published) {
    const pandalm::score found = ours.contains(models) ? ours.at(models) : pandalm::score{};
    const std::string name = models.first + " against " + models.second;
    made.numbers.push_back({name + ", won", 1.0 * found.wins, 1.0 * score.wins, 0, kPublished});
    made.numbers.push_back(
        {name + ", lost", 1.0 * found.losses, 1.0 * score.losses, 0, kPublished});
    made.numbers.push_back({name + ", tied", 1.0 * found.ties, 1.0 * score.ties, 0, kPublished});
  }
  return made;
}

reproduced_table pandalm_ratings(const pandalm& run) {
  reproduced_table made{"PandaLM, Bradley-Terry ratings", kPandaLm + ": their comparisons",
                        "Elo points"};
  const std::map<std::string, double> expected{{"llama-7b", 125.8},
                                               {"pythia-6.9b", 12.8},
                                               {"bloom-7b", -3.2},
                                               {"opt-7b", -42.2},
                                               {"cerebras-gpt-6.7B", -93.2}};
  for (const auto& [name, rating] : run.ratings())
    made.numbers.push_back({name, rating, expected.at(name), 1});
  return made;
}

reproduced_table pandalm_judges(const pandalm& run) {
  reproduced_table made{"PandaLM, judges that agree with most people",
                        kPandaLm + ": their comparisons", "%"};
  made.numbers.push_back({"GPT-3.5", 100 * run.agreement("gpt35"), 69.77, 2});
  made.numbers.push_back({"PandaLM-7B", 100 * run.agreement("pandalm"), 66.77, 2});
  return made;
}

reproduced_table qwen_math_rewards() {
  reproduced_table made{"Qwen2.5-Math and its reward model, 8 samples of 100 MATH problems",
                        "A. Yang et al. 2024, arXiv:2409.12122: their samples and rewards", "%"};
  qwen_math run;
  const outthink::repeated_sampling eight{.n = 8};
  outthink::no_verifier none;
  const std::pair<std::uint64_t, double> rates[] = {{1, 91}, {2, 93.2857}, {4, 95.1}, {8, 96}};
  for (const auto& [k, percent] : rates)
    made.numbers.push_back({fmt::format("pass@{}", k), run.pass_at(k), percent, 4});
  made.numbers.push_back({"vote of 8",
                          1.0 * run.right(solve_all(run.problems, run.model, eight, none,
                                                    outthink::majority_vote{}, whole_solutions)),
                          93, 0});
  made.numbers.push_back({"best of 8 by reward",
                          1.0 * run.right(solve_all(run.problems, run.model, eight, run.rewards,
                                                    outthink::best_score{}, whole_solutions)),
                          94, 0});
  const double best_of[] = {91, 92.7857, 93.3929, 93.6143, 93.7143, 93.7857, 93.875, 94};
  for (std::size_t k = 1; k <= 8; ++k) {
    made.numbers.push_back({fmt::format("best of {} by reward, over all draws", k), run.best_of(k),
                            best_of[k - 1], 4});
  }
  return made;
}

const std::string kAime = "Epoch AI, AI Benchmarking Hub, CC BY 4.0";

reproduced_table aime_scores(const std::vector<nlohmann::json>& questions) {
  reproduced_table made{"OTIS Mock AIME, 85 runs, pass@1", kAime, "%"};
  for (const auto& one : recorded_lines("aime_published.jsonl")) {
    const auto name = one["run"].get<std::string>();
    const double score = one["score"];
    made.numbers.push_back(
        {name, aime_run(questions, name).pass_at(1), 100 * score, 1, kPublished});
  }
  return made;
}

reproduced_table aime_rates(const std::vector<nlohmann::json>& questions,
                            const std::vector<nlohmann::json>& expected) {
  reproduced_table made{"OTIS Mock AIME, 85 runs, pass@8", kAime + ": their samples", "%"};
  for (const auto& one : expected) {
    const auto name = one["run"].get<std::string>();
    if (one["pass"].contains("8"))
      made.numbers.push_back({name, aime_run(questions, name).pass_at(8), one["pass"]["8"], 3});
  }
  return made;
}

reproduced_table aime_votes(const std::vector<nlohmann::json>& questions,
                            const std::vector<nlohmann::json>& expected) {
  reproduced_table made{"OTIS Mock AIME, vote of 8, questions of 45", kAime + ": their samples",
                        "questions"};
  for (const auto& one : expected) {
    if (!one.contains("majority")) continue;
    const auto name = one["run"].get<std::string>();
    const auto found = aime_run(questions, name).solve_by(outthink::repeated_sampling{.n = 8});
    made.numbers.push_back({name, 1.0 * found.solved, one["majority"], 0});
  }
  return made;
}

void add_result(reproduced_table& to, const std::string& name, const aime_run::result& ours,
                const nlohmann::json& expected) {
  to.numbers.push_back({name + ", solved", 1.0 * ours.solved, expected[0], 0});
  to.numbers.push_back({name + ", tokens", static_cast<double>(ours.tokens), expected[1], 0});
}

reproduced_table aime_early(const std::vector<nlohmann::json>& questions,
                            const std::vector<nlohmann::json>& expected) {
  reproduced_table made{"OTIS Mock AIME, votes of at most 8 that stop at .95",
                        kAime + ": their samples", ""};
  for (const auto& one : expected) {
    if (!one.contains("early")) continue;
    const auto name = one["run"].get<std::string>();
    add_result(made, name, aime_run(questions, name).solve_by(early_vote), one["early"]);
  }
  return made;
}

// The cheapest run first, every other run with tokens second.
reproduced_table aime_cascades(const std::vector<nlohmann::json>& questions) {
  const auto expected = recorded_object("benchmarks/recorded/expected.json")["aime_cascades"];
  const auto first = expected["first"].get<std::string>();
  reproduced_table made{"OTIS Mock AIME, cascades: " + first + " votes, and where it is in doubt",
                        kAime + ": their samples", ""};
  for (const auto& [second, numbers] : expected["second"].items()) {
    aime_run cheap(questions, first), strong(questions, second);
    add_result(made, second, cascade(cheap, strong), numbers);
  }
  return made;
}

reproduced_table swe_bench_scores(const swe_bench& run) {
  reproduced_table made{"SWE-bench Verified, 48 runs", kAime, "%"};
  const auto published = recorded_lines("benchmarks/recorded/swe_bench_published.jsonl");
  for (std::size_t r = 0; r < run.runs.size(); ++r) {
    const double score = published[r]["score"];
    made.numbers.push_back({run.runs[r], 100 * run.score(r), 100 * score, 1, kPublished});
  }
  return made;
}

reproduced_table swe_bench_ensembles(const swe_bench& run) {
  const auto expected = recorded_object("benchmarks/recorded/expected.json")["swe_bench"];
  const auto issues = static_cast<double>(run.common().size());
  reproduced_table made{fmt::format("SWE-bench Verified, {} issues, ensembles of runs", issues),
                        kAime + ": their samples", "%"};
  for (const std::uint64_t k : {1U, 2U, 3U, 5U, 10U, 48U}) {
    const double resolved = expected["best"][std::to_string(k)];
    made.numbers.push_back({fmt::format("resolved by one of the best {}", k),
                            100 * run.any_of_best(k) / issues, 100 * resolved / issues, 4});
  }
  for (const std::uint64_t k : {1U, 2U, 3U, 5U, 10U, 48U}) {
    made.numbers.push_back({fmt::format("resolved by one of a random {}", k), run.any_of_random(k),
                            expected["random"][std::to_string(k)], 4});
  }
  return made;
}

reproduced_table mmlu_pro_votes() {
  reproduced_table made{"MMLU-Pro, 29 models on 12,032 questions",
                        "Y. Wang et al. 2024, arXiv:2406.01574: their choices", "questions"};
  const mmlu_pro run;
  const auto expected = recorded_object("mmlu_pro_expected.json");
  for (std::size_t m = 0; m < run.models.size(); ++m)
    made.numbers.push_back(
        {run.models[m], 1.0 * run.right[m], expected["models"][run.models[m]][1], 0});
  const outthink::majority_vote majority{};
  made.numbers.push_back(
      {"vote of all", 1.0 * run.solved(majority, run.best(29)), expected["majority of all"], 0});
  made.numbers.push_back({"vote of all, weighed by right answers",
                          1.0 * run.solved(outthink::weighted_vote{}, run.best(29)),
                          expected["all, weighed by right answers"], 0});
  made.numbers.push_back({"vote of the best 5", 1.0 * run.solved(majority, run.best(5)),
                          expected["majority of the best 5"], 0});
  made.numbers.push_back({"vote of the best 3", 1.0 * run.solved(majority, run.best(3)),
                          expected["majority of the best 3"], 0});
  return made;
}

reproduced_table reflexion_trials() {
  reproduced_table made{"Reflexion, 134 tasks of ALFWorld",
                        "N. Shinn et al. 2023, arXiv:2303.11366", "tasks solved"};
  const std::vector<int> with{84,  103, 111, 113, 117, 118, 123, 126,
                              128, 129, 130, 130, 131, 133, 134};
  const std::vector<int> without{84, 94, 97, 98, 100, 101, 101};
  for (const bool reflects : {true, false}) {
    const auto ours = solved_by_trial(reflects ? "reflexion_run_logs" : "base_run_logs");
    const auto& expected = reflects ? with : without;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      made.numbers.push_back(
          {fmt::format("after trial {}, {} reflections", i + 1, reflects ? "with" : "without"),
           i < ours.size() ? 1.0 * ours[i] : 0.0, 1.0 * expected[i], 0,
           reflects && i == 11 ? kPublished : kRecomputed});
    }
  }
  return made;
}

}  // namespace

std::vector<reproduced_table> reproduced_tables() {
  const pandalm pandas;
  const swe_bench issues;
  const auto questions = recorded_lines("aime.jsonl");
  const auto expected = recorded_lines("aime_expected.jsonl");
  return {game24_sampled(),
          game24_searched(),
          codet(),
          p3_solved(),
          p3_rates(),
          pandalm_scores(pandas),
          pandalm_ratings(pandas),
          pandalm_judges(pandas),
          qwen_math_rewards(),
          aime_scores(questions),
          aime_rates(questions, expected),
          aime_votes(questions, expected),
          aime_early(questions, expected),
          aime_cascades(questions),
          swe_bench_scores(issues),
          swe_bench_ensembles(issues),
          mmlu_pro_votes(),
          reflexion_trials()};
}

}  // namespace bench::recorded
