// SPDX-License-Identifier: MIT
// Reward kernels against the loops that one writes without them: double precision, no intrinsics,
// the same compiler and flags. Both run in turn, the figures are of one call.
#include <outthink/kernels/codet_scores.hpp>
#include <outthink/kernels/cosine_similarity.hpp>
#include <outthink/kernels/dot.hpp>
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/reduce_steps.hpp>
#include <outthink/kernels/select_by_puct.hpp>
#include <outthink/kernels/select_by_uct.hpp>
#include <outthink/kernels/sliding_mean.hpp>
#include <outthink/kernels/sliding_min.hpp>
#include <outthink/kernels/systematic_resampling.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace kernels = outthink::kernels;
using kernels::simd_target;
using outthink::step_reduction;

constexpr int kRuns = 41;
double sink = 0;  // what was computed is looked at, so that it is computed

/// Seconds of one call, of as many at a stretch as take about 20 µs.
template <class Work>
double time_once(const Work& work, int calls) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; ++i) sink += work();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return taken.count() / calls;
}

struct timing {
  double minimum, median;
};

timing summary(std::vector<double> runs) {
  std::sort(runs.begin(), runs.end());
  return {runs.front(), runs[runs.size() / 2]};
}

std::string_view name_of(simd_target target) {
  switch (target) {
    case simd_target::avx512:
      return "AVX-512";
    case simd_target::avx2:
      return "AVX2";
    case simd_target::baseline:
      break;
  }
  return "baseline";
}

void print_row(const std::string& name, std::string_view target, timing ours, timing theirs,
               const std::string& wanted) {
  fmt::print("{:<44}{:>9}{:>10.2f}{:>10.2f}{:>10.2f}{:>10.2f}{:>8.1f}{:>8.1f}{:>9}\n", name, target,
             ours.minimum * 1e6, ours.median * 1e6, theirs.minimum * 1e6, theirs.median * 1e6,
             theirs.minimum / ours.minimum, theirs.median / ours.median, wanted);
}

/// One row for each instruction set, or one if the kernel has one body for all.
template <class Ours, class Theirs>
void compare(const std::string& name, const std::string& wanted, bool vectorised, const Ours& ours,
             const Theirs& theirs) {
  std::vector<simd_target> targets{kernels::widest_target()};
  if (vectorised && targets[0] == simd_target::avx512) targets.push_back(simd_target::avx2);
  if (vectorised && targets[0] != simd_target::baseline) targets.push_back(simd_target::baseline);
  const double once = std::max(1e-8, time_once(ours, 3));
  const double peer_once = std::max(1e-8, time_once(theirs, 3));
  const int calls = std::max(1, static_cast<int>(20e-6 / once));
  const int peer_calls = std::max(1, static_cast<int>(20e-6 / peer_once));
  std::vector<std::vector<double>> our_runs(targets.size());
  std::vector<double> their_runs;
  for (int run = 0; run < kRuns; ++run) {
    for (std::size_t t = 0; t < targets.size(); ++t) {
      kernels::limit_target(targets[t]);
      our_runs[t].push_back(time_once(ours, calls));
    }
    their_runs.push_back(time_once(theirs, peer_calls));
  }
  kernels::limit_target(simd_target::avx512);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    print_row(t == 0 ? name : "", vectorised ? name_of(targets[t]) : "any", summary(our_runs[t]),
              summary(their_runs), t == 0 ? wanted : "");
  }
}

std::vector<float> random_scores(std::size_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> uniform(0.05F, 0.999F);
  std::vector<float> scores(count);
  for (float& s : scores) s = uniform(generator);
  return scores;
}

double reduce_plainly(std::span<const float> steps, step_reduction how) {
  if (how == step_reduction::last) return static_cast<double>(steps.back());
  double result = how == step_reduction::product ? 1 : 0;
  if (how == step_reduction::min) result = 1e300;
  for (const float s : steps) {
    const auto x = static_cast<double>(s);
    switch (how) {
      case step_reduction::min:
        result = std::min(result, x);
        break;
      case step_reduction::product:
        result *= x;
        break;
      case step_reduction::mean:
        result += x;
        break;
      case step_reduction::logit_sum:
        result += std::log(x / (1 - x));
        break;
      default:
        result += std::log(x);
        break;
    }
  }
  const auto n = static_cast<double>(steps.size());
  if (how == step_reduction::mean) return result / n;
  return how == step_reduction::geometric_mean ? std::exp(result / n) : result;
}

void step_reductions() {
  const auto scores = random_scores(1'000'000, 1);
  std::vector<std::size_t> offsets{0};
  std::mt19937 generator(2);
  while (offsets.back() < scores.size())
    offsets.push_back(std::min(offsets.back() + 1 + generator() % 20, scores.size()));
  std::vector<float> reduced(offsets.size() - 1);
  fmt::print("1,000,000 step scores in {} traces of 1 to 20 steps\n", reduced.size());
  for (const auto& [name, how] : {std::pair{"  last", step_reduction::last},
                                  {"  min", step_reduction::min},
                                  {"  product", step_reduction::product},
                                  {"  mean", step_reduction::mean},
                                  {"  log_product", step_reduction::log_product},
                                  {"  geometric_mean", step_reduction::geometric_mean},
                                  {"  logit_sum", step_reduction::logit_sum}}) {
    compare(
        name, "500", true,
        [&, by = how] {
          kernels::reduce_steps(scores, offsets, by, reduced);
          return static_cast<double>(reduced.back());
        },
        [&, by = how] {
          for (std::size_t t = 0; t < reduced.size(); ++t)
            reduced[t] = static_cast<float>(
                reduce_plainly({scores.data() + offsets[t], offsets[t + 1] - offsets[t]}, by));
          return static_cast<double>(reduced.back());
        });
  }
}

void sliding_windows() {
  constexpr std::size_t kTokens = 32'768, kWindow = 2048;
  const auto values = random_scores(kTokens, 3);
  std::vector<float> results(kTokens - kWindow + 1), scratch(kTokens);
  std::vector<double> sums(kWindow);
  fmt::print("sliding window of 2,048 over 32,768 tokens\n");
  compare(
      "  minimum", "40", true,
      [&] {
        kernels::sliding_min(values, kWindow, results, scratch);
        return static_cast<double>(results.back());
      },
      [&] {  // a queue of candidates in ascending order, linear too
        std::vector<std::size_t> queue(kTokens);
        std::size_t head = 0, tail = 0;
        for (std::size_t i = 0; i < kTokens; ++i) {
          while (tail > head && values[queue[tail - 1]] >= values[i]) --tail;
          queue[tail++] = i;
          if (queue[head] + kWindow <= i) ++head;
          if (i + 1 >= kWindow) results[i + 1 - kWindow] = values[queue[head]];
        }
        return static_cast<double>(results.back());
      });
  compare(
      "  mean (peer: running sum)", "", false,
      [&] {
        kernels::sliding_mean(values, kWindow, results, sums);
        return static_cast<double>(results.back());
      },
      [&] {
        double sum = 0;
        for (std::size_t i = 0; i < kTokens; ++i) {
          sum += static_cast<double>(values[i]);
          if (i >= kWindow) sum -= static_cast<double>(values[i - kWindow]);
          if (i + 1 >= kWindow) results[i + 1 - kWindow] = static_cast<float>(sum / kWindow);
        }
        return static_cast<double>(results.back());
      });
}

void tree_selection() {
  constexpr std::size_t kChildren = 1000;
  const auto priors = random_scores(kChildren, 4);
  auto values = random_scores(kChildren, 5);
  std::mt19937 generator(6);
  std::vector<std::uint32_t> visits(kChildren);
  std::uint32_t parent = 0;
  for (std::size_t i = 0; i < kChildren; ++i) {
    visits[i] = 1 + static_cast<std::uint32_t>(generator() % 100);
    values[i] *= static_cast<float>(visits[i]);
    parent += visits[i];
  }
  const auto plainly = [&](const auto& bonus) {
    std::size_t best = 0;
    double best_score = -1e300;
    for (std::size_t i = 0; i < kChildren; ++i) {
      const double n = visits[i];
      const double score = static_cast<double>(values[i]) / n + bonus(i, n);
      if (score > best_score) best_score = score, best = i;
    }
    return static_cast<double>(best);
  };
  fmt::print("selection among 1,000 children\n");
  compare(
      "  UCT", "1", true,
      [&] { return static_cast<double>(kernels::select_by_uct(visits, values, parent, 1.4F)); },
      [&] {
        return plainly([&](std::size_t, double n) {
          return 1.4 * std::sqrt(std::log(static_cast<double>(parent)) / n);
        });
      });
  compare(
      "  PUCT", "", true,
      [&] { return static_cast<double>(kernels::select_by_puct(visits, values, priors, parent)); },
      [&] {
        const double weight = std::sqrt(static_cast<double>(parent)) *
                              (1.25 + std::log((parent + 19652.0 + 1) / 19652));
        return plainly([&](std::size_t i, double n) {
          return static_cast<double>(priors[i]) * weight / (1 + n);
        });
      });
}

void pass_matrices() {
  constexpr std::size_t kSolutions = 100, kTests = 500;
  std::mt19937 generator(7);
  std::vector<std::vector<bool>> kinds(40, std::vector<bool>(kTests));
  for (auto& kind : kinds)
    for (std::size_t t = 0; t < kTests; ++t) kind[t] = generator() % 2 == 0;
  std::vector<std::vector<bool>> rows;
  for (std::size_t i = 0; i < kSolutions; ++i) rows.push_back(kinds[generator() % kinds.size()]);
  const std::size_t size = kernels::words_for_tests(kTests);
  std::vector<std::uint64_t> words(kSolutions * size);
  for (std::size_t i = 0; i < kSolutions; ++i)
    for (std::size_t t = 0; t < kTests; ++t)
      if (rows[i][t]) kernels::set_pass(std::span(words).subspan(i * size, size), t);
  std::vector<double> scores(kSolutions);
  std::vector<std::uint32_t> scratch(kernels::codet_scratch(kSolutions));
  compare(
      "CodeT, 100 solutions x 500 tests", "50", false,
      [&] {
        kernels::codet_scores({words, kSolutions, kTests}, scores, scratch);
        return scores.back();
      },
      [&] {
        std::map<std::vector<bool>, int> groups;
        for (const auto& row : rows) ++groups[row];
        for (std::size_t i = 0; i < kSolutions; ++i) {
          const auto passed = std::count(rows[i].begin(), rows[i].end(), true);
          scores[i] = static_cast<double>(passed) * std::sqrt(groups[rows[i]]);
        }
        return scores.back();
      });
}

void vectors() {
  const auto a = random_scores(1024, 8), b = random_scores(1024, 9);
  fmt::print("vectors of 1,024 floats\n");
  compare(
      "  dot product", "", true, [&] { return static_cast<double>(kernels::dot(a, b)); },
      [&] {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
          sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        return sum;
      });
  compare(
      "  cosine similarity", "", true,
      [&] { return static_cast<double>(kernels::cosine_similarity(a, b)); },
      [&] {
        double xy = 0, xx = 0, yy = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
          const auto x = static_cast<double>(a[i]), y = static_cast<double>(b[i]);
          xy += x * y, xx += x * x, yy += y * y;
        }
        return xy / std::sqrt(xx * yy);
      });
}

void sampling() {
  const auto scores = random_scores(1024, 10);
  const std::vector<double> weights(scores.begin(), scores.end());
  std::vector<std::uint32_t> chosen(1024);
  compare(
      "systematic resampling of 1,024 particles", "", false,
      [&] {
        kernels::systematic_resampling(weights, 0.37, chosen);
        return static_cast<double>(chosen.back());
      },
      [&] {  // every point searched from the begin of the cumulative sums
        std::vector<double> sums(weights.size());
        double total = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) sums[i] = total += weights[i];
        for (std::size_t i = 0; i < chosen.size(); ++i) {
          const double at = (static_cast<double>(i) + 0.37) / 1024 * total;
          chosen[i] = static_cast<std::uint32_t>(std::upper_bound(sums.begin(), sums.end(), at) -
                                                 sums.begin());
        }
        return static_cast<double>(chosen.back());
      });
  std::vector<std::uint64_t> counts{10'000, 500, 1000};
  compare(
      "pass@k, n = 10,000, c = 500, k = 1,000", "", false,
      [&] { return kernels::pass_at_k(counts[0], counts[1], counts[2]); },
      [&] {  // the product as it is printed, over the right samples
        double none = 1;
        for (std::uint64_t i = counts[0] - counts[1] + 1; i <= counts[0]; ++i)
          none *= 1 - static_cast<double>(counts[2]) / static_cast<double>(i);
        return 1 - none;
      });
}

}  // namespace

int main() {
  fmt::print("Times of {} interleaved runs, widest target {}; wanted is at most\n", kRuns,
             name_of(kernels::widest_target()));
  fmt::print("{:<44}{:>9}{:>10}{:>10}{:>10}{:>10}{:>8}{:>8}{:>9}\n", "us a call", "target", "min",
             "median", "loop min", "median", "ratio", "median", "wanted");
  step_reductions();
  sliding_windows();
  tree_selection();
  pass_matrices();
  vectors();
  sampling();
  return sink == 0.125 ? 1 : 0;
}
