// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/frontier.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/when_all.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace outthink {

/// @brief Samples whole solutions from the model's distribution raised to a power, p(y)^α: sharper
/// than the model, without a verifier, and not what a low temperature gives.
///
/// How it works: Metropolis–Hastings. A move chooses a step of the solution at hand, writes a new
/// ending from there on, and takes it with the probability
///
///     min(1, (p(new ending) / p(old ending))^α · q(old ending) / q(new ending) · n / n')
///
/// (q: probability with which an ending is drawn; n, n': steps of the old solution and the new),
/// which makes p^α the chain's distribution.
/// `moves` moves are made when the solution has one step, when it has two, and so on, and again
/// with whole solutions once it has ended: a start from which few are needed at the end. Each of
/// the `chains` chains gives one candidate.
///
/// Requires: counts ≥ 1, moves ≥ 0, alpha ≥ 0, temperature > 0; a model that gives the
/// log-probability of what it writes, its end included, and at a temperature other than 1
/// `drawn_logprob` as well. Where the end is left out (as `decoder` does), p(end) is not raised.
/// Cost: a move writes half a solution on average, one step a round: about
/// chains · moves · L² / 4 generations for solutions of L steps.
/// Errors: `errc::invalid_argument` for options out of range, and for a model that does not say
/// with which probability it drew. Determinism: chain i depends on its number alone. Numerics: sums
/// of log-probabilities in double. Steps are drawn without top-k or top-p, whatever the problem's
/// sampling options, so that what is drawn has the probability that the model reports. A step that
/// was cut ends its solution, which then is no candidate. Reference: A. Karan, Y. Du 2025,
/// arXiv:2510.14901. There blocks have a fixed number of tokens and endings are proposed at the
/// temperature 1/α, of which more are taken; here blocks are steps, and the quotient n / n' keeps
/// the chain exact for solutions of different length.
struct power_sampling {
  int chains = 4;         ///< solutions, independent of each other
  float alpha = 4;        ///< α: 1 is the model itself
  int moves = 10;         ///< moves at each length; 0: what the model draws at `temperature`
  int max_steps = 16;     ///< longest solution
  float temperature = 1;  ///< at which endings are drawn; published: 1 / alpha

  task<candidate_nodes> operator()(search auto& s) const {
    require(chains >= 1 && max_steps >= 1 && moves >= 0 && alpha >= 0 && temperature > 0,
            "power_sampling: chains and max_steps must be at least 1, moves and alpha at least 0, "
            "temperature above 0");
    auto branches = branches_of(s);
    std::vector<task<node_id>> walks;
    for (auto& own : branches) walks.push_back(walk(own));
    const frontier ends = co_await when_all(std::move(walks));
    static_cast<void>(co_await s.score(ends));
    s.retire(ends);
    co_return s.candidates();
  }

 private:
  template <class Search>
  [[nodiscard]] std::vector<Search> branches_of(Search& s) const {
    std::vector<Search> branches;
    for (int i = 0; i < chains; ++i) branches.push_back(s.branch());
    return branches;
  }

  // One chain: the node at which its last solution ends.
  task<node_id> walk(auto& s) const {
    frontier steps;  // of the solution at hand
    for (std::size_t length = 1;;) {
      const auto more = co_await ending(s, end_of(s, steps), length - steps.size());
      steps.insert(steps.end(), more.begin(), more.end());
      for (int move = 0; move < moves && !steps.empty(); ++move) {
        const auto kept = s.random().below(static_cast<std::uint32_t>(steps.size()));
        const auto chance = s.random().uniform();
        const auto old = std::span<const node_id>(steps).subspan(kept);
        const node_id from = kept == 0 ? s.root() : steps[kept - 1];
        const auto proposed = co_await ending(s, from, length - kept);
        const double longer = static_cast<double>(kept + proposed.size());
        const double gain = weight(s.tree(), proposed) - weight(s.tree(), old) +
                            std::log(static_cast<double>(steps.size()) / longer);
        if (!(std::log(chance) < gain)) continue;
        steps.resize(kept);
        steps.insert(steps.end(), proposed.begin(), proposed.end());
      }
      const auto longest = static_cast<std::size_t>(max_steps);
      if (length == longest || steps.empty()) co_return end_of(s, steps);
      const bool open = s.tree().status(steps.back()) == node_status::open;
      length = open ? length + 1 : longest;
    }
  }

  static node_id end_of(auto& s, const frontier& steps) {
    return steps.empty() ? s.root() : steps.back();
  }

  // Draws steps after `from` until the solution ends, at most `most`.
  task<frontier> ending(auto& s, node_id from, std::size_t most) const {
    const sampling_options proposal{.temperature = temperature};
    frontier steps, at{from};
    while (steps.size() < most && s.tree().status(at[0]) == node_status::open) {
      const auto drawn = co_await s.extend(at, 1, proposal);
      if (drawn.empty()) break;
      at[0] = drawn[0];
      steps.push_back(at[0]);
    }
    co_return steps;
  }

  // ln of p^α / q of the steps.
  double weight(const auto& tree, std::span<const node_id> steps) const {
    double sum = 0;
    for (const node_id step : steps) {
      const float own = tree.payload(step).logprob;
      const float drawn = temperature == 1 ? own : tree.drawn_logprob(step);
      require(drawn == drawn,
              "power_sampling: the model does not say with which probability it draws at another "
              "temperature than 1; see generation::drawn_logprob");
      sum += static_cast<double>(alpha) * static_cast<double>(own) - static_cast<double>(drawn);
    }
    return sum;
  }
};

}  // namespace outthink
