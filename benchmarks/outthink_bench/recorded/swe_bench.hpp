// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/core/selection.hpp>

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace bench::recorded {

/// 48 runs of models of 2024 to 2026 on the issues of SWE-bench Verified: which the tests call
/// resolved.
struct swe_bench {
  std::vector<std::string> runs;
  std::vector<std::string> marks;  ///< [issues] of each run: 1, 0, - not judged, ? not asked

  swe_bench() {
    const auto lines = recorded_text("benchmarks/recorded/swe_bench.txt");
    std::istringstream names(lines[0]);
    for (std::string name; names >> name;) runs.push_back(name);
    for (std::size_t i = 1; i < lines.size(); ++i)
      marks.push_back(lines[i].substr(lines[i].find(' ') + 1));
  }

  /// The share of its judged issues that a run resolves.
  [[nodiscard]] double score(std::size_t run) const {
    double judged = 0, resolved = 0;
    for (const std::string& issue : marks) {
      judged += issue[run] == '1' || issue[run] == '0';
      resolved += issue[run] == '1';
    }
    return resolved / judged;
  }

  /// The issues that every run was asked.
  [[nodiscard]] std::vector<std::string> common() const {
    std::vector<std::string> asked;
    for (const std::string& issue : marks)
      if (issue.find('?') == std::string::npos) asked.push_back(issue);
    return asked;
  }

  /// Common issues resolved by at least one of the k best runs, which the tests would tell.
  [[nodiscard]] int any_of_best(std::size_t k) const {
    std::vector<float> resolved(runs.size());
    const auto issues = common();
    for (const std::string& issue : issues)
      for (std::size_t r = 0; r < runs.size(); ++r) resolved[r] += issue[r] == '1' ? 1.0F : 0.0F;
    const auto best = outthink::best_positions(resolved, k);
    int count = 0;
    for (const std::string& issue : issues) {
      bool any = false;
      for (const std::size_t run : best) any = any || issue[run] == '1';
      count += any ? 1 : 0;
    }
    return count;
  }

  /// The mean share, in percent, of common issues that a random k of the runs resolve together.
  [[nodiscard]] double any_of_random(std::uint64_t k) const {
    std::vector<sample_count> counts;
    for (const std::string& issue : common()) {
      sample_count count{runs.size(), 0};
      for (const char mark : issue) count.right += mark == '1';
      counts.push_back(count);
    }
    return mean_pass_at_k(counts, k);
  }
};

}  // namespace bench::recorded
