// SPDX-License-Identifier: MIT
// A journal of every answer: a run that is killed resumes where it was, pays for nothing twice, and
// ends in the same bits as a run that nobody killed.
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/journaled.hpp>

#include <fmt/format.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace outthink;

/// Stands for a model that costs money. It takes the whole program with it when it is asked for
/// request number `dies_at`.
auto costly_model(int dies_at, int& asked) {
  return backends::scripted([dies_at, &asked](const generation_request&, random_stream& random) {
    if (++asked == dies_at) ::raise(SIGKILL);
    return std::string(random.uniform() < 0.6 ? "42" : "41");
  });
}

std::vector<outcome> run(const std::string& path, int dies_at) {
  const std::vector<problem> problems{"6 * 7 =\n", "50 - 8 =\n", "21 + 21 =\n", "84 / 2 =\n"};
  int asked = 0;
  auto model = costly_model(dies_at, asked);

  journal file(path);
  journaled kept(file, "costly model, version 1", model);
  auto outcomes = solve_all(problems, kept, repeated_sampling{.n = 25}, no_verifier{},
                            majority_vote{}, solve_options{.max_batch = 10});
  file.close();
  fmt::print("{} answers from the journal, {} paid\n", file.replayed(), asked);
  return outcomes;
}

int main() {
  const std::string folder = std::filesystem::temp_directory_path() / "outthink_resume_after_crash";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);

  if (::fork() == 0) run(folder + "/run.db", 58);  // in a process of its own, which is killed
  ::wait(nullptr);
  fmt::print("the first run was killed at its 58th answer; the same program again:\n");
  const std::vector<outcome> resumed = run(folder + "/run.db", 0);
  fmt::print("a run that nobody killed:\n");
  const std::vector<outcome> whole = run(folder + "/other.db", 0);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool same = resumed[i].confidence == whole[i].confidence &&
                      resumed[i].answer == whole[i].answer && resumed[i].spent == whole[i].spent;
    fmt::print("{}, the same: {}\n", resumed[i], same);
  }
  std::filesystem::remove_all(folder);
}
