// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/reduce_steps.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <vector>

using outthink::step_reduction;
using outthink::test::for_each_target;

namespace {

constexpr step_reduction kAll[] = {
    step_reduction::last,      step_reduction::min,         step_reduction::product,
    step_reduction::mean,      step_reduction::log_product, step_reduction::geometric_mean,
    step_reduction::logit_sum,
};
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// In long double, a logarithm for every score.
long double reference(std::span<const float> scores, step_reduction how) {
  if (scores.empty()) return -std::numeric_limits<long double>::infinity();
  long double sum = 0, product = 1, least = scores[0], logs = 0, logits = 0;
  for (const float s : scores) {
    const auto x = static_cast<long double>(s);
    sum += x;
    product *= x;
    least = std::min(least, x);
    logs += std::log(x);
    const long double p = std::clamp(x, 1e-7L, 1 - 1e-7L);
    logits += std::log(p) - std::log1p(-p);
  }
  const auto steps = static_cast<long double>(scores.size());
  switch (how) {
    case step_reduction::last:
      return static_cast<long double>(scores.back());
    case step_reduction::min:
      return least;
    case step_reduction::product:
      return product;
    case step_reduction::mean:
      return sum / steps;
    case step_reduction::log_product:
      return logs;
    case step_reduction::geometric_mean:
      return std::exp(logs / steps);
    case step_reduction::logit_sum:
      return logits;
  }
  return 0;
}

struct traces {
  std::vector<float> scores;
  std::vector<std::size_t> offsets{0};

  void add(std::span<const float> trace) {
    scores.insert(scores.end(), trace.begin(), trace.end());
    offsets.push_back(scores.size());
  }
  [[nodiscard]] std::span<const float> trace(std::size_t t) const {
    return std::span(scores).subspan(offsets[t], offsets[t + 1] - offsets[t]);
  }
  [[nodiscard]] std::vector<float> reduce(step_reduction how) const {
    std::vector<float> reduced(offsets.size() - 1, 7.0F);
    outthink::kernels::reduce_steps(scores, offsets, how, reduced);
    CHECK_FALSE(outthink::test::wide_registers_in_use());
    return reduced;
  }
};

traces random_traces(unsigned seed, std::size_t count, std::size_t longest, float least = 0) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> score(least, 1);
  traces all;
  for (std::size_t t = 0; t < count; ++t) {
    std::vector<float> trace(generator() % (longest + 1));
    for (float& s : trace) s = score(generator);
    all.add(trace);
  }
  return all;
}

/// One rounding to float (half an ulp) and what double precision loses; the geometric mean goes
/// through the vector layer's exponential of 2 ulp and a correction of one rounding.
void check_close(float found, long double expected, step_reduction how, std::size_t steps) {
  if (std::isinf(expected)) {
    CHECK(found == static_cast<float>(expected));
    return;
  }
  const long double ulp = how == step_reduction::geometric_mean ? 4 : 0.51L;
  const long double tolerance = ulp * 0x1p-23L * std::fabs(expected) +
                                1e-15L * static_cast<long double>(steps) +
                                (how == step_reduction::product ? 0x1p-149L : 0);
  CHECK(std::fabs(static_cast<long double>(found) - expected) <= tolerance);
}

}  // namespace

TEST_CASE("ragged reduce_steps agrees with long double for traces of 0 to 67 steps") {
  for_each_target([] {
    traces all;
    std::mt19937 generator(1);
    std::uniform_real_distribution<float> score(0, 1);
    for (std::size_t steps = 0; steps <= 67; ++steps) {
      std::vector<float> trace(steps);
      for (float& s : trace) s = score(generator);
      all.add(trace);
    }
    for (const step_reduction how : kAll) {
      CAPTURE(static_cast<int>(how));
      const auto reduced = all.reduce(how);
      for (std::size_t t = 0; t < reduced.size(); ++t) {
        CAPTURE(t);
        check_close(reduced[t], reference(all.trace(t), how), how, t);
      }
    }
  });
}

TEST_CASE("ragged reduce_steps agrees with the reduction of a single trace") {
  for_each_target([] {
    const traces all = random_traces(2, 1000, 40);
    for (const step_reduction how : kAll) {
      const auto reduced = all.reduce(how);
      for (std::size_t t = 0; t < reduced.size(); ++t) {
        const float alone = outthink::reduce_steps(all.trace(t), how);
        check_close(reduced[t], static_cast<long double>(alone), how, all.trace(t).size());
      }
    }
  });
}

TEST_CASE("a trace's reduction does not depend on the traces beside it") {
  for_each_target([] {
    const traces all = random_traces(3, 200, 30);
    for (const step_reduction how : kAll) {
      const auto together = all.reduce(how);
      for (std::size_t t = 0; t < together.size(); ++t) {
        traces alone;
        alone.add(all.trace(t));
        CHECK(alone.reduce(how)[0] == together[t]);
      }
    }
  });
}

TEST_CASE("log_product and geometric_mean rank long traces whose product underflows") {
  for_each_target([] {
    traces all;
    all.add(std::vector<float>(1000, 0.01F));
    all.add(std::vector<float>(1001, 0.01F));
    all.add(std::vector<float>(500, 1.4e-45F));  // the smallest denormal
    all.add(std::vector<float>(999, 0.9999999F));
    all.add(std::vector<float>(30, 1e30F));
    CHECK(all.reduce(step_reduction::product)[0] == 0);
    for (const auto how : {step_reduction::log_product, step_reduction::geometric_mean}) {
      const auto reduced = all.reduce(how);
      for (std::size_t t = 0; t < reduced.size(); ++t) {
        if (how == step_reduction::geometric_mean && t == 2) continue;
        check_close(reduced[t], reference(all.trace(t), how), how, all.trace(t).size());
      }
    }
    const auto logs = all.reduce(step_reduction::log_product);
    CHECK(logs[1] < logs[0]);
    CHECK(all.reduce(step_reduction::geometric_mean)[2] == 0);  // a denormal, flushed
  });
}

TEST_CASE("logit_sum weighs a right and a wrong step of equal certainty as nothing") {
  for_each_target([] {
    traces all;
    all.add(std::vector{0.75F, 0.25F});
    all.add(std::vector{0.9F, 0.5F});
    all.add(std::vector{1.0F});
    all.add(std::vector{0.0F});
    const auto sums = all.reduce(step_reduction::logit_sum);
    CHECK(std::fabs(sums[0]) < 1e-7F);
    CHECK(sums[1] == doctest::Approx(std::log(9.0)).epsilon(1e-6));
    CHECK(sums[2] == doctest::Approx(16.1180956).epsilon(1e-6));  // ln((1 - 1e-7) / 1e-7)
    CHECK(sums[3] == -sums[2]);
  });
}

TEST_CASE("ragged reduce_steps carries NaN, infinities and zeros as the single form does") {
  for_each_target([] {
    traces all;
    for (const float odd : {kNaN, -kInfinity, kInfinity, 0.0F, -0.5F, 1e30F, -1e30F, 1e-40F}) {
      for (const std::size_t steps : {1U, 2U, 7U, 16U, 17U, 40U}) {
        for (const std::size_t at : {std::size_t{0}, steps / 2, steps - 1}) {
          std::vector<float> trace(steps, 0.5F);
          trace[at] = odd;
          all.add(trace);
        }
      }
    }
    for (const step_reduction how : kAll) {
      CAPTURE(static_cast<int>(how));
      const auto reduced = all.reduce(how);
      for (std::size_t t = 0; t < reduced.size(); ++t) {
        CAPTURE(t);
        const float alone = outthink::reduce_steps(all.trace(t), how);
        CHECK(std::isnan(reduced[t]) == std::isnan(alone));
        if (!std::isnan(alone))
          check_close(reduced[t], static_cast<long double>(alone), how, all.trace(t).size());
      }
    }
  });
}

TEST_CASE("scaling every score scales the mean, the minimum and the geometric mean") {
  for_each_target([] {
    const traces all = random_traces(4, 100, 20, 0.1F);
    traces half = all;
    for (float& s : half.scores) s *= 0.5F;
    for (const auto how : {step_reduction::mean, step_reduction::min, step_reduction::last}) {
      const auto a = all.reduce(how), b = half.reduce(how);
      for (std::size_t t = 0; t < a.size(); ++t) CHECK(b[t] == 0.5F * a[t]);
    }
    const auto a = all.reduce(step_reduction::geometric_mean);
    const auto b = half.reduce(step_reduction::geometric_mean);
    for (std::size_t t = 0; t < a.size(); ++t)
      if (a[t] > 0) CHECK(b[t] == doctest::Approx(0.5 * static_cast<double>(a[t])).epsilon(1e-6));
  });
}

TEST_CASE("ragged reduce_steps of no trace writes nothing") {
  for (const step_reduction how : kAll)
    outthink::kernels::reduce_steps({}, {}, how, std::span<float>{});
  CHECK(traces{}.reduce(step_reduction::mean).empty());
}

TEST_CASE(
    "reduce_steps: the geometric mean of scores up to the largest float is exact to four ulp") {
  for_each_target([] {
    for (const float score : {1e37F, 1e38F, 2.3e38F, 3.4e38F}) {
      for (std::size_t steps = 1; steps <= 20; ++steps) {
        traces all;
        all.add(std::vector<float>(steps, score));
        const float found = all.reduce(step_reduction::geometric_mean)[0];
        check_close(found, static_cast<long double>(score), step_reduction::geometric_mean, steps);
      }
    }
  });
}

TEST_CASE("scores of either sign that cancel lose no more of their mean than 2^-52 of their sum") {
  for_each_target([] {
    traces all = random_traces(5, 300, 40, -1);
    for (float& s : all.scores) s = std::ldexp(s, static_cast<int>(std::fabs(s) * 1000) % 100);
    const auto reduced = all.reduce(step_reduction::mean);
    for (std::size_t t = 0; t < reduced.size(); ++t) {
      const auto trace = all.trace(t);
      if (trace.empty()) continue;
      long double magnitude = 0;
      for (const float s : trace) magnitude += std::fabs(static_cast<long double>(s));
      const long double expected = reference(trace, step_reduction::mean);
      CHECK(std::fabs(static_cast<long double>(reduced[t]) - expected) <=
            0.51L * 0x1p-23L * std::fabs(expected) + 0x1p-52L * magnitude);
    }
  });
}

TEST_CASE("ragged reduce_steps multiplies scores outside [0, 1] while a double holds their parts") {
  for_each_target([] {
    traces all;
    all.add(std::vector{-0x1p100F, 0x1p120F, -0x1p-110F, 0x1p-120F, -3.0F});
    all.add(std::vector{0x1p127F, 0x1p127F, 0x1p127F, 0x1p-126F, 0x1p-126F, -0x1p-126F, 0.3F});
    all.add(std::vector{-kInfinity, -0x1p-126F, 2.0F});
    all.add(std::vector{0x1p120F, 0.0F, -0x1p120F});
    const auto reduced = all.reduce(step_reduction::product);
    for (std::size_t t = 0; t < reduced.size(); ++t)
      check_close(reduced[t], reference(all.trace(t), step_reduction::product),
                  step_reduction::product, all.trace(t).size());
  });
}
