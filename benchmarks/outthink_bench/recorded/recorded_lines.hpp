// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/kernels/pass_at_k.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace bench::recorded {

/// The lines of an extract: one that the library's tests share, or, with a folder in its name, any
/// other of the repository. Errors: `errc::file_unreadable`.
[[nodiscard]] inline std::vector<std::string> recorded_text(const std::string& name) {
  const bool other = name.find('/') != std::string::npos;
  const std::string path =
      std::string(OUTTHINK_SOURCE_DIR) + (other ? "/" : "/tests/data/recorded/") + name;
  std::ifstream file(path);
  if (!file) throw outthink::error(outthink::errc::file_unreadable, path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// One object a problem.
[[nodiscard]] inline std::vector<nlohmann::json> recorded_lines(const std::string& name) {
  std::vector<nlohmann::json> problems;
  for (const std::string& line : recorded_text(name))
    problems.push_back(nlohmann::json::parse(line));
  return problems;
}

/// A file that is one object.
[[nodiscard]] inline nlohmann::json recorded_object(const std::string& name) {
  std::string text;
  for (const std::string& line : recorded_text(name)) text += line;
  return nlohmann::json::parse(text);
}

/// How many of a problem's samples are right.
struct sample_count {
  std::uint64_t samples, right;
};

/// The mean of pass@k over problems, in percent.
[[nodiscard]] inline double mean_pass_at_k(std::span<const sample_count> problems,
                                           std::uint64_t k) {
  double sum = 0;
  for (const sample_count& one : problems)
    sum += outthink::kernels::pass_at_k(one.samples, one.right, k);
  return 100 * sum / static_cast<double>(problems.size());
}

/// Within half a unit of the last digit that is given.
[[nodiscard]] inline bool rounds_to(double value, double printed, int digits) {
  double unit = 1;
  for (int i = 0; i < digits; ++i) unit /= 10;
  const double off = value - printed;
  return off < unit * 0.50001 && off > -unit * 0.50001;
}

}  // namespace bench::recorded
