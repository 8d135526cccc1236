// SPDX-License-Identifier: MIT
#include "each_target.hpp"
#include <outthink/kernels/simd/doubles.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>

namespace outthink::test {

struct doubles_results {
  double x[8];
  float narrow[8];
  mutable double exponents[8], mantissas[8], logs[8], widened[8], combined[3];
};

}  // namespace outthink::test

#define OUTTHINK_KERNEL "kernels/simd/doubles_test.inl"
#include <outthink/kernels/simd/for_each_target.inl>

namespace {

void apply(const outthink::test::doubles_results& r) {
  using namespace outthink::kernels;
  detail::dispatch([&](auto isa) { apply_doubles(isa, r); });
}

}  // namespace

TEST_CASE("every target's double operations agree with the standard library's") {
  outthink::test::for_each_target([] {
    std::mt19937 generator(5);
    std::uniform_real_distribution<double> exponent(-300, 300);
    for (int round = 0; round < 2000; ++round) {
      outthink::test::doubles_results r{};
      for (std::size_t i = 0; i < 8; ++i) {
        // Near one, where the logarithm cancels, and everywhere else.
        r.x[i] =
            round % 2 == 0 ? std::exp2(exponent(generator) / 10) : 1 + exponent(generator) / 1e4;
        r.narrow[i] = static_cast<float>(exponent(generator));
      }
      apply(r);
      CHECK_FALSE(outthink::test::wide_registers_in_use());
      long double sum = 0, product = 1;
      for (std::size_t i = 0; i < 8; ++i) {
        const auto x = static_cast<long double>(r.x[i]);
        sum += x;
        product *= x;
        CHECK(r.exponents[i] == static_cast<double>(std::ilogb(r.x[i])));
        CHECK(std::ldexp(r.mantissas[i], std::ilogb(r.x[i])) == r.x[i]);
        CHECK(r.widened[i] == static_cast<double>(r.narrow[i]));
        const long double log = std::log(x) + 3 * std::log(2.0L);
        CHECK(std::fabs(static_cast<long double>(r.logs[i]) - log) <=
              0x1p-52L * (1 + std::fabs(log)));
      }
      CHECK(std::fabs(static_cast<long double>(r.combined[0]) - sum) <= 8 * 0x1p-53L * sum);
      CHECK(std::fabs(static_cast<long double>(r.combined[1]) - product) <= 8 * 0x1p-53L * product);
      CHECK(r.combined[2] == *std::min_element(r.x, r.x + 8));
    }
  });
}
