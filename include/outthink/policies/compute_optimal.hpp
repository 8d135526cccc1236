// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/policies/compute_optimal/best_arms.hpp>
#include <outthink/policies/compute_optimal/bin_of.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace outthink {

/// What is known of a problem when its policy is chosen.
struct pilot_samples {
  std::string_view problem;              ///< as the model reads it
  std::span<const std::string> answers;  ///< [pilots that finished]
  std::span<const float> scores;         ///< [pilots that finished]
};

/// Ease as the mean score of the pilots: the predicted difficulty of C. Snell et al. 2024.
struct bins_by_score {
  std::vector<double> edges;  ///< of the bins, ascending

  [[nodiscard]] std::size_t operator()(const pilot_samples& known) const {
    double sum = 0;
    for (const float score : known.scores) sum += static_cast<double>(score);
    return bin_of(sum / static_cast<double>(known.scores.size()), edges);
  }
};

/// Ease as the share of the most frequent answer among the pilots, with no need of a verifier.
struct bins_by_agreement {
  std::vector<double> edges;  ///< of the bins, ascending

  [[nodiscard]] std::size_t operator()(const pilot_samples& known) const {
    std::size_t most = 0;
    for (const std::string& answer : known.answers) {
      std::size_t votes = 0;
      for (const std::string& other : known.answers) votes += other == answer ? 1 : 0;
      most = votes > most ? votes : most;
    }
    return bin_of(static_cast<double>(most) / static_cast<double>(known.answers.size()), edges);
  }
};

/// @brief Chooses the policy by how difficult the problem looks.
///
/// How it works: `pilots` whole solutions are drawn and scored; `bin` says from them, or from the
/// problem's text alone, how difficult the problem is; `arm_of_bin` says which of `arms` is best at
/// that, as `best_arms` finds it on problems whose answers are known; that policy goes on. The
/// pilots are candidates like all others, so that nothing is drawn in vain.
///
/// Requires: pilots ≥ 0; `bin(pilot_samples)` below the size of `arm_of_bin`, whose entries are
/// below the number of arms.
/// Cost: that of `pilots` samples and of the arm.
/// Errors: `errc::invalid_argument` for what is out of range; what `bin` and the arm throw.
/// Determinism: that of `bin` and the arm. Numerics: pilots that were cut tell nothing; with none
/// left the two estimators here say the hardest bin.
/// Reference: C. Snell et al. 2024, arXiv:2408.03314, sections 3.2 and 5.3, which does not charge
/// the estimate of the difficulty; here the pilots are paid and used.
template <class Bin, class... Arms>
struct compute_optimal {
  Bin bin;  ///< the problem's bin: `bins_by_score`, a predictor of yours
  std::vector<std::size_t> arm_of_bin;  ///< the arm for each bin
  std::tuple<Arms...> arms;             ///< the policies to choose from
  int pilots = 4;                       ///< solutions drawn before the choice; 0: none

  task<candidate_nodes> operator()(search auto& s) const {
    require(pilots >= 0, "compute_optimal: pilots must not be negative");
    const auto drawn = co_await s.complete(s.root(), pilots);
    const auto all_scores = co_await s.score(drawn);
    s.retire(drawn);
    candidate_nodes all;
    std::vector<std::string> answers;
    std::vector<float> scores;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      if (s.tree().status(drawn[i]) != node_status::finished) continue;
      all.push_back(drawn[i]);
      answers.emplace_back(s.answer(drawn[i]));
      scores.push_back(all_scores[i]);
    }
    const std::size_t chosen = bin({trace_view(s.tree(), s.root()).prompt(), answers, scores});
    require(chosen < arm_of_bin.size(), "compute_optimal: the bin is not in arm_of_bin");
    const auto found = co_await run_arm(s, arm_of_bin[chosen]);
    for (const node_id node : found) {
      if (!contains(all, answers.size(), node)) all.push_back(node);
    }
    co_return all;
  }

 private:
  template <std::size_t I = 0>
  [[nodiscard]] task<candidate_nodes> run_arm(auto& s, std::size_t wanted) const {
    require(wanted < sizeof...(Arms), "compute_optimal: arm_of_bin names an arm that is not there");
    if constexpr (I + 1 < sizeof...(Arms)) {
      if (wanted != I) return run_arm<I + 1>(s, wanted);
    }
    return std::get<I>(arms)(s);
  }

  static bool contains(const candidate_nodes& nodes, std::size_t first, node_id wanted) {
    for (std::size_t i = 0; i < first; ++i) {
      if (nodes[i] == wanted) return true;
    }
    return false;
  }
};

template <class Bin, class... Arms>
compute_optimal(Bin, std::vector<std::size_t>, std::tuple<Arms...>)
    -> compute_optimal<Bin, Arms...>;
template <class Bin, class... Arms>
compute_optimal(Bin, std::vector<std::size_t>, std::tuple<Arms...>, int)
    -> compute_optimal<Bin, Arms...>;

}  // namespace outthink
