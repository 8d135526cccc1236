// SPDX-License-Identifier: MIT
// Watch a run: a progress bar for you, a log of events for programs, a trace for the eye.
// watch_a_run [FOLDER FOR THE FILES]
#include <outthink/interop/chrome_trace.hpp>
#include <outthink/interop/event_log.hpp>
#include <outthink/interop/progress_bar.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/observers.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

using namespace outthink;

int main(int argc, char** argv) {
  const std::filesystem::path folder =
      argc > 1 ? std::filesystem::path(argv[1]) : std::filesystem::temp_directory_path();
  const std::string log_path = folder / "outthink-events.jsonl";
  const std::string trace_path = folder / "outthink-trace.json";

  backends::scripted model{[](const generation_request&, random_stream& random) {
    return std::string(random.uniform() < 0.7 ? "yes" : "no");
  }};
  std::vector<problem> problems;
  for (int i = 0; i < 8; ++i) problems.emplace_back(fmt::format("question {}\n", i));
  {
    progress_bar bar("questions");
    event_log log(log_path);
    chrome_trace trace(trace_path);  // for https://ui.perfetto.dev or chrome://tracing
    observers all(bar, log, trace);
    const std::vector<outcome> outcomes =
        solve_all(problems, model, repeated_sampling{.n = 4}, no_verifier{}, majority_vote{},
                  {.max_live = 4}, all);
    fmt::print("{} of {} answered\n", outcomes.size(), problems.size());
  }

  std::map<std::string, int> counts;
  std::ifstream log(log_path);
  for (std::string line; std::getline(log, line);) ++counts[nlohmann::json::parse(line)["event"]];
  for (const auto& [event, count] : counts) fmt::print("{:>4} {}\n", count, event);
}
