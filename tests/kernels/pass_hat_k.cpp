// SPDX-License-Identifier: MIT
#include <outthink/kernels/pass_at_k.hpp>
#include <outthink/kernels/pass_hat_k.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

using outthink::kernels::pass_at_k;
using outthink::kernels::pass_hat_k;

TEST_CASE("pass_hat_k is the product of drawing right ones without replacement") {
  CHECK(pass_hat_k(10, 3, 1) == doctest::Approx(0.3).epsilon(1e-15));
  CHECK(pass_hat_k(8, 6, 2) == doctest::Approx(15.0 / 28).epsilon(1e-15));
  CHECK(pass_hat_k(5, 4, 4) == doctest::Approx(0.2).epsilon(1e-15));
  for (std::uint64_t n = 0; n <= 67; ++n)
    for (std::uint64_t c = 0; c <= n; ++c) {
      long double expected = 1;
      for (std::uint64_t k = 0; k <= n; ++k) {
        const auto tolerance = static_cast<long double>(2 * std::min(k, n - c) + 1) * 0x1p-53L;
        CHECK(std::fabs(static_cast<long double>(pass_hat_k(n, c, k)) - expected) <=
              tolerance * expected);
        expected =
            k < c ? expected * static_cast<long double>(c - k) / static_cast<long double>(n - k)
                  : 0;
      }
    }
}

TEST_CASE("pass_hat_k and pass_at_k of the wrong samples are complements") {
  for (std::uint64_t c = 0; c <= 50; ++c)
    for (std::uint64_t k = 1; k <= 50; ++k)
      CHECK(pass_hat_k(50, c, k) == doctest::Approx(1 - pass_at_k(50, 50 - c, k)).epsilon(1e-12));
}

TEST_CASE("pass_hat_k stays exact for a million samples, and underflows to zero") {
  CHECK(pass_hat_k(1'000'000, 999'999, 1) == 0.999999);
  CHECK(pass_hat_k(1'000'000, 999'999, 500'000) == 0.5);
  CHECK(pass_hat_k(1'000'000, 500'000, 400'000) == 0);
  CHECK(pass_hat_k(1'000'000, 1'000'000, 1'000'000) == 1);
}

TEST_CASE("pass_hat_k is 0 with fewer right than drawn, 1 of none, NaN of more than there are") {
  CHECK(pass_hat_k(10, 3, 4) == 0);
  CHECK(pass_hat_k(10, 0, 0) == 1);
  CHECK(pass_hat_k(0, 0, 0) == 1);
  CHECK(std::isnan(pass_hat_k(5, 5, 6)));
  CHECK(std::isnan(pass_hat_k(5, 6, 1)));
}
