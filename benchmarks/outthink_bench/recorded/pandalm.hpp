// SPDX-License-Identifier: MIT
#pragma once

#include "recorded_lines.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/kernels/bradley_terry_update.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench::recorded {

/// 999 pairs of answers by five language models of 7 billion parameters, each compared by three
/// people and by two judge models.
struct pandalm {
  std::vector<nlohmann::json> pairs = recorded_lines("pandalm.jsonl");

  /// What most of the three people said: "1" the first is better, "2" the second, "0" neither.
  [[nodiscard]] static std::string people_say(const nlohmann::json& pair) {
    std::vector<outthink::candidate> votes(pair["humans"].size());
    for (std::size_t i = 0; i < votes.size(); ++i)
      votes[i].answer = std::to_string(pair["humans"][i].get<int>());
    return votes[outthink::majority_vote{}(votes).chosen].answer;
  }

  struct score {
    int wins = 0, losses = 0, ties = 0;
    bool operator==(const score&) const = default;
  };

  /// The first model's score against the second, of each pair of models.
  [[nodiscard]] std::map<std::pair<std::string, std::string>, score> scores() const {
    std::map<std::pair<std::string, std::string>, score> table;
    for (const auto& pair : pairs) {
      score& one = table[{pair["a"], pair["b"]}];
      const std::string verdict = people_say(pair);
      ++(verdict == "1" ? one.wins : verdict == "2" ? one.losses : one.ties);
    }
    return table;
  }

  /// The share of pairs on which a judge says what most people say. GPT-3.5 also says "Tie", and 25
  /// times nothing that can be read, which agrees with nobody.
  [[nodiscard]] double agreement(const char* judge) const {
    int same = 0;
    for (const auto& pair : pairs) {
      const auto said = pair[judge].get<std::string>();
      same += (said == "Tie" ? "0" : said) == people_say(pair);
    }
    return same / static_cast<double>(pairs.size());
  }

  /// Bradley-Terry ratings in Elo points around their mean, a tie being half a win for both.
  [[nodiscard]] std::map<std::string, double> ratings() const {
    std::map<std::string, std::size_t> index;
    for (const auto& pair : pairs)
      for (const char* side : {"a", "b"}) index.emplace(pair[side].get<std::string>(), 0);
    const std::size_t n = index.size();
    std::size_t next = 0;
    for (auto& [name, at] : index) at = next++;
    std::vector<double> wins(n * n), strengths(n, 1), scratch(n);
    for (const auto& pair : pairs) {
      const std::size_t a = index.at(pair["a"]), b = index.at(pair["b"]);
      const std::string verdict = people_say(pair);
      wins[a * n + b] += verdict == "1" ? 1 : verdict == "2" ? 0 : 0.5;
      wins[b * n + a] += verdict == "2" ? 1 : verdict == "1" ? 0 : 0.5;
    }
    while (outthink::kernels::bradley_terry_update(wins, strengths, scratch) > 1e-12) continue;
    double mean = 0;
    for (const double strength : strengths)
      mean += 400 * std::log10(strength) / static_cast<double>(n);
    std::map<std::string, double> made;
    for (const auto& [name, at] : index) made[name] = 400 * std::log10(strengths[at]) - mean;
    return made;
  }
};

}  // namespace bench::recorded
