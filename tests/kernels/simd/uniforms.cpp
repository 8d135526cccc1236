// SPDX-License-Identifier: MIT
#include "../../support/chi_square.hpp"
#include <outthink/kernels/simd/uniforms.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

using outthink::kernels::detail::uniforms;

TEST_CASE("derived uniforms begin with the given one and repeat for it") {
  uniforms a(0.25), b(0.25);
  CHECK(a() == 0.25);
  CHECK(b() == 0.25);
  for (int i = 0; i < 10; ++i) CHECK(a() == b());
}

// Fixed inputs; with random ones the check would fail once in 10^6.
TEST_CASE("derived uniforms are uniform, also for neighbouring first numbers") {
  std::vector<std::uint64_t> counts(64);
  for (int i = 0; i < 20'000; ++i) {
    uniforms next(i * 0x1p-20);
    next();
    const double u = next();
    CHECK((u >= 0 && u < 1));
    ++counts[static_cast<std::size_t>(u * 64)];
  }
  CHECK(outthink::test::chi_square_fit(counts, std::vector<double>(64, 1.0 / 64)) > 1e-6);
}
