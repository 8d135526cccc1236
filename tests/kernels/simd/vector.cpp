// SPDX-License-Identifier: MIT
#include "each_target.hpp"
#include <outthink/kernels/simd/vector.hpp>

#include <doctest/doctest.h>

using namespace outthink;
using kernels::simd_target;
using test::for_each_target;

namespace {

simd_target target_of(kernels::baseline::isa) {
  return simd_target::baseline;
}
#if defined(__x86_64__)
simd_target target_of(kernels::avx2::isa) {
  return simd_target::avx2;
}
simd_target target_of(kernels::avx512::isa) {
  return simd_target::avx512;
}
#endif

}  // namespace

TEST_CASE("dispatch calls the function of the target in force and returns what it returns") {
  for_each_target([] {
    const simd_target called = kernels::detail::dispatch([](auto isa) { return target_of(isa); });
    CHECK(called == kernels::current_target());
  });
}
