// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink {

/// The samples of a problem by their answer.
struct answer_votes {
  std::span<const std::uint32_t> counts;  ///< [answers] samples that gave each
  std::span<const double> values;         ///< [answers] what each is worth: 1 if right, 0 if wrong
  std::uint32_t unanswered = 0;           ///< samples without an answer: they do not vote
};

namespace detail {

/// The number of samples. Throws for what cannot be voted on.
[[nodiscard]] inline std::size_t check_votes(const answer_votes& votes, std::size_t k) {
  require(votes.counts.size() == votes.values.size(),
          "maj@k: give a value for each answer's count");
  std::size_t samples = votes.unanswered;
  for (const std::uint32_t count : votes.counts) samples += count;
  require(k >= 1 && k <= samples, "maj@k: k must lie between 1 and the number of samples");
  return samples;
}

/// P(u of `left` draws from `all` samples hit the `count` that gave one answer) for each `left` ≤ k
/// and u ≤ `most`; 0 where that cannot be. `log_factorial` [all + 1].
[[nodiscard]] inline std::vector<double> draw_chances(std::span<const double> log_factorial,
                                                      std::size_t all, std::size_t count,
                                                      std::size_t k, std::size_t most) {
  std::vector<double> chances((k + 1) * (most + 1));
  const auto choose = [log_factorial](std::size_t n, std::size_t of) {
    return log_factorial[n] - log_factorial[of] - log_factorial[n - of];
  };
  for (std::size_t left = 0; left <= std::min(k, all); ++left) {
    for (std::size_t u = 0; u <= std::min(most, left); ++u) {
      if (left - u > all - count) continue;
      chances[left * (most + 1) + u] =
          std::exp(choose(count, u) + choose(all - count, left - u) - choose(all, left));
    }
  }
  return chances;
}

}  // namespace detail

/// @brief The expected value of the majority vote of k samples, over all ways to draw k of n: with
/// values of 1 for right and 0 for wrong, maj@k.
///
/// How it works: for each number v of votes that may win, answer after answer: the probabilities of
/// (draws left, answers with v votes so far), none having more than v, and beside them the value of
/// those with v votes. An answer's votes are hypergeometric given what was drawn before.
/// Shapes and units: `votes` as the samples of one problem. Average over problems.
/// Requires: as many values as counts, 1 ≤ k ≤ n.
/// Cost: O(n · k² log k) and O(n · k) memory: milliseconds for 100 samples, 0.1 s for 256; beyond,
/// `sampled_maj_at_k`. Errors: `errc::invalid_argument` outside the ranges.
/// Numerics: in double, relative error about 1e-12; nothing is subtracted. A tie is worth the mean
/// of those tied, as if broken at random; so does a vote that takes the first seen, over all orders
/// of the samples. No answer at all is worth 0.
/// Reference: the curve of self-consistency, X. Wang et al. 2022, arXiv:2203.11171, commonly
/// estimated from 100 random subsets.
[[nodiscard]] inline double maj_at_k(const answer_votes& votes, std::size_t k) {
  const std::size_t samples = detail::check_votes(votes, k), answers = votes.counts.size();
  std::vector<double> log_factorial(samples + 1);
  for (std::size_t i = 2; i <= samples; ++i)
    log_factorial[i] = log_factorial[i - 1] + std::log(static_cast<double>(i));
  std::vector<std::vector<double>> chances;
  for (std::size_t j = 0, all = samples; j < answers; all -= votes.counts[j++]) {
    const std::size_t most = std::min<std::size_t>(votes.counts[j], k);
    chances.push_back(detail::draw_chances(log_factorial, all, votes.counts[j], k, most));
  }
  double expected = 0;
  std::vector<double> chance, value, next_chance, next_value;
  for (std::size_t v = 1; v <= k; ++v) {
    const std::size_t ties = k / v + 1;  // 0 to k / v answers can have v votes
    chance.assign((k + 1) * ties, 0.0);
    value.assign((k + 1) * ties, 0.0);
    chance[k * ties] = 1;
    for (std::size_t j = 0; j < answers; ++j) {
      const std::size_t most = std::min<std::size_t>(votes.counts[j], k);
      next_chance.assign(chance.size(), 0.0);
      next_value.assign(value.size(), 0.0);
      for (std::size_t left = 0; left <= k; ++left) {
        for (std::size_t u = 0; u <= std::min({v, most, left}); ++u) {
          const double p = chances[j][left * (most + 1) + u];
          const std::size_t wins = u == v ? 1 : 0;
          const double worth = u == v ? votes.values[j] : 0;
          for (std::size_t tied = 0; p > 0 && tied + wins < ties; ++tied) {
            const std::size_t from = left * ties + tied, to = (left - u) * ties + tied + wins;
            next_chance[to] += p * chance[from];
            next_value[to] += p * (value[from] + worth * chance[from]);
          }
        }
      }
      chance.swap(next_chance);
      value.swap(next_value);
    }
    for (std::size_t left = 0; left <= std::min<std::size_t>(k, votes.unanswered); ++left) {
      for (std::size_t tied = 1; tied < ties; ++tied)
        expected += value[left * ties + tied] / static_cast<double>(tied);
    }
  }
  return expected;
}

/// A mean of random draws.
struct sampled_mean {
  double value = 0;
  double standard_error = 0;  ///< of the value, by the spread of the draws; NaN for one draw
};

/// @brief maj@k by Monte Carlo, for more samples than `maj_at_k` can take.
///
/// How it works: the mean over `draws` random subsets of k samples; ties are worth the mean of
/// those tied. Shapes, requirements, errors: as for `maj_at_k`; draws ≥ 1 and n below 2³².
/// Cost: O(n + draws · k). Determinism: a function of the arguments, on every machine.
[[nodiscard]] inline sampled_mean sampled_maj_at_k(const answer_votes& votes, std::size_t k,
                                                   std::uint32_t draws, std::uint64_t seed = 0) {
  const std::size_t samples = detail::check_votes(votes, k);
  require(draws >= 1, "sampled_maj_at_k: draw at least once");
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  if (votes.counts.empty()) return {0, draws == 1 ? unknown : 0};
  std::vector<std::uint32_t> urn;
  for (std::size_t j = 0; j < votes.counts.size(); ++j)
    urn.insert(urn.end(), votes.counts[j], static_cast<std::uint32_t>(j));
  const auto none = static_cast<std::uint32_t>(votes.counts.size());
  urn.resize(samples, none);
  std::vector<std::size_t> drawn(votes.counts.size() + 1);
  random_stream random({.key = seed, .place = 0});
  double mean = 0, squares = 0;
  for (std::uint32_t draw = 1; draw <= draws; ++draw) {
    std::size_t most = 0;
    for (std::size_t i = 0; i < k; ++i) {
      std::swap(urn[i], urn[i + random.below(static_cast<std::uint32_t>(samples - i))]);
      const std::size_t votes_now = ++drawn[urn[i]];
      if (urn[i] != none) most = std::max(most, votes_now);
    }
    double value = 0, tied = 0;
    for (std::size_t i = 0; i < k; ++i) {
      const std::uint32_t answer = urn[i];
      if (answer != none && drawn[answer] == most) value += votes.values[answer], tied += 1;
      drawn[answer] = 0;  // counts once, and the next draw begins anew
    }
    if (tied > 0) value /= tied;
    const double off = value - mean;
    mean += off / draw;
    squares += off * (value - mean);
  }
  if (draws == 1) return {mean, unknown};
  return {mean, std::sqrt(squares / (draws - 1) / draws)};
}

}  // namespace outthink
