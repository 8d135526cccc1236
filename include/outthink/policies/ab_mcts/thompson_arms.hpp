// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/normal_posterior.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace outthink {

/// @brief What is known about the worth of several things, for Thompson sampling: the one whose
/// worth, drawn from what is known about it, is the largest.
///
/// How it works: `choose` draws once from every posterior.
/// Requires: a posterior with `observe(value)` and a function `draw(posterior, u, v)` that gives a
/// number from two uniform ones, as `kernels::beta_posterior` has them.
/// Cost: `add` and `observe` O(1), `choose` O(arms). Errors: `std::bad_alloc`.
/// Determinism: of equal draws the earlier arm's counts.
/// Reference: W. Thompson 1933, Biometrika 25.
template <class Posterior>
class thompson_arms {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return arms_.size(); }
  [[nodiscard]] const Posterior& operator[](std::size_t i) const noexcept { return arms_[i]; }
  void add(const Posterior& belief) { arms_.push_back(belief); }
  void observe(std::size_t i, double value) { arms_[i].observe(value); }

  /// The arm with the largest draw. Requires: an arm.
  [[nodiscard]] std::size_t choose(random_stream& random) const {
    std::size_t best = 0;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      const double worth = drawn(arms_[i], random);
      if (worth > largest) best = i, largest = worth;
    }
    return best;
  }

  /// A draw from what is known about one thing.
  [[nodiscard]] static double drawn(const Posterior& belief, random_stream& random) {
    const double u = random.uniform() + 0x1p-54, v = random.uniform() + 0x1p-54;
    return draw(belief, u, v);
  }

 private:
  std::vector<Posterior> arms_;
};

/// @brief The same for means of normal distributions, sublinear in the number of arms.
///
/// How it works: given what was observed, a mean is m + s T, where s² = τ² / κ and T is Student's
/// with ν degrees of freedom; and T = cos(2πv) √(ν (u^(-2/ν) - 1)) for uniform u and v. The radius,
/// which bounds |T|, falls with u and with ν. So the arms' numbers u are drawn in ascending order,
/// each for an arm that has none yet, until the next radius, for the least ν and the largest m and
/// s of all arms, cannot reach the largest draw so far. That is a draw from every posterior, of
/// which those that do not matter are left out.
///
/// Cost: `add` and `observe` O(1); `choose` looks at all of few arms, and of many at about as many
/// as the ratio of the spreads squared, however many there are, if most of them have few
/// observations; at all of them at worst; 40 to 100 ns each.
/// Numerics: u and v have 32 bits: T is never beyond 65,536 √2 for ν = 2. The largest m and s are
/// those ever reached. Reference: R. Bailey 1994, Mathematics of Computation 62 (polar generation
/// of Student's t).
template <>
class thompson_arms<kernels::normal_posterior> {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return arms_.size(); }
  [[nodiscard]] const kernels::normal_posterior& operator[](std::size_t i) const noexcept {
    return arms_[i].belief;
  }

  void add(const kernels::normal_posterior& belief) {
    arms_.push_back({belief, 0, 0});
    note(arms_.back());
  }
  void observe(std::size_t i, double value) {
    arms_[i].belief.observe(value);
    note(arms_[i]);
  }

  /// The arm with the largest draw. Requires: an arm.
  [[nodiscard]] std::size_t choose(random_stream& random) {
    return arms_.size() <= kFew ? choose_of_few(random) : choose_of_many(random);
  }

  /// A draw from what is known about one thing.
  [[nodiscard]] static double drawn(const kernels::normal_posterior& belief,
                                    random_stream& random) {
    const double reach = spread_of(belief) * radius(belief.freedom, std::log(uniform(random)));
    return belief.mean + reach * cosine(random);
  }

 private:
  static constexpr std::size_t kFew = 24;

  struct arm {
    kernels::normal_posterior belief;
    double spread;       // s
    std::uint32_t seen;  // the last choice that looked at it
  };

  static double spread_of(const kernels::normal_posterior& belief) noexcept {
    return std::sqrt(belief.variance / belief.mean_observations);
  }
  // √(ν (u^(-2/ν) - 1)).
  static double radius(double freedom, double log_u) noexcept {
    return std::sqrt(freedom * (std::exp(-2 * log_u / freedom) - 1));
  }
  static double uniform(random_stream& random) noexcept {  // in (0, 1)
    return (random.next() + 0.5) * 0x1p-32;
  }
  static double cosine(random_stream& random) noexcept {
    return std::cos(6.283185307179586 * uniform(random));
  }

  void note(arm& one) noexcept {
    one.spread = spread_of(one.belief);
    largest_mean_ = std::max(largest_mean_, one.belief.mean);
    largest_spread_ = std::max(largest_spread_, one.spread);
    least_freedom_ = std::min(least_freedom_, one.belief.freedom);
  }

  [[nodiscard]] std::size_t choose_of_few(random_stream& random) const {
    std::size_t best = 0;
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < arms_.size(); ++i) {
      const auto& [belief, spread, seen] = arms_[i];
      const double reach = spread * radius(belief.freedom, std::log(uniform(random)));
      if (!(belief.mean + reach > largest)) continue;
      const double worth = belief.mean + reach * cosine(random);
      if (worth > largest) best = i, largest = worth;
    }
    return best;
  }

  [[nodiscard]] std::size_t choose_of_many(random_stream& random) {
    ++choices_;
    std::size_t best = 0;
    double largest = -std::numeric_limits<double>::infinity(), u = 0;
    for (std::size_t left = arms_.size(); left > 0; --left) {
      // The least of `left` numbers that are uniform between u and 1.
      u += (1 - u) * -std::expm1(std::log(uniform(random)) / static_cast<double>(left));
      const double log_u = std::log(u);
      if (largest_mean_ + largest_spread_ * radius(least_freedom_, log_u) <= largest) break;
      std::size_t i = random.below(static_cast<std::uint32_t>(arms_.size()));
      while (arms_[i].seen == choices_) i = random.below(static_cast<std::uint32_t>(arms_.size()));
      arms_[i].seen = choices_;
      const auto& [belief, spread, seen] = arms_[i];
      const double reach = spread * radius(belief.freedom, log_u);
      if (!(belief.mean + reach > largest)) continue;
      const double worth = belief.mean + reach * cosine(random);
      if (worth > largest) best = i, largest = worth;
    }
    return best;
  }

  std::vector<arm> arms_;
  std::uint32_t choices_ = 0;
  double largest_mean_ = -std::numeric_limits<double>::infinity();
  double largest_spread_ = 0;
  double least_freedom_ = std::numeric_limits<double>::infinity();
};

}  // namespace outthink
