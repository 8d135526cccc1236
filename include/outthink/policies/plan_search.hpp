// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/answers/list_items.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/prompted.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/policies/plan_search/combinations.hpp>
#include <outthink/policies/plan_search/plan_search_prompts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Searches over ideas in words before it writes programs: PlanSearch.
///
/// How it works: the model lists observations about the problem; from each set of at most
/// `combined` of them it derives more, `layers` lists deep. Each leaf, the set of all observations
/// on the way to it, is an idea; equal ones count once. `ideas` of them, drawn evenly, are
/// worked out: into a solution in words, with `critique` also into a second one that heeds what the
/// model finds wrong with the first; each into pseudocode, and that into a program, which is a
/// candidate. With 10 observations in a list there are 56 sets of a list, and 3136 ideas of two
/// layers.
///
/// Requires: counts ≥ 1; prompts that give texts; lists that `list_items` reads.
/// Cost: one generation for each set that is derived from, and 3 for an idea, or 7 with `critique`,
/// of which 1 or 2 are scored; layers + 4 rounds, or + 6 with `critique`.
/// Errors: `errc::invalid_argument` for options out of range, what prompts throw.
/// Determinism: the search's own random numbers draw the ideas.
/// Reference: E. Wang et al. 2024, arXiv:2409.03733, at the temperature .9 and top_p .95. There
/// every idea is worked out; the code shows a second layer's idea without the first layer's
/// observations that it was derived from.
/// Example: examples/plan_search.cpp.
template <class Prompts = plan_search_prompts>
struct plan_search {
  int observations = 10;  ///< asked for in a list, and taken from it, at most
  int combined = 2;       ///< S: observations of a list in a set, at most
  int layers = 2;         ///< L: lists on the way to an idea
  int ideas = 100;        ///< worked out, at most
  bool critique = true;   ///< each idea also in a second version, which heeds a critique
  Prompts prompts{};      ///< writes the prompts

  task<candidate_nodes> operator()(search auto& s) const {
    require(observations >= 1 && combined >= 1 && layers >= 1 && ideas >= 1,
            "plan_search: observations, combined, layers and ideas must be at least 1");
    const std::string problem(trace_view(s.tree(), s.root()).prompt());
    std::vector<observation_set> leaves(1);
    for (int layer = 0; layer < layers; ++layer) {
      const auto observe = [&](const auto& known) {
        return prompts.observe(problem, known, observations);
      };
      const auto lists = co_await prompted_texts(s, each(leaves, observe));
      leaves = derived(leaves, lists);
    }
    draw(leaves, s.random());

    auto sketches = co_await prompted_texts(
        s, each(leaves, [&](const auto& known) { return prompts.sketch(problem, known); }));
    if (critique) {
      const auto critiques = co_await prompted_texts(
          s, each(sketches, [&](const auto& one) { return prompts.criticise(problem, one); }));
      std::vector<std::string> revisions;
      for (std::size_t i = 0; i < sketches.size(); ++i) {
        revisions.push_back(prompts.revise(problem, sketches[i], critiques[i]));
      }
      auto revised = co_await prompted_texts(s, std::move(revisions));
      for (std::string& one : revised) sketches.push_back(std::move(one));
    }
    const auto pseudocodes = co_await prompted_texts(
        s, each(sketches, [&](const auto& one) { return prompts.pseudocode(problem, one); }));
    const frontier programs = co_await prompted_solutions(
        s, each(pseudocodes, [&](const auto& one) { return prompts.program(problem, one); }));
    static_cast<void>(co_await s.score(programs));
    s.retire(programs);
    co_return s.candidates();
  }

 private:
  template <class Thing, class Prompt>
  static std::vector<std::string> each(const std::vector<Thing>& things, const Prompt& prompt) {
    std::vector<std::string> written;
    for (const Thing& one : things) written.push_back(prompt(one));
    return written;
  }

  // The sets of each list, with those that the list was derived from.
  std::vector<observation_set> derived(const std::vector<observation_set>& from,
                                       const std::vector<std::string>& lists) const {
    std::vector<observation_set> sets;
    for (std::size_t i = 0; i < from.size(); ++i) {
      observation_set items = list_items(lists[i]);
      if (items.size() > static_cast<std::size_t>(observations)) {
        items.resize(static_cast<std::size_t>(observations));
      }
      for (const observation_set& more : combinations(items, static_cast<std::size_t>(combined))) {
        sets.push_back(from[i]);
        for (const std::string& one : more) {
          const bool known = std::find(from[i].begin(), from[i].end(), one) != from[i].end();
          if (!known) sets.back().push_back(one);
        }
      }
    }
    return sets;
  }

  // Drops repetitions, and draws which sets are kept, and in which order.
  void draw(std::vector<observation_set>& sets, random_stream& random) const {
    std::sort(sets.begin(), sets.end());
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    const std::size_t kept = std::min(sets.size(), static_cast<std::size_t>(ideas));
    for (std::size_t i = 0; i < kept; ++i) {
      const auto left = static_cast<std::uint32_t>(sets.size() - i);
      std::swap(sets[i], sets[i + random.below(left)]);
    }
    sets.resize(kept);
  }
};

}  // namespace outthink
