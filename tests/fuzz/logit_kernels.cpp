// SPDX-License-Identifier: MIT
//
// Logit kernels on rows of any bits, of many ties, and of vocabularies, against sorting and double
// precision. Where rounding decides, what they give is checked to be possible.
#include "../kernels/chain_reference.hpp"
#include "input.hpp"
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/draw_by_rejection.hpp>
#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/fuse.hpp>
#include <outthink/kernels/gumbel_max.hpp>
#include <outthink/kernels/log_softmax.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/kernels/min_p.hpp>
#include <outthink/kernels/residual_draw.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/softmax.hpp>
#include <outthink/kernels/statistics.hpp>
#include <outthink/kernels/top_k.hpp>
#include <outthink/kernels/top_p.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

using namespace outthink;
using namespace outthink::kernels;
using namespace outthink::test;

namespace {

// Closer than this to a step, rounding decides.
constexpr double kMargin = 3e-5;

std::vector<float> row_of(FuzzedDataProvider& in) {
  switch (below(in, 3)) {
    case 0:
      return any_floats(in, 600);
    case 1:
      return few_floats(in, 3000, 0.25F, true);
    default:
      break;
  }
  // A short piece, repeated with noise.
  const std::size_t size = below(in, 9000);
  const float noise = static_cast<float>(below(in, 5)) * 0.25F;
  std::vector<float> piece = few_floats(in, 64, 0.25F, true), row(size);
  if (piece.empty()) piece.push_back(0);
  for (std::size_t i = 0; i < size; ++i) {
    const auto hash = static_cast<std::uint32_t>(i) * 2654435761U >> 24;
    row[i] = piece[i % piece.size()] + noise * static_cast<float>(hash) / 256;
  }
  return row;
}

float temperature_of(FuzzedDataProvider& in) {
  constexpr float temperatures[] = {1, 0.05F, 0.7F, 1.5F, 8, 0, -1, 1e-40F};
  return temperatures[below(in, 8)];
}

bool has_nan(std::span<const float> row) {
  return std::any_of(row.begin(), row.end(), [](float z) { return std::isnan(z); });
}

std::vector<float> without_nan(std::span<const float> row) {
  std::vector<float> clean(row.begin(), row.end());
  for (float& z : clean) z = std::isnan(z) ? minus_inf : z;
  return clean;
}

/// Where the largest logit is first, if it is above -inf.
std::size_t largest_token(std::span<const float> row) {
  std::size_t best = no_token;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] > minus_inf && (best == no_token || row[i] > row[best])) best = i;
  }
  return best;
}

/// Whether a draw from `kept`, a row without NaN, is the one token that can be drawn; false if
/// there are several.
bool is_certain(std::span<const float> kept, float temperature, std::size_t token) {
  const std::size_t largest = largest_token(kept);
  const float scale = temperature > 0 ? 1.44269504F / temperature : 0;
  if (largest != no_token && kept[largest] < plus_inf && scale > 0 && scale <= 0x1p126F)
    return false;
  expect(token == largest, "the largest logit, or no token, is drawn");
  return true;
}

/// Checks a draw from what a truncation kept of a row.
void check_draw(std::span<const float> kept, float temperature, double uniform, std::size_t token,
                const char* what) {
  if (is_certain(kept, temperature, token)) return;
  expect(token < kept.size() && kept[token] > minus_inf, what);
  const auto p = probabilities_of(kept, static_cast<double>(temperature));
  const auto expected = invert(p, uniform);
  if (expected.margin > kMargin) expect(token == expected.token, what);
}

/// Whether every number that matters is finite: sums have a value then.
bool check_sums(std::span<const float> row) {
  const double sum = logsumexp(row);
  std::vector<float> p(row.size()), logprobs(row.size());
  softmax(row, p);
  log_softmax(row, logprobs);
  const auto moments = entropy(row);
  const double largest = largest_of(row);
  if (has_nan(row)) {
    expect(std::isnan(sum) && std::isnan(moments.entropy), "NaN anywhere gives NaN");
    expect(std::isnan(p.back()) && std::isnan(logprobs.back()), "NaN anywhere gives NaN");
    return false;
  }
  if (std::isinf(largest)) {
    expect(sum == largest, "logsumexp of infinities is their largest");
    return false;
  }
  expect(std::fabs(sum - logsumexp_of(row)) <= 5e-6 + 1e-7 * std::fabs(sum), "logsumexp");
  const auto expected = probabilities_of(row);
  double total = 0, mean = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto q = static_cast<double>(p[i]);
    expect(std::fabs(q - expected[i]) <= 4e-5 * expected[i] + 1e-30, "softmax");
    total += q;
    if (expected[i] > 0) mean -= expected[i] * std::log(expected[i]);
  }
  expect(std::fabs(total - 1) <= 1e-5, "probabilities sum to 1");
  expect(std::fabs(moments.entropy - mean) <= 5e-5, "entropy");
  expect(moments.varentropy >= 0, "varentropy");
  return true;
}

void check_statistics(std::span<const float> row, std::size_t k, bool sums) {
  std::vector<token_logit> likeliest(std::min<std::size_t>(k, 512));
  const auto s = statistics(row, likeliest);
  const auto order = ranked_tokens(row);
  expect(s.likeliest == std::min(likeliest.size(), order.size()), "number of likeliest tokens");
  for (std::size_t i = 0; i < s.likeliest; ++i)
    expect(likeliest[i].token == order[i], "likeliest tokens");
  if (!sums) return;
  expect(s.largest == static_cast<float>(largest_of(row)), "largest of the statistics");
  expect(std::fabs(s.logsumexp - logsumexp(row)) <= 5e-5 + 1e-7 * std::fabs(s.logsumexp),
         "logsumexp of the statistics");
  expect(std::fabs(s.entropy - entropy(row).entropy) <= 1e-4, "entropy of the statistics");
}

void check_top_k(std::span<const float> row, std::size_t k) {
  std::vector<token_logit> found(k);
  const std::size_t n = top_k(row, found);
  const auto order = ranked_tokens(row);
  expect(n == std::min(k, order.size()), "number of top-k");
  for (std::size_t i = 0; i < n; ++i)
    expect(found[i] == token_logit{static_cast<std::uint32_t>(order[i]), row[order[i]]}, "top-k");
}

void check_top_p(std::span<const float> row, double p, float temperature) {
  const truncation kept = top_p(row, p, temperature);
  const std::size_t largest = largest_token(row);
  if (largest == no_token || row[largest] == plus_inf || p >= 1) return;
  expect(kept.keeps(row[largest], largest), "top-p keeps the likeliest");
  const float scale = 1.44269504F / temperature;
  const double t = scale > 0 && scale <= 0x1p126F ? static_cast<double>(temperature) : 1;
  const auto clean = without_nan(row);
  const auto probabilities = probabilities_of(clean, t);
  double mass = 0, smallest = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!kept.keeps(row[i], i)) continue;
    mass += probabilities[i];
    smallest = std::min(smallest, probabilities[i]);
  }
  expect(mass >= p - kMargin, "top-p keeps enough");
  expect(mass - smallest < std::max(p, 0.0) + kMargin, "top-p keeps no more than it must");
}

/// The whole chain, with everything that it can do.
void check_sample(FuzzedDataProvider& in, std::vector<float> row, float temperature,
                  double uniform) {
  std::vector<token_bias> bias;
  std::vector<token_count> seen;
  std::vector<std::uint32_t> allowed;
  sample_options o;
  if (!row.empty()) {
    for (std::size_t i = below(in, 4); i > 0; --i)
      bias.push_back({static_cast<std::uint32_t>(below(in, row.size())),
                      in.ConsumeFloatingPointInRange<float>(-20, 20)});
    std::uint32_t token = 0;
    for (std::size_t i = below(in, 4); i > 0 && token < row.size(); --i) {
      seen.push_back({token, 1 + static_cast<std::uint32_t>(below(in, 9))});
      token += 1 + static_cast<std::uint32_t>(below(in, row.size()));
    }
  }
  if (in.ConsumeBool()) {
    for (std::size_t i = 0; i < (row.size() + 31) / 32; ++i)
      allowed.push_back(in.ConsumeIntegral<std::uint32_t>());
  }
  o.bias = bias;
  o.allowed = allowed;
  o.penalties = {.repetition = in.ConsumeFloatingPointInRange<float>(0.5F, 2),
                 .presence = in.ConsumeFloatingPointInRange<float>(-2, 2),
                 .frequency = in.ConsumeFloatingPointInRange<float>(-2, 2),
                 .seen = seen};
  constexpr std::uint32_t ks[] = {0, 1, 2, 40, 512, 513, 1000};
  constexpr double ps[] = {1, 0.9, 0.5, 0.01, 0};
  constexpr double min_ps[] = {0, 0.05, 0.5, 1, 2};
  o.top_k = ks[below(in, 7)];
  o.top_p = ps[below(in, 5)];
  o.min_p = min_ps[below(in, 5)];
  o.temperature = temperature;
  o.temperature_first = in.ConsumeBool();

  const std::vector<float> before = row;
  sample_workspace workspace(16);
  const sampled_token found = sample(row, o, uniform, workspace, true);
  expect(row.empty() || std::memcmp(row.data(), before.data(), row.size() * sizeof(float)) == 0,
         "sample restores the logits");

  const auto changed_row = without_nan(changed(before, o));
  if (is_certain(changed_row, temperature, found.token)) return;
  expect(found.token < row.size() && changed_row[found.token] > minus_inf, "sample gives a token");
  double margin = 0;
  auto chain = o;
  chain.min_p = std::min(o.min_p, 1.0);
  const auto kept = truncated(changed_row, chain, margin);
  // Single precision separates a logit from the threshold of min-p to within its own rounding.
  const double largest = largest_of(changed_row);
  const auto p = probabilities_of(kept, static_cast<double>(temperature));
  const auto expected = invert(p, uniform);
  if (margin < kMargin || expected.margin < kMargin || std::fabs(largest) > 64) return;
  expect(found.token == expected.token, "sample gives the plain chain's token");
  const double logprob = std::log(p[expected.token]);
  expect(std::fabs(static_cast<double>(found.logprob) - logprob) <= 1e-4, "logprob of sample");
}

/// Draws from max(0, p - q), or from p where that is nothing.
void check_residual(FuzzedDataProvider& in, double uniform) {
  std::vector<float> p = few_floats(in, 2000, 1.0F / 128, false), q(p.size());
  for (float& x : p) x = std::fabs(x);
  const std::size_t shift = below(in, 7);
  for (std::size_t i = 0; i < p.size(); ++i) q[i] = p[(i + shift) % p.size()];
  std::vector<double> left(p.size());
  double total = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    total += left[i] = std::max(0.0, static_cast<double>(p[i] - q[i]));
  if (total == 0) {
    for (std::size_t i = 0; i < p.size(); ++i) total += left[i] = static_cast<double>(p[i]);
  }
  const std::size_t token = residual_draw(p, q, uniform);
  if (total == 0) return expect(token == no_token, "nothing is drawn from nothing");
  expect(token < p.size() && left[token] > 0, "the residual is positive where it is drawn");
  for (double& x : left) x /= total;
  const auto expected = invert(left, uniform);
  if (expected.margin > kMargin) expect(token == expected.token, "residual draw");
}

void check_fuse(const std::vector<float>& row, float weight) {
  std::vector<float> second = row, fused(row.size());
  std::reverse(second.begin(), second.end());
  const weighted_row rows[] = {{row, 1}, {second, weight}};
  fuse(rows, fused);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double a = static_cast<double>(row[i]);
    const double b = static_cast<double>(weight) * static_cast<double>(second[i]);
    if (!(std::fabs(a) + std::fabs(b) < 1e38)) continue;
    expect(std::fabs(static_cast<double>(fused[i]) - (a + b)) <=
               2e-7 * (std::fabs(a) + std::fabs(b)) + 1e-44,
           "fused logits");
  }
  keep_plausible(row, 0.25, fused);
  const std::size_t largest = largest_token(row);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool out = largest == no_token || std::isnan(row[i]) ||
                     static_cast<double>(row[i]) < static_cast<double>(row[largest]) - 1.5;
    if (out) expect(fused[i] == minus_inf, "implausible tokens are masked");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  choose_target(in);
  const double uniform = uniform_of(in);
  const float temperature = temperature_of(in);
  constexpr std::size_t ks[] = {0, 1, 2, 17, 40, 512, 513, 700};
  constexpr double ps[] = {0, 0.1, 0.5, 0.9, 0.999, 1};
  const std::size_t k = ks[below(in, 8)];
  const double p = ps[below(in, 6)];
  check_residual(in, uniform);

  const std::vector<float> logits = row_of(in);
  // From the end of an allocation, so that a read past it is found, at any alignment.
  std::vector<float> storage(below(in, 17), not_a_number);
  storage.insert(storage.end(), logits.begin(), logits.end());
  storage.shrink_to_fit();
  const auto row = std::span<const float>(storage).last(logits.size());

  const auto largest = argmax(row);
  const std::size_t expected = largest_token(row);
  if (expected != no_token) expect(largest.token == expected, "argmax");
  const bool sums = !row.empty() && check_sums(row);
  check_statistics(row, k, sums);
  check_top_k(row, k);
  check_top_p(row, p, temperature);
  check_fuse(logits, temperature);

  const auto clean = without_nan(row);
  check_draw(clean, temperature, uniform, draw(row, temperature, uniform), "draw");
  for (const std::size_t token : {draw_by_rejection(row, temperature, uniform),
                                  gumbel_max(row, temperature, in.ConsumeIntegral<std::uint64_t>()),
                                  top_p_draw(row, p, temperature, uniform)}) {
    if (!is_certain(clean, temperature, token))
      expect(token < row.size() && clean[token] > minus_inf, "only what can be drawn is drawn");
  }
  const std::size_t by_min_p = min_p_draw(row, p, temperature, uniform);
  if (!is_certain(clean, temperature, by_min_p)) {
    const auto kept = min_p(row[expected], p);
    auto left = clean;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!kept.keeps(left[i], i)) left[i] = minus_inf;
    }
    check_draw(left, temperature, uniform, by_min_p, "draw of min-p");
  }
  check_sample(in, logits, temperature, uniform);
  return 0;
}
