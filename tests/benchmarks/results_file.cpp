// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/results_file.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace bench;

namespace {

/// A path that nothing stands at, and nothing will once the test is over.
struct temporary_path {
  std::string path = (std::filesystem::temp_directory_path() /
                      ("outthink-results-" + std::to_string(::getpid()) + ".jsonl"))
                         .string();
  temporary_path() { std::filesystem::remove(path); }
  ~temporary_path() { std::filesystem::remove(path); }
};

nlohmann::json line(const std::string& key) {
  return {{"kind", "search"}, {"key", key}};
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("lines that were added are read again") {
  const temporary_path at;
  {
    results_file file(at.path);
    CHECK(file.stored().lines.empty());
    file.append(line("a"));
    file.append(line("b"));
    CHECK(file.stored().lines.size() == 2);
  }
  const stored_results read = read_results(at.path);
  REQUIRE(read.lines.size() == 2);
  CHECK(read.lines[1].at("key") == "b");
  CHECK_FALSE(read.half_line);
}

TEST_CASE("a half line at the end is dropped, and the next line stands whole") {
  const temporary_path at;
  std::ofstream(at.path) << line("a").dump() << "\n{\"kind\": \"sea";
  CHECK(read_results(at.path).half_line);
  {
    results_file file(at.path);
    CHECK(file.stored().half_line);
    CHECK(file.stored().lines.size() == 1);
    file.append(line("b"));
  }
  CHECK(content(at.path) == line("a").dump() + "\n" + line("b").dump() + "\n");
}

TEST_CASE("a line in the middle that is no result is an error with its number") {
  const temporary_path at;
  std::ofstream(at.path) << line("a").dump() << "\nnonsense\n";
  CHECK_THROWS_WITH_AS((void)read_results(at.path), doctest::Contains(".jsonl:2: "),
                       outthink::error);
  std::ofstream(at.path) << "{\"id\": 1}\n";
  CHECK_THROWS_WITH_AS((void)read_results(at.path), doctest::Contains("is it a results file?"),
                       outthink::error);
}

TEST_CASE("a file that another run writes is refused") {
  const temporary_path at;
  const results_file first(at.path);
  CHECK_THROWS_WITH_AS(results_file{at.path}, doctest::Contains("is being written by another run"),
                       outthink::error);
}

TEST_CASE("a line that does not fit is an error that names the file, and what was there stays") {
  const temporary_path at;
  results_file file(at.path);
  file.append(line("a"));
  const std::string before = content(at.path);
  // Ten bytes more are the disk's last ones.
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
  rlimit tight = usual;
  tight.rlim_cur = before.size() + 10;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  std::string message;
  try {
    file.append(line("b"));
  } catch (const outthink::error& problem) {
    message = problem.what();
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &usual) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(message.find(at.path + " cannot be written; what was finished before is in it") !=
        std::string::npos);
  CHECK(content(at.path) == before);
  file.append(line("b"));
  CHECK(content(at.path) == before + line("b").dump() + "\n");
}
