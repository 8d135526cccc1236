// SPDX-License-Identifier: MIT
// Logit kernels beside the read of a row, Eigen and a plain sampler chain, interleaved in one
// process; the minimum of all repetitions, each the mean over several random numbers.
#include <outthink/kernels/argmax.hpp>
#include <outthink/kernels/draw.hpp>
#include <outthink/kernels/draw_by_rejection.hpp>
#include <outthink/kernels/draw_kept.hpp>
#include <outthink/kernels/dynamic_temperature.hpp>
#include <outthink/kernels/entropy.hpp>
#include <outthink/kernels/js_divergence.hpp>
#include <outthink/kernels/kl_divergence.hpp>
#include <outthink/kernels/log_softmax.hpp>
#include <outthink/kernels/logsumexp.hpp>
#include <outthink/kernels/min_p.hpp>
#include <outthink/kernels/mirostat.hpp>
#include <outthink/kernels/sample.hpp>
#include <outthink/kernels/softmax.hpp>
#include <outthink/kernels/statistics.hpp>
#include <outthink/kernels/top_k.hpp>
#include <outthink/kernels/top_n_sigma.hpp>
#include <outthink/kernels/top_p.hpp>
#include <outthink/kernels/two_pass_softmax.hpp>
#include <outthink/kernels/typical.hpp>
#include <outthink/kernels/xtc.hpp>

#include <Eigen/Core>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

namespace ok = outthink::kernels;
using clock_type = std::chrono::steady_clock;

/// Rows that follow each other at 64-byte boundaries.
class rows {
 public:
  rows(std::size_t count, std::size_t size, bool peaked)
      : count_(count), size_(size), stride_((size + 15) / 16 * 16), floats_(count * stride_ + 16) {
    std::mt19937 generator(1);
    std::normal_distribution<float> normal(0, peaked ? 2.0F : 3.0F);
    for (float& x : floats_) x = normal(generator);
    for (std::size_t r = 0; peaked && r < count; ++r) {
      for (std::size_t i = 0; i < 30; ++i)
        (*this)[r][generator() % size] = 16.0F - 0.6F * static_cast<float>(i);
    }
  }
  std::span<float> operator[](std::size_t r) {
    const auto address = reinterpret_cast<std::uintptr_t>(floats_.data());
    return {floats_.data() + (64 - address % 64) % 64 / 4 + r % count_ * stride_, size_};
  }

 private:
  std::size_t count_, size_, stride_;
  std::vector<float> floats_;
};

/// What a core reads if it does nothing else.
double plain_read(std::span<const float> row) {
  using wide = float __attribute__((vector_size(64)));
  wide sums[8] = {};
  for (std::size_t i = 0; i + 128 <= row.size(); i += 128) {
    for (std::size_t v = 0; v < 8; ++v) {
      wide x;
      __builtin_memcpy(&x, row.data() + i + 16 * v, sizeof x);
      sums[v] += x;
    }
  }
  for (std::size_t v = 1; v < 8; ++v) sums[0] += sums[v];
  return static_cast<double>(sums[0][0] + sums[0][7]);
}

double eigen_logsumexp(std::span<const float> row) {
  const Eigen::Map<const Eigen::ArrayXf> z(row.data(), static_cast<Eigen::Index>(row.size()));
  const float largest = z.maxCoeff();
  return static_cast<double>(largest + std::log((z - largest).exp().sum()));
}

double eigen_softmax(std::span<const float> row, std::span<float> out) {
  const Eigen::Map<const Eigen::ArrayXf> z(row.data(), static_cast<Eigen::Index>(row.size()));
  Eigen::Map<Eigen::ArrayXf> p(out.data(), static_cast<Eigen::Index>(out.size()));
  p = (z - z.maxCoeff()).exp();
  p *= 1 / p.sum();
  return static_cast<double>(p[0]);
}

/// The chain as it is usually written: an array of candidates, penalties by look-up, a partial
/// sort.
double plain_chain(std::span<const float> row, const std::unordered_map<std::size_t, int>& seen,
                   double uniform) {
  struct candidate {
    std::size_t token;
    float logit, p;
  };
  std::vector<candidate> all(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    float z = row[i];
    if (const auto it = seen.find(i); it != seen.end()) {
      z = z > 0 ? z / 1.1F : z * 1.1F;
      z -= 0.1F * static_cast<float>(it->second);
    }
    all[i] = {i, z, 0};
  }
  const auto larger = [](const candidate& a, const candidate& b) { return a.logit > b.logit; };
  std::partial_sort(all.begin(), all.begin() + 40, all.end(), larger);
  all.resize(40);
  float total = 0, mass = 0;
  for (candidate& c : all) total += c.p = std::exp(c.logit - all[0].logit);
  std::size_t kept = 0;
  while (kept < all.size() && mass < 0.95F * total) mass += all[kept++].p;
  while (kept > 1 && all[kept - 1].p < 0.05F * all[0].p) --kept;
  all.resize(kept);
  total = 0;
  for (candidate& c : all) total += c.p = std::exp((c.logit - all[0].logit) / 0.8F);
  double left = uniform * static_cast<double>(total);
  for (const candidate& c : all) {
    left -= static_cast<double>(c.p);
    if (left < 0) return static_cast<double>(c.token);
  }
  return static_cast<double>(all.back().token);
}

struct entry {
  std::string name;
  double wanted;  ///< at most, in multiples of the max pass; 0: none
  std::function<double(std::span<float>, double)> call;
  double best = std::numeric_limits<double>::max();
};

volatile double sink;

/// The measured functions; scratch memory lives as long as the process.
std::vector<entry> entries(std::size_t vocabulary, bool peaked) {
  static std::vector<float> output;
  static std::vector<float> other;  // the second row of the divergences
  static std::vector<ok::token_logit> largest(40);
  static std::vector<ok::token_count> seen;
  static std::unordered_map<std::size_t, int> counts;
  static ok::sample_workspace workspace;
  output.assign(vocabulary + 16, 0);
  const auto address = reinterpret_cast<std::uintptr_t>(output.data());
  const auto out = std::span(output).subspan((64 - address % 64) % 64 / 4, vocabulary);
  other.assign(vocabulary, 0);
  for (std::size_t i = 0; i < vocabulary; ++i) other[i] = 0.01F * static_cast<float>(i % 997);
  seen.clear();
  counts.clear();
  for (std::uint32_t i = 0; i < 64; ++i) {
    seen.push_back({i * 331 % static_cast<std::uint32_t>(vocabulary), 1 + i % 3});
    counts[seen.back().token] = static_cast<int>(seen.back().count);
  }
  const ok::sample_options chain{.penalties = {.repetition = 1.1F, .frequency = 0.1F, .seen = seen},
                                 .top_k = 40,
                                 .top_p = .95,
                                 .min_p = .05,
                                 .temperature = .8F};
  using row = std::span<float>;
  return {
      {"plain read", 0, [](row z, double) { return plain_read(z); }},
      {"max pass (argmax)", 0, [](row z, double) { return double(ok::argmax(z).token); }},
      {"min-p .05, T .8, draw", 1.15,
       [](row z, double u) { return double(ok::min_p_draw(z, .05, .8F, u)); }},
      {"top-k 40, sorted", 1.6, [](row z, double) { return double(ok::top_k(z, largest)); }},
      {"chain, 64 penalties", 1.6,
       [chain](row z, double u) { return double(ok::sample(z, chain, u, workspace).token); }},
      {"draw T .8, rejection", 1.7,
       [](row z, double u) { return double(ok::draw_by_rejection(z, .8F, u)); }},
      {"draw T .8, accurate", 3.5, [](row z, double u) { return double(ok::draw(z, .8F, u)); }},
      {"logsumexp", 3.3, [](row z, double) { return ok::logsumexp(z); }},
      {"top-p .95 draw", peaked ? 4.2 : 5.0,
       [](row z, double u) { return double(ok::top_p_draw(z, .95, 1, u)); }},
      {"top-p .95 nucleus", 0, [](row z, double) { return double(ok::top_p(z, .95).threshold); }},
      {"statistics, 20 logprobs", 4.5,
       [](row z, double) { return ok::statistics(z, std::span(largest).first(20)).entropy; }},
      {"entropy, varentropy", 0, [](row z, double) { return ok::entropy(z).entropy; }},
      {"softmax", 0, [out](row z, double) { return ok::softmax(z, out), double(out[0]); }},
      {"log_softmax", 0, [out](row z, double) { return ok::log_softmax(z, out), double(out[0]); }},
      {"softmax, two-pass", 0,
       [out](row z, double) { return ok::two_pass_softmax(z, out), double(out[0]); }},
      {"top-n-sigma 1, T .8, draw", 0,
       [](row z, double u) { return double(ok::draw_kept(z, ok::top_n_sigma(z, 1), .8F, u)); }},
      {"XTC .1, draw", 0,
       [](row z, double u) { return double(ok::draw_kept(z, ok::xtc(z, {}, 0), 1, u)); }},
      {"mirostat 2, draw", 0,
       [](row z, double u) {
         ok::mirostat_state state{};
         return double(ok::mirostat_draw(z, state, 1, u));
       }},
      {"mirostat 1, draw", 0,
       [](row z, double u) {
         ok::mirostat_state state{.version = ok::mirostat_version::one};
         return double(ok::mirostat_draw(z, state, 1, u));
       }},
      {"typical .9 set", 0, [](row z, double) { return double(ok::typical(z, .9).ceiling); }},
      {"dynamic temperature", 0,
       [](row z, double) { return double(ok::dynamic_temperature(z, {})); }},
      {"KL both ways, two rows", 0,
       [](row z, double) { return ok::kl_divergence(z, other).forward; }},
      {"JS divergence, two rows", 0, [](row z, double) { return ok::js_divergence(z, other); }},
      {"Eigen logsumexp", 0, [](row z, double) { return eigen_logsumexp(z); }},
      {"Eigen softmax", 0, [out](row z, double) { return eigen_softmax(z, out); }},
      {"plain chain, 64 penalties", 0, [](row z, double u) { return plain_chain(z, counts, u); }},
  };
}

void measure(std::vector<entry>& all, rows& data, std::size_t count, int repetitions) {
  std::mt19937_64 random(7);
  std::size_t r = 0;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (entry& e : all) {
      constexpr int kCalls = 8;
      double sum = e.call(data[r], 0.5);  // the caches' state is that after the same kernel
      const auto begin = clock_type::now();
      for (int i = 0; i < kCalls; ++i) {
        r = (r + 1) % count;
        sum += e.call(data[r], static_cast<double>(random() >> 11) * 0x1p-53);
      }
      const std::chrono::duration<double, std::micro> time = clock_type::now() - begin;
      e.best = std::min(e.best, time.count() / kCalls);
      sink = sum;
    }
  }
}

double best_of(const std::vector<entry>& all, const std::string& name) {
  return std::find_if(all.begin(), all.end(), [&](const entry& e) { return e.name == name; })->best;
}

void report(std::size_t vocabulary, bool peaked, bool hot, ok::simd_target target) {
  ok::limit_target(target);
  const std::size_t count = hot ? 1 : 96;
  rows data(count, vocabulary, peaked);
  auto all = entries(vocabulary, peaked);
  measure(all, data, count, hot ? 41 : 31);
  const double pass = best_of(all, "max pass (argmax)");
  fmt::print("\n{} tokens, {}, {}, {}\n", vocabulary, peaked ? "peaked" : "flat",
             hot ? "hot row" : "96 rows in turn",
             target == ok::simd_target::avx512 ? "AVX-512"
             : target == ok::simd_target::avx2 ? "AVX2"
                                               : "baseline");
  fmt::print("{:<28}{:>10}{:>14}{:>10}\n", "kernel", "us", "x max pass", "at most");
  for (const entry& e : all) {
    fmt::print("{:<28}{:>10.2f}{:>14.2f}{:>10}\n", e.name, e.best, e.best / pass,
               e.wanted > 0 ? fmt::format("{:.2f}", e.wanted) : "");
  }
  fmt::print(
      "max pass reads at {:.0f} % of the plain loop's speed (wanted: 70); Eigen / ours: "
      "logsumexp {:.1f} (3), softmax {:.1f} (2); plain chain / ours: {:.0f}\n",
      100 * best_of(all, "plain read") / pass,
      best_of(all, "Eigen logsumexp") / best_of(all, "logsumexp"),
      best_of(all, "Eigen softmax") / best_of(all, "softmax"),
      best_of(all, "plain chain, 64 penalties") / best_of(all, "chain, 64 penalties"));
}

/// Softmax of rows that leave the caches: at which size a second read with its exponentials is
/// cheaper than to write the weights and read them again. Processor time: a call lasts longer than
/// the system lets a process run.
void report_large(ok::simd_target target) {
  ok::limit_target(target);
  fmt::print("\nsoftmax of one large row, {}, ms: minimum and median\n",
             target == ok::simd_target::avx512 ? "AVX-512" : "AVX2");
  fmt::print("{:>12}{:>12}{:>9}{:>12}{:>9}{:>12}{:>9}{:>20}{:>9}\n", "floats", "three-pass",
             "median", "softmax", "median", "two-pass", "median", "softmax / two-pass", "median");
  for (std::size_t size = std::size_t{1} << 17; size <= std::size_t{1} << 24; size *= 2) {
    rows data(1, size, false);
    std::vector<float> out(size);
    std::vector<double> times[3];
    for (int repetition = 0; repetition < 9; ++repetition) {
      for (std::size_t kind = 0; kind < 3; ++kind) {
        const std::clock_t begin = std::clock();
        if (kind == 0) sink = double(ok::argmax(data[0]).logit);  // as if it took the maximum first
        if (kind < 2)
          ok::softmax(data[0], out);
        else
          ok::two_pass_softmax(data[0], out);
        times[kind].push_back(1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
        sink = double(out[size / 2]);
      }
    }
    fmt::print("{:>12}", size);
    for (auto& t : times) {
      std::sort(t.begin(), t.end());
      fmt::print("{:>12.3f}{:>9.3f}", t.front(), t[t.size() / 2]);
    }
    fmt::print("{:>20.2f}{:>9.2f}\n", times[1].front() / times[2].front(),
               times[1][4] / times[2][4]);
  }
}

/// What a row of 16 bits a logit saves or costs: half the bytes to read, a conversion for each.
template <class Logit>
std::vector<double (*)(std::span<const Logit>, double)> narrow_entries() {
  using row = std::span<const Logit>;
  static std::vector<ok::token_logit> largest(40);
  static std::vector<float> output(128'256);
  return {[](row z, double) { return double(ok::argmax(z).token); },
          [](row z, double u) { return double(ok::min_p_draw(z, .05, .8F, u)); },
          [](row z, double) { return double(ok::top_k(z, largest)); },
          [](row z, double u) {
            return double(ok::sample(z, {.top_k = 40, .top_p = .95, .temperature = .8F}, u).token);
          },
          [](row z, double u) { return double(ok::draw_by_rejection(z, .8F, u)); },
          [](row z, double u) { return double(ok::draw(z, .8F, u)); },
          [](row z, double) { return ok::logsumexp(z); },
          [](row z, double) { return ok::statistics(z, std::span(largest).first(20)).entropy; },
          [](row z, double) { return ok::softmax(z, output), double(output[0]); }};
}

template <class Logit>
double time_of(double (*call)(std::span<const Logit>, double), const std::vector<Logit>& row) {
  constexpr int kCalls = 8;
  double sum = call(row, 0.5);
  const auto begin = clock_type::now();
  for (int i = 0; i < kCalls; ++i) sum += call(row, i * 0.12);
  const std::chrono::duration<double, std::micro> time = clock_type::now() - begin;
  sink = sum;
  return time.count() / kCalls;
}

void report_narrow(ok::simd_target target) {
  ok::limit_target(target);
  rows data(1, 128'256, true);
  const std::vector<float> wide(data[0].begin(), data[0].end());
  std::vector<ok::bfloat16> brain(wide.size());
  std::vector<ok::half> halves(wide.size());
  std::transform(wide.begin(), wide.end(), brain.begin(), ok::bfloat16::nearest);
  std::transform(wide.begin(), wide.end(), halves.begin(), ok::half::nearest);
  const char* const names[] = {"max pass (argmax)",
                               "min-p .05, T .8, draw",
                               "top-k 40, sorted",
                               "chain",
                               "draw T .8, rejection",
                               "draw T .8, accurate",
                               "logsumexp",
                               "statistics, 20 logprobs",
                               "softmax"};
  fmt::print("\nrows of 16 bits a logit, 128256 tokens, peaked, hot row, {}\n",
             target == ok::simd_target::avx512 ? "AVX-512" : "AVX2");
  fmt::print("{:<28}{:>10}{:>16}{:>16}\n", "kernel", "float, us", "bfloat16, x", "half, x");
  for (std::size_t k = 0; k < std::size(names); ++k) {
    double best[3] = {1e9, 1e9, 1e9};
    for (int repetition = 0; repetition < 41; ++repetition) {
      best[0] = std::min(best[0], time_of(narrow_entries<float>()[k], wide));
      best[1] = std::min(best[1], time_of(narrow_entries<ok::bfloat16>()[k], brain));
      best[2] = std::min(best[2], time_of(narrow_entries<ok::half>()[k], halves));
    }
    fmt::print("{:<28}{:>10.2f}{:>16.2f}{:>16.2f}\n", names[k], best[0], best[1] / best[0],
               best[2] / best[0]);
  }
}

}  // namespace

int main() {
  using ok::simd_target;
  for (const std::size_t vocabulary :
       {std::size_t{128'256}, std::size_t{32'000}, std::size_t{151'936}}) {
    for (const bool peaked : {true, false}) {
      for (const auto target : {simd_target::avx512, simd_target::avx2}) {
        if (target <= ok::widest_target()) report(vocabulary, peaked, true, target);
      }
    }
  }
  for (const auto target : {simd_target::avx512, simd_target::avx2}) {
    if (target <= ok::widest_target()) report(128'256, true, false, target);
  }
  for (const auto target : {simd_target::avx512, simd_target::avx2}) {
    if (target <= ok::widest_target()) report_narrow(target);
  }
  for (const auto target : {simd_target::avx512, simd_target::avx2}) {
    if (target <= ok::widest_target()) report_large(target);
  }
}
