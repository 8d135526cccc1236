// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/pass_at_k.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace outthink::test {

/// The lines of an extract in tests/data/recorded.
inline std::vector<std::string> recorded_text(const std::string& name) {
  const std::string path = OUTTHINK_SOURCE_DIR "/tests/data/recorded/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// One object a problem.
inline std::vector<nlohmann::json> recorded_lines(const std::string& name) {
  std::vector<nlohmann::json> problems;
  for (const std::string& line : recorded_text(name))
    problems.push_back(nlohmann::json::parse(line));
  return problems;
}

/// How many of a problem's samples are right.
struct sample_count {
  std::uint64_t samples, right;
};

/// The mean of pass@k over problems, in percent.
inline double mean_pass_at_k(std::span<const sample_count> problems, std::uint64_t k) {
  double sum = 0;
  for (const sample_count& one : problems) sum += kernels::pass_at_k(one.samples, one.right, k);
  return 100 * sum / static_cast<double>(problems.size());
}

/// Within half a unit of the last digit that is given.
inline bool rounds_to(double value, double printed, int digits) {
  double unit = 1;
  for (int i = 0; i < digits; ++i) unit /= 10;
  const double off = value - printed;
  return off < unit * 0.50001 && off > -unit * 0.50001;
}

}  // namespace outthink::test
