// SPDX-License-Identifier: MIT
#include <outthink/kernels/simd/target.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using outthink::kernels::current_target;
using outthink::kernels::limit_target;
using outthink::kernels::simd_target;
using outthink::kernels::widest_target;

TEST_CASE("kernels use the machine's widest target up to the limit") {
  CHECK(current_target() == widest_target());
  for (const auto limit : {simd_target::baseline, simd_target::avx2, simd_target::avx512}) {
    limit_target(limit);
    CHECK(current_target() == std::min(limit, widest_target()));
  }
}
