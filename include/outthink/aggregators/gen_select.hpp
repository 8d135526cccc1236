// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/aggregators/match_play.hpp>
#include <outthink/concepts/chooser.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Lets a model read the solutions of a policy together and choose one: GenSelect, and
/// universal self-consistency.
///
/// How it works: a policy itself, it runs `policy`, then shows `select` groups of at most `group`
/// solutions, all groups in one round; the chosen ones meet again until one is left. Asked for the
/// best solution it is GenSelect; asked for the answer most consistent with the others, in one
/// group, it is universal self-consistency. A solution's score becomes the share of rounds it
/// survived, so that `best_score` chooses the last. It takes the place of the verifier's score.
/// Requires: group ≥ 2; a context that holds a group. Groups are as even as can be.
/// Cost: about (n - 1) / (group - 1) choices in log n / log group rounds, beside the policy's.
/// Errors: `errc::invalid_argument` for groups below 2, `errc::service_failed` where the model
/// could not answer. Determinism: a reply that names no solution of its group is taken for the
/// first. Reference: X. Chen et al. 2023, arXiv:2311.17311 (universal self-consistency, 8
/// solutions, and fewer than 16 or so); S. Toshniwal et al. 2025, arXiv:2507.17797 (GenSelect, 8 to
/// 16 a call). Example: tests/aggregators/gen_select.cpp.
template <class Policy, chooser Chooser>
struct gen_select {
  Policy policy;    ///< finds the solutions
  Chooser& select;  ///< reads a group and chooses
  int group = 16;   ///< solutions read at once, ≥ 2

  task<candidate_nodes> operator()(search auto& s) const {
    require(group >= 2, "gen_select: group must be at least 2");
    const candidate_nodes nodes = co_await policy(s);
    const auto texts = detail::solutions_at(s.tree(), nodes);
    std::vector<float> survived(nodes.size(), 0);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < nodes.size(); ++i) left.push_back(i);
    float rounds = 0;
    for (; left.size() > 1; ++rounds) {
      left = co_await chosen_of(s, texts, std::move(left));
      for (const std::size_t winner : left) ++survived[winner];
    }
    for (float& share : survived) share = rounds > 0 ? share / rounds : 1;
    detail::score_solutions(s, nodes, survived);
    co_return nodes;
  }

 private:
  // One of each group.
  template <class Search>
  task<std::vector<std::size_t>> chosen_of(Search& s, const std::vector<std::string>& texts,
                                           std::vector<std::size_t> from) const {
    const std::string problem(s.tree().payload(s.root()).text);
    const auto most = static_cast<std::size_t>(group);
    const std::size_t groups = (from.size() + most - 1) / most;
    const auto begin_of = [&](std::size_t g) { return g * from.size() / groups; };
    std::vector<std::string_view> shown;
    for (const std::size_t i : from) shown.push_back(texts[i]);
    std::vector<choice_request> requests;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t size = begin_of(g + 1) - begin_of(g);
      if (size < 2) continue;
      requests.push_back(
          {problem, std::span(shown).subspan(begin_of(g), size), detail::draw_stream(s.random())});
    }
    const auto answers = co_await s.ask(select, std::move(requests));
    std::vector<std::size_t> chosen;
    std::size_t at = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t begin = begin_of(g), size = begin_of(g + 1) - begin;
      std::size_t position = 0;
      if (size > 1) {
        const choice& said = answers[at++];
        if (!said.failure.empty()) throw error(errc::service_failed, "chooser: " + said.failure);
        if (said.chosen < size) position = said.chosen;
      }
      chosen.push_back(from[begin + position]);
    }
    co_return chosen;
  }
};

}  // namespace outthink
