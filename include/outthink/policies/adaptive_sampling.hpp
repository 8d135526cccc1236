// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/concepts/stop_rule.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Samples whole solutions until their answers settle the vote.
///
/// How it works: draws `batch` solutions at a time and asks `stop` about the answers so far, until
/// it has seen enough or `max_samples` are drawn; then scores them all. With `majority_vote` it is
/// self-consistency that stops early. Solutions without an answer do not vote.
///
/// Requires: batch ≥ 1, max_samples ≥ 1.
/// Cost: at most `max_samples` generations, one round per batch, and as many scorings in one round.
/// Errors: `errc::invalid_argument` for counts below 1; what `stop` throws.
/// Determinism: its samples are the first of those that `repeated_sampling` draws.
/// Reference: P. Aggarwal et al. 2023, arXiv:2305.11860; Y. Li et al. 2024, arXiv:2401.10480.
template <stop_rule Rule>
struct adaptive_sampling {
  Rule stop;             ///< when the votes are enough
  int batch = 4;         ///< solutions drawn before `stop` is asked again
  int max_samples = 40;  ///< solutions drawn in all

  task<candidate_nodes> operator()(search auto& s) const {
    require(batch >= 1 && max_samples >= 1,
            "adaptive_sampling: batch and max_samples must be at least 1");
    std::vector<std::string> answers;  // different ones, in order of appearance
    std::vector<std::uint32_t> votes;
    for (int left = max_samples; left > 0; left -= batch) {
      const auto solutions = co_await s.complete(s.root(), batch < left ? batch : left);
      s.retire(solutions);
      for (const node_id end : solutions) {
        if (s.tree().status(end) == node_status::finished)
          count(std::string(s.answer(end)), answers, votes);
      }
      if (stop(votes)) break;
    }
    static_cast<void>(co_await s.score(s.candidates()));
    co_return s.candidates();
  }

 private:
  static void count(std::string answer, std::vector<std::string>& answers,
                    std::vector<std::uint32_t>& votes) {
    if (answer.empty()) return;
    std::uint32_t number = 0;
    while (number < answers.size() && answers[number] != answer) ++number;
    if (number == answers.size()) answers.push_back(std::move(answer));
    votes.push_back(number);
  }
};

}  // namespace outthink
