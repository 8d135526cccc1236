// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>
#include <outthink/kernels/normal_posterior.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
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

  /// Whether a draw from what is known about one thing exceeds `level`.
  [[nodiscard]] static bool exceeds(const Posterior& belief, double level, random_stream& random) {
    return drawn(belief, random) > level;
  }

 private:
  std::vector<Posterior> arms_;
};

/// @brief The same for means of normal distributions, at a cost that hardly grows with the arms.
///
/// How it works: given what was observed, a mean is m + s T, where s² = τ² / κ and T is Student's
/// with ν degrees of freedom; and T = cos(2πv) √(ν (u^(-2/ν) - 1)) for uniform u and v. The radius,
/// which bounds |T|, falls with u and with ν. Arms are grouped by ν, heavy tails first. In a group
/// the numbers u are drawn in ascending order, each for an arm that has none yet, until the next
/// radius cannot reach the largest draw so far, whatever the arm: what the others would have drawn
/// does not matter. So the choice is distributed as that of a draw from every posterior.
///
/// Cost: `add` and `observe` O(1); `choose` draws from every one of few arms; of many from a few in
/// each of at most log ν groups, the fewer the heavier its tails and the more alike its spreads;
/// from all at worst. 20 to 100 ns each.
/// Numerics: u and v have 32 bits: T is never beyond 131,072 for ν = 2. The largest m and s of a
/// group are those that it ever had.
/// Reference: R. Bailey 1994, Mathematics of Computation 62 (polar generation of Student's t).
template <>
class thompson_arms<kernels::normal_posterior> {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return arms_.size(); }
  [[nodiscard]] const kernels::normal_posterior& operator[](std::size_t i) const noexcept {
    return arms_[i].belief;
  }

  void add(const kernels::normal_posterior& belief) {
    arms_.push_back({belief, spread_of(belief), 0, 0});
    join(static_cast<std::uint32_t>(arms_.size() - 1));
  }
  void observe(std::size_t i, double value) {
    arm& one = arms_[i];
    leave(one);
    one.belief.observe(value);
    one.spread = spread_of(one.belief);
    join(static_cast<std::uint32_t>(i));
  }

  /// The arm with the largest draw. Requires: an arm.
  [[nodiscard]] std::size_t choose(random_stream& random) {
    choice made{random};
    if (arms_.size() <= kFew) {
      for (std::size_t i = 0; i < arms_.size(); ++i) consider(i, uniform(random), made);
    } else {
      for (group& some : groups_) choose_in(some, made);
    }
    return made.best;
  }

  /// A draw from what is known about one thing.
  [[nodiscard]] static double drawn(const kernels::normal_posterior& belief,
                                    random_stream& random) {
    const double reach = spread_of(belief) * radius(belief.freedom, uniform(random));
    return belief.mean + reach * cosine(uniform(random));
  }

  /// Whether such a draw exceeds `level`; most often that takes no logarithm and no cosine.
  [[nodiscard]] static bool exceeds(const kernels::normal_posterior& belief, double level,
                                    random_stream& random) {
    const double spread = spread_of(belief), u = uniform(random), v = uniform(random);
    if (!may_reach(belief.freedom, u, (level - belief.mean) / spread)) return false;
    const double reach = spread * radius(belief.freedom, u);
    return belief.mean + reach > level && belief.mean + reach * cosine(v) > level;
  }

 private:
  static constexpr std::size_t kFew = 24;

  struct arm {
    kernels::normal_posterior belief;
    double spread;               // s
    std::uint32_t group, place;  // and where it stands in that group
  };

  struct group {
    std::vector<std::uint32_t> members;
    double mean = -std::numeric_limits<double>::infinity();  // the largest
    double spread = 0;                                       // the largest
    double freedom = std::numeric_limits<double>::max();     // the least
  };

  struct choice {
    random_stream& random;
    std::size_t best = 0;
    double largest = -std::numeric_limits<double>::infinity();
  };

  static double spread_of(const kernels::normal_posterior& belief) noexcept {
    return std::sqrt(belief.variance / belief.mean_observations);
  }
  // √(ν (u^(-2/ν) - 1)).
  static double radius(double freedom, double u) noexcept {
    const double power = freedom == 2   ? 1 / u
                         : freedom == 4 ? 1 / std::sqrt(u)
                                        : std::exp(-2 * std::log(u) / freedom);
    return std::sqrt(freedom * (power - 1));
  }
  static double uniform(random_stream& random) noexcept {  // in (0, 1)
    return (random.next() + 0.5) * 0x1p-32;
  }
  static double cosine(double v) noexcept { return std::cos(6.283185307179586 * v); }

  // ν below 8 one by one, then by powers of two.
  static std::uint32_t group_of(double freedom) noexcept {
    if (freedom < 8) return static_cast<std::uint32_t>(freedom);
    return static_cast<std::uint32_t>(5 + std::ilogb(freedom));
  }

  void join(std::uint32_t i) {
    arm& one = arms_[i];
    one.group = group_of(one.belief.freedom);
    if (one.group >= groups_.size()) groups_.resize(one.group + 1);
    group& to = groups_[one.group];
    one.place = static_cast<std::uint32_t>(to.members.size());
    to.members.push_back(i);
    to.mean = one.belief.mean > to.mean ? one.belief.mean : to.mean;
    to.spread = one.spread > to.spread ? one.spread : to.spread;
    to.freedom = one.belief.freedom < to.freedom ? one.belief.freedom : to.freedom;
  }

  void leave(const arm& one) noexcept {
    std::vector<std::uint32_t>& from = groups_[one.group].members;
    swap_places(from, one.place, from.size() - 1);
    from.pop_back();
  }

  void swap_places(std::vector<std::uint32_t>& members, std::size_t a, std::size_t b) noexcept {
    std::swap(members[a], members[b]);
    arms_[members[a]].place = static_cast<std::uint32_t>(a);
    arms_[members[b]].place = static_cast<std::uint32_t>(b);
  }

  // What u^(-1) is at least where radius(freedom, u) reaches `distance`, as far as that can be told
  // without a logarithm: (1 + q² / ν)^(ν / 2) grows with ν, and is easy for powers of two.
  static double needed(double freedom, double distance) noexcept {
    if (!(distance > 0) || freedom < 2) return 1;
    double degrees = 2;
    while (2 * degrees <= freedom && degrees < 32) degrees *= 2;
    double power = 1 + distance * distance / degrees;
    for (; degrees > 2; degrees /= 2) power *= power;
    return power;
  }

  static constexpr double kRounding = 1 + 1e-9;

  // False if radius(freedom, u) is certainly less than `distance`.
  static bool may_reach(double freedom, double u, double distance) noexcept {
    return u * needed(freedom, distance) <= kRounding;
  }

  // Draws arm `i`, whose u is given, if that can matter.
  void consider(std::size_t i, double u, choice& made) const {
    const kernels::normal_posterior& belief = arms_[i].belief;
    const double distance = (made.largest - belief.mean) / arms_[i].spread;
    if (!may_reach(belief.freedom, u, distance)) return;
    const double reach = arms_[i].spread * radius(belief.freedom, u);
    if (!(belief.mean + reach > made.largest)) return;
    const double worth = belief.mean + reach * cosine(uniform(made.random));
    if (worth > made.largest) made.best = i, made.largest = worth;
  }

  void choose_in(group& some, choice& made) {
    double u = 0;
    for (std::size_t left = some.members.size(); left > 0; --left) {
      const double last =
          kRounding / needed(some.freedom, (made.largest - some.mean) / some.spread);
      // The least of `left` numbers that are uniform between u and 1 is u' with
      // 1 - u' = (1 - u) v^(1 / left). It is beyond `last`, and all the others with it, if
      // v < ((1 - last) / (1 - u))^left, which is no less than 1 - left (last - u) / (1 - u).
      const double v = uniform(made.random), count = static_cast<double>(left);
      if ((1 - v) * (1 - u) > count * (last - u)) return;
      u -= (1 - u) * std::expm1(std::log(v) / count);
      if (u > last) return;
      if (some.mean + some.spread * radius(some.freedom, u) <= made.largest) return;
      const std::size_t next = made.random.below(static_cast<std::uint32_t>(left));
      consider(some.members[next], u, made);
      swap_places(some.members, next, left - 1);  // those that have been drawn stand behind
    }
  }

  std::vector<arm> arms_;
  std::vector<group> groups_;
};

}  // namespace outthink
