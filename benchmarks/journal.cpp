// SPDX-License-Identifier: MIT
// What a journal costs: requests a second to a server on the loopback that answers at once with a
// kilobyte, without and with a journal, and answers a second that are replayed from it.
// Argument: the folder to write to; default: the system's for temporary files.
#include "instant_server.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/journaled.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace outthink;

constexpr int kProblems = 2000, kSamples = 20, kRuns = 7;
constexpr double kAnswers = kProblems * kSamples;

/// What a run takes for each answer, in microseconds: wall time, and this process's computing
/// alone.
struct timing {
  double wall = 0, cpu = 0;
};

class timer {
 public:
  [[nodiscard]] timing each() const {
    return {watch_.seconds() / kAnswers * 1e6,
            static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC / kAnswers * 1e6};
  }

 private:
  stopwatch watch_;
  std::clock_t start_ = std::clock();
};

template <class Model>
void run(Model& model, std::uint64_t seed) {
  static const std::vector<problem> problems = [] {
    std::vector<problem> made;
    for (int i = 0; i < kProblems; ++i) made.emplace_back("problem " + std::to_string(i) + "\n");
    return made;
  }();
  const auto outcomes = solve_all(problems, model, repeated_sampling{.n = kSamples}, no_verifier{},
                                  best_score{}, solve_options{.seed = seed});
  for (const outcome& one : outcomes) {
    if (one.candidates.size() == kSamples) continue;
    fmt::print("a problem has {} solutions: {}\n", one.candidates.size(), one.message);
    std::exit(1);
  }
}

void print(const char* what, const std::vector<timing>& runs) {
  std::vector<double> wall, cpu;
  for (const timing& one : runs) wall.push_back(one.wall), cpu.push_back(one.cpu);
  std::sort(wall.begin(), wall.end());
  std::sort(cpu.begin(), cpu.end());
  fmt::print(
      "{:<30}{:>9.0f} /s (median), {:>9.0f} /s (best); {:>6.2f} us of CPU (median), {:>6.2f} "
      "(best)\n",
      what, 1e6 / wall[wall.size() / 2], 1e6 / wall[0], cpu[cpu.size() / 2], cpu[0]);
}

}  // namespace

int main(int count, char** given) {
  const std::string folder =
      (count > 1 ? std::string(given[1]) : std::filesystem::temp_directory_path().string()) +
      "/outthink-benchmark-journal";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const instant_server server(R"({"choices":[{"index":0,"text":")" + std::string(900, 'x') +
                              R"(","finish_reason":"stop"}],"usage":{"prompt_tokens":10,)" +
                              R"("completion_tokens":225}})");
  backends::openai_options options{.url = server.url() + "/v1"};
  options.logprobs = false;
  options.unclear = backends::unclear_stop::text_end;
  backends::openai model(options);
  run(model, 0);  // opens the connections

  std::vector<timing> plain, kept, replayed;
  for (int i = 1; i <= kRuns; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const std::string path = folder + "/" + std::to_string(i) + ".db";
    const timer without;
    run(model, seed);
    plain.push_back(without.each());
    {
      const timer with;
      journal file(path);
      journaled journaled_model(file, "model", model);
      run(journaled_model, seed);
      file.close();
      kept.push_back(with.each());
    }
    const timer again;
    journal file(path, {.read_only = true});
    journaled journaled_model(file, "model", model);
    run(journaled_model, seed);
    replayed.push_back(again.each());
  }
  std::vector<double> ratios;
  for (std::size_t i = 0; i < plain.size(); ++i) ratios.push_back(plain[i].wall / kept[i].wall);
  std::sort(ratios.begin(), ratios.end());
  print("asked, without a journal", plain);
  print("with one, closing included", kept);
  fmt::print("{:<30}{:>9.1f} % (median), {:>9.1f} % (best) of the rate without one\n", "",
             100 * ratios[ratios.size() / 2], 100 * ratios.back());
  print("replayed, opening included", replayed);
  fmt::print("bytes a recorded answer: {:.0f}\n",
             static_cast<double>(std::filesystem::file_size(folder + "/1.db")) / kAnswers);
  std::filesystem::remove_all(folder);
}
