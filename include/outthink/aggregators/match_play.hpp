// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/comparer.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/task.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/kernels/bradley_terry_update.hpp>
#include <outthink/kernels/elo_update.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

/// How the results of matches become ratings.
enum class rating_rule {
  elo,            ///< from 1200 by steps of at most 32, match after match
  bradley_terry,  ///< the likeliest strengths for all results at once, whatever their order
};

namespace detail {

/// The solutions that end at `nodes`, as the judge reads them.
inline std::vector<std::string> solutions_at(const text_tree& tree,
                                             std::span<const node_id> nodes) {
  std::vector<std::string> texts;
  texts.reserve(nodes.size());
  for (const node_id node : nodes) texts.push_back(trace_view(tree, node).solution());
  return texts;
}

/// A stream of random numbers for one request.
inline stream_id draw_stream(random_stream& random) noexcept {
  const std::uint64_t key = random.next(), place = random.next();
  return {key << 32 | random.next(), place << 32 | random.next()};
}

/// Lets the judge decide matches whose result is open, all in one round; the result of each becomes
/// the mean of `comparisons` answers, of which every second is asked the other way round, so that a
/// judge who goes by position alone sees a draw. NaN counts as a draw.
template <class Search, comparer Comparer>
task<std::vector<kernels::match>> play(Search& s, Comparer& judge,
                                       const std::vector<std::string>& texts,
                                       std::vector<kernels::match> matches, int comparisons) {
  const std::string problem(s.tree().payload(s.root()).text);
  std::vector<comparison_request> requests;
  for (const kernels::match& m : matches) {
    for (int i = 0; i < comparisons; ++i) {
      comparison_request asked{.problem = problem,
                               .first = texts[m.first],
                               .second = texts[m.second],
                               .stream = draw_stream(s.random())};
      if (i % 2 == 1) std::swap(asked.first, asked.second);
      requests.push_back(asked);
    }
  }
  const auto answers = co_await s.ask(judge, std::move(requests));
  std::size_t at = 0;
  for (kernels::match& m : matches) {
    float sum = 0;
    for (int i = 0; i < comparisons; ++i) {
      const comparison& said = answers[at++];
      if (!said.failure.empty()) throw error(errc::service_failed, "comparer: " + said.failure);
      const float first = said.first_wins == said.first_wins ? said.first_wins : 0.5F;
      sum += i % 2 == 1 ? 1 - first : first;
    }
    m.result = sum / static_cast<float>(comparisons);
  }
  co_return matches;
}

/// The ratings of `n` contestants, in Elo points.
inline std::vector<double> ratings_of(std::span<const kernels::match> matches, std::size_t n,
                                      rating_rule rule) {
  std::vector<double> ratings(n, rule == rating_rule::elo ? 1200 : 1);
  if (rule == rating_rule::elo) {
    kernels::elo_update(ratings, matches);
    return ratings;
  }
  // A tenth of a win to everyone against everyone keeps all strengths finite.
  std::vector<double> wins(n * n, 0.1), scratch(n);
  for (const kernels::match& m : matches) {
    wins[m.first * n + m.second] += static_cast<double>(m.result);
    wins[m.second * n + m.first] += 1 - static_cast<double>(m.result);
  }
  for (int step = 0; step < 10'000; ++step)
    if (kernels::bradley_terry_update(wins, ratings, scratch) < 1e-9) break;
  for (double& strength : ratings) strength = 400 * std::log10(strength);
  return ratings;
}

/// Each contestant's mean probability to beat one of the others; 1 for a lone one.
inline std::vector<float> win_chances(std::span<const double> ratings) {
  std::vector<float> chances(ratings.size(), 1);
  for (std::size_t i = 0; ratings.size() > 1 && i < ratings.size(); ++i) {
    double sum = -0.5;  // against itself
    for (const double other : ratings) sum += kernels::elo_expectation(ratings[i], other);
    chances[i] = static_cast<float>(sum / static_cast<double>(ratings.size() - 1));
  }
  return chances;
}

/// Makes the result of a tournament the score of each solution's last step.
template <class Search>
void score_solutions(Search& s, std::span<const node_id> nodes, std::span<const float> scores) {
  for (std::size_t i = 0; i < nodes.size(); ++i) s.tree().score(nodes[i]) = scores[i];
}

}  // namespace detail
}  // namespace outthink
