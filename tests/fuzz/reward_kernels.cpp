// SPDX-License-Identifier: MIT
//
// Reward kernels, one of them an input, against plain loops in wider precision and against what
// their results must satisfy.
#include "../support/pass_matrices.hpp"
#include "../support/resampling.hpp"
#include "input.hpp"
#include <outthink/core/selection.hpp>
#include <outthink/kernels/agreement_groups.hpp>
#include <outthink/kernels/borda_weights.hpp>
#include <outthink/kernels/bradley_terry_update.hpp>
#include <outthink/kernels/codet_scores.hpp>
#include <outthink/kernels/cosine_similarity.hpp>
#include <outthink/kernels/dot.hpp>
#include <outthink/kernels/effective_sample_size.hpp>
#include <outthink/kernels/elo_update.hpp>
#include <outthink/kernels/log_gamma_quantile.hpp>
#include <outthink/kernels/multinomial_resampling.hpp>
#include <outthink/kernels/normal_quantile.hpp>
#include <outthink/kernels/normalise_log_weights.hpp>
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/pass_hat_k.hpp>
#include <outthink/kernels/reduce_steps.hpp>
#include <outthink/kernels/residual_resampling.hpp>
#include <outthink/kernels/select_by_puct.hpp>
#include <outthink/kernels/select_by_uct.hpp>
#include <outthink/kernels/sliding_mean.hpp>
#include <outthink/kernels/sliding_min.hpp>
#include <outthink/kernels/softmax_allocation.hpp>
#include <outthink/kernels/stratified_resampling.hpp>
#include <outthink/kernels/systematic_resampling.hpp>
#include <outthink/kernels/weighted_votes.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

using namespace outthink;
using namespace outthink::kernels;
using namespace outthink::test;

namespace {

using wide = long double;

bool close(double found, wide expected, wide tolerance) {
  const auto x = static_cast<wide>(found);
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return x == expected;
  return std::fabs(x - expected) <= tolerance;
}

/// Whether a product in doubles, in some order of its factors, leaves their range on the way to a
/// result within it: all partial products lie between that of the small and that of the large ones.
bool depends_on_order(std::span<const float> factors) {
  wide large = 1, small = 1;
  bool above_one = false;
  for (const float s : factors) {
    const wide x = std::fabs(static_cast<wide>(s));
    above_one = above_one || x > 1;
    if (x > 1 && !std::isinf(x)) large *= x;
    if (x > 0 && x < 1) small *= x;
  }
  return large > 0x1p1023L || (above_one && small < 0x1p-1022L);
}

void reductions(FuzzedDataProvider& in) {
  const std::vector<float> scores = scores_of(in, 300);
  std::vector<std::size_t> offsets{0};
  while (offsets.back() < scores.size())
    offsets.push_back(
        std::min(scores.size(), offsets.back() + (in.remaining_bytes() > 0 ? below(in, 40) : 40)));
  const auto how = static_cast<step_reduction>(below(in, 7));
  std::vector<float> reduced(offsets.size() - 1);
  kernels::reduce_steps(scores, offsets, how, reduced);
  for (std::size_t t = 0; t < reduced.size(); ++t) {
    const auto trace = std::span(scores).subspan(offsets[t], offsets[t + 1] - offsets[t]);
    const auto expected = static_cast<wide>(outthink::reduce_steps(trace, how));
    const auto steps = static_cast<wide>(trace.size());
    wide magnitude = 0;  // a mean's terms can cancel
    for (const float score : trace)
      magnitude += std::isfinite(score) ? std::fabs(static_cast<wide>(score)) : 0;
    const wide lost = how == step_reduction::mean ? 0x1p-52L * magnitude : 1e-14L * steps;
    const wide tolerance = 5 * 0x1p-23L * std::fabs(expected) + lost + 1.2e-38L;
    if (how != step_reduction::product || !depends_on_order(trace))
      expect(close(static_cast<double>(reduced[t]), expected, tolerance), "reduced steps");
  }
}

void windows(FuzzedDataProvider& in) {
  const std::vector<float> values =
      below(in, 2) == 0 ? few_floats(in, 500, 0.5F, true) : any_floats(in, 200);
  const std::size_t window = 1 + below(in, 100);
  const std::size_t count = values.size() < window ? 0 : values.size() - window + 1;
  std::vector<float> minima(count), means(count), scratch(values.size());
  std::vector<double> sums(window);
  sliding_min(values, window, minima, scratch);
  sliding_mean(values, window, means, sums);
  for (std::size_t i = 0; i < count; ++i) {
    float least = values[i];
    wide sum = 0, magnitude = 0;
    for (std::size_t j = i; j < i + window; ++j) {
      least = std::isnan(values[j]) || values[j] < least ? values[j] : least;
      sum += static_cast<wide>(values[j]);
      magnitude += std::fabs(static_cast<wide>(values[j]));
    }
    expect(std::isnan(least) ? std::isnan(minima[i]) : minima[i] == least, "minimum of a window");
    const wide mean = sum / static_cast<wide>(window);
    expect(close(static_cast<double>(means[i]), mean,
                 0x1p-24L * std::fabs(mean) + 0x1p-52L * magnitude + 0x1p-149L),
           "mean of a window");
  }
}

std::vector<double> weights_of(FuzzedDataProvider& in) {
  std::vector<double> weights;
  for (const std::uint8_t byte : bytes_of(in, 59))
    weights.push_back(byte < 64 ? 0 : std::ldexp(byte, static_cast<int>(byte % 13)));
  return weights;
}

void resamplings(FuzzedDataProvider& in) {
  const std::vector<double> weights = weights_of(in);
  const std::size_t n = below(in, 40);
  std::vector<double> uniforms(n), scratch(weights.size());
  for (double& u : uniforms) u = uniform_of(in);
  const double total = [&] {
    double sum = 0;
    for (const double w : weights) sum += w;
    return sum;
  }();
  const auto count = static_cast<double>(n);
  std::vector<std::uint32_t> chosen(n);
  const auto check = [&](const auto& point, const char* what) {
    for (std::size_t i = 0; i < n; ++i) {
      if (!(total > 0)) {
        expect(chosen[i] == 0, "of nothing the first is chosen");
        continue;
      }
      expect(chosen[i] < weights.size() && weights[chosen[i]] > 0, "weightless is never chosen");
      const std::uint32_t expected = inverse_cdf(weights, point(i));
      if (expected < weights.size()) expect(chosen[i] == expected, what);
    }
  };
  systematic_resampling(weights, n > 0 ? uniforms[0] : 0, chosen);
  check([&](std::size_t i) { return (static_cast<double>(i) + uniforms[0]) / count; },
        "systematic");
  stratified_resampling(weights, uniforms, chosen);
  check([&](std::size_t i) { return (static_cast<double>(i) + uniforms[i]) / count; },
        "stratified");
  multinomial_resampling(weights, uniforms, chosen, scratch);
  check([&](std::size_t i) { return uniforms[i]; }, "multinomial");
  residual_resampling(weights, uniforms, chosen, scratch);
  if (!(total > 0)) return;
  const auto copies = copies_of(chosen, weights.size());
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double wanted = count * weights[j] / total;
    expect(static_cast<double>(copies[j]) >= std::floor(wanted * (1 - 1e-12)),
           "residual: whole shares");
    expect(weights[j] > 0 || copies[j] == 0, "residual: weightless is never chosen");
  }
  const double worth = effective_sample_size(weights);
  expect(worth >= 1 - 1e-9 && worth <= static_cast<double>(weights.size()) + 1e-9, "sample size");
}

void log_weights(FuzzedDataProvider& in) {
  std::vector<double> logs;
  for (const float x : few_floats(in, 60, 8, true)) logs.push_back(static_cast<double>(x));
  std::vector<double> weights(logs.size());
  const double result = normalise_log_weights(logs, weights);
  double sum = 0;
  wide largest = -HUGE_VALL, expected = 0;
  for (const double w : logs) largest = w > largest ? static_cast<wide>(w) : largest;
  for (const double w : logs) expected += w == w ? std::exp(static_cast<wide>(w) - largest) : 0;
  for (const double w : weights) sum += w;
  if (!logs.empty()) expect(std::fabs(sum - 1) <= 1e-12, "weights sum to 1");
  if (!std::isinf(largest))
    expect(close(result, largest + std::log(expected), 1e-12L * (1 + std::fabs(largest))),
           "evidence");
  else
    expect(result == static_cast<double>(largest), "evidence of infinities");
}

void allocation(FuzzedDataProvider& in) {
  const std::vector<float> scores =
      below(in, 2) == 0 ? few_floats(in, 60, 0.125F, true) : scores_of(in, 60);
  const auto width = static_cast<std::uint32_t>(below(in, 5000));
  constexpr float temperatures[] = {0.2F, 1, 1e-3F, 30};
  std::vector<std::uint32_t> counts(scores.size());
  std::vector<std::size_t> order(scores.size());
  std::vector<double> scratch(scores.size());
  softmax_allocation(scores, temperatures[below(in, 4)], width, counts, order, scratch);
  std::uint64_t sum = 0;
  for (const std::uint32_t c : counts) sum += c;
  expect(scores.empty() || sum == width, "parts sum to the width");
  for (std::size_t i = 1; i < order.size(); ++i)
    expect(counts[order[i - 1]] >= counts[order[i]], "better scores never get less");
}

void ranking(FuzzedDataProvider& in) {
  const std::vector<float> scores = few_floats(in, 200, 0.125F, true);
  std::vector<std::size_t> expected(scores.size());
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
  std::sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
    const float x = scores[a], y = scores[b];
    return x > y || (x == x && y != y) || ((x == y || (x != x && y != y)) && a < b);
  });
  const std::size_t count = below(in, 220);
  const auto found = best_positions(scores, count);
  expect(found.size() == std::min(count, scores.size()), "number of best positions");
  expect(std::equal(found.begin(), found.end(), expected.begin()), "best positions");
  std::vector<float> weights(scores.size());
  std::vector<std::size_t> order(scores.size());
  borda_weights(scores, 0.5, weights, order);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const wide weight = std::sqrt(static_cast<wide>(order.size() - rank));
    expect(close(static_cast<double>(weights[expected[rank]]), weight, 0x1p-23L * weight), "Borda");
  }
}

void votes(FuzzedDataProvider& in) {
  const std::vector<float> weights = any_floats(in, 60);
  std::vector<std::uint32_t> classes(weights.size());
  for (std::uint32_t& c : classes)
    c = below(in, 9) == 0 ? no_class : static_cast<std::uint32_t>(below(in, 7));
  std::vector<double> totals(7), expected(7);
  const vote_count count = weighted_votes(classes, weights, totals);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] != no_class && weights[i] > 0)
      expected[classes[i]] += static_cast<double>(weights[i]);
  }
  expect(totals == expected, "totals of votes");
  const auto most = std::max_element(expected.begin(), expected.end());
  const auto winner = *most > 0 ? static_cast<std::uint32_t>(most - expected.begin()) : no_class;
  expect(count.winner == winner, "winner of a vote");
}

void ratings(FuzzedDataProvider& in) {
  const std::size_t n = 2 + below(in, 10);
  std::vector<double> elo(n, 1200), wins(n * n), strengths(n, 1), scratch(n);
  std::vector<match> matches;
  for (std::size_t i = below(in, 50); i > 0; --i) {
    const std::size_t first = below(in, n), second = (first + 1 + below(in, n - 1)) % n;
    const std::size_t halves = below(in, 3);
    matches.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second),
                       static_cast<float>(halves) / 2});
    wins[first * n + second] += static_cast<double>(halves) / 2;
    wins[second * n + first] += 1 - static_cast<double>(halves) / 2;
  }
  elo_update(elo, matches);
  wide sum = 0;
  for (const double rating : elo) sum += static_cast<wide>(rating);
  expect(std::fabs(sum - 1200 * static_cast<wide>(n)) <= 1e-9L, "Elo keeps the sum");
  for (int i = 0; i < 5; ++i) {
    expect(bradley_terry_update(wins, strengths, scratch) >= 0, "a relative change");
    sum = 0;
    for (const double s : strengths) {
      expect(s >= 0 && std::isfinite(s), "strengths are finite");
      sum += static_cast<wide>(s);
    }
    expect(std::fabs(sum / static_cast<wide>(n) - 1) <= 1e-12L, "strengths have a mean of 1");
  }
}

void selection(FuzzedDataProvider& in) {
  std::vector<std::uint32_t> visits;
  std::vector<float> sums, priors;
  std::uint32_t parent = 0;
  for (std::size_t i = below(in, 100); i > 0; --i) {
    visits.push_back(static_cast<std::uint32_t>(below(in, 1000)));
    sums.push_back(static_cast<float>(uniform_of(in)) * static_cast<float>(visits.back()));
    priors.push_back(static_cast<float>(uniform_of(in)));
    parent += visits.back();
  }
  const auto exploration = static_cast<float>(below(in, 40)) / 10;
  const std::size_t by_uct = select_by_uct(visits, sums, parent, exploration);
  const std::size_t by_puct = select_by_puct(visits, sums, priors, parent);
  if (visits.empty()) return expect(by_uct == 0 && by_puct == 0, "of no child the position is 0");
  const auto uct = [&](std::size_t i) -> double {
    if (visits[i] == 0) return std::numeric_limits<double>::infinity();
    return static_cast<double>(sums[i]) / visits[i] +
           static_cast<double>(exploration) * std::sqrt(std::log(std::max(parent, 1U)) / visits[i]);
  };
  const auto puct = [&](std::size_t i) {
    const double mean = visits[i] == 0 ? 0 : static_cast<double>(sums[i]) / visits[i];
    return mean + static_cast<double>(priors[i]) * std::sqrt(parent) / (1.0 + visits[i]) *
                      (1.25 + std::log((parent + 19653.0) / 19652));
  };
  for (std::size_t i = 0; i < visits.size(); ++i) {
    expect(uct(by_uct) >= uct(i) - 1e-6 * (1 + uct(i)) || uct(by_uct) == uct(i), "UCT");
    expect(puct(by_puct) >= puct(i) - 1e-6 * (1 + puct(i)), "PUCT");
  }
}

void pass_rates(FuzzedDataProvider& in) {
  const std::uint64_t n = below(in, 400), c = below(in, n + 2), k = below(in, n + 2);
  wide none = 1, all = 1;
  for (std::uint64_t j = 0; j < k && k <= n && c <= n; ++j) {
    none *= n - c > j ? static_cast<wide>(n - c - j) / static_cast<wide>(n - j) : 0;
    all *= c > j ? static_cast<wide>(c - j) / static_cast<wide>(n - j) : 0;
  }
  const bool defined = k <= n && c <= n;
  const double any = pass_at_k(n, c, k), every = pass_hat_k(n, c, k);
  expect(std::isnan(any) == !defined && std::isnan(every) == !defined, "where rates are defined");
  if (!defined) return;
  expect(close(any, 1 - none, 1e-13L), "pass@k");
  expect(close(every, all, 1e-13L * all + 1e-300L), "pass^k");
}

void agreement(FuzzedDataProvider& in) {
  const std::size_t tests = below(in, 140), solutions = below(in, 30);
  std::vector<std::string> rows(solutions, std::string(tests, '0'));
  for (std::string& row : rows) {
    for (std::size_t flips = below(in, 3); flips > 0 && tests > 0; --flips)
      row[below(in, tests)] = '1';
  }
  const owned_passes matrix(rows);
  std::vector<std::uint32_t> groups(solutions), sizes(solutions),
      scratch(agreement_scratch(solutions)), room(codet_scratch(solutions));
  std::vector<double> scores(solutions);
  agreement_groups(matrix.view(), groups, sizes, scratch);
  codet_scores(matrix.view(), scores, room);
  for (std::size_t i = 0; i < solutions; ++i) {
    const auto first = std::find(rows.begin(), rows.end(), rows[i]) - rows.begin();
    const auto same = std::count(rows.begin(), rows.end(), rows[i]);
    const auto passed = std::count(rows[i].begin(), rows[i].end(), '1');
    expect(groups[i] == first && sizes[i] == same, "groups that agree");
    expect(scores[i] == static_cast<double>(passed) * std::sqrt(static_cast<double>(same)),
           "CodeT");
  }
}

void similarity(FuzzedDataProvider& in) {
  const std::vector<float> a =
      below(in, 2) == 0 ? few_floats(in, 600, 0.5F, false) : any_floats(in, 100);
  std::vector<float> b = a;
  if (!a.empty())
    std::rotate(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(below(in, a.size())), b.end());
  wide xy = 0, xx = 0, magnitude = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<wide>(a[i]), y = static_cast<wide>(b[i]);
    xy += x * y;
    xx += x * x;
    magnitude += std::fabs(x * y);
  }
  if (!(magnitude < 1e37L)) return;  // also where it is NaN
  const auto n = static_cast<wide>(a.size());
  // Products below the smallest normal number lose digits.
  expect(close(static_cast<double>(dot(a, b)), xy,
               (n / 8 + 24) * 0x1p-24L * magnitude + n * 0x1p-126L),
         "dot");
  const auto cosine = static_cast<double>(cosine_similarity(a, b));
  expect(cosine >= -1 && cosine <= 1, "a cosine");
  expect(close(cosine, xx > 0 ? xy / xx : 0, 0x1p-24L + n * 0x1p-50L), "cosine similarity");
}

void quantiles(FuzzedDataProvider& in) {
  const double p = uniform_of(in), q = uniform_of(in);
  const double x = normal_quantile(p);
  if (p > 0)
    expect(std::fabs(0.5 * std::erfc(-x / std::sqrt(2.0)) - p) <= 1e-12, "normal quantile");
  if (p < q) expect(x <= normal_quantile(q) + 1e-13, "normal quantiles rise");
  const double shape = std::ldexp(1 + uniform_of(in), static_cast<int>(below(in, 24)) - 12);
  const double least = log_gamma_quantile(shape, std::min(p, q));
  const double most = log_gamma_quantile(shape, std::max(p, q));
  expect(least <= most || least - most <= 1e-8 * (1 + std::fabs(most)), "gamma quantiles rise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  choose_target(in);
  constexpr void (*targets[])(FuzzedDataProvider&) = {
      reductions, windows,   resamplings, log_weights, allocation, ranking,   votes,
      ratings,    selection, pass_rates,  agreement,   similarity, quantiles,
  };
  targets[below(in, std::size(targets))](in);
  return 0;
}
