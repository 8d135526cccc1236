// SPDX-License-Identifier: MIT
#include "each_target.hpp"
#include <outthink/kernels/simd/vector.hpp>

#include <doctest/doctest.h>

using namespace outthink;
using test::for_each_target;

namespace {

struct record {
  int* called;
};

void note_baseline(const record& r) noexcept {
  *r.called = 0;
}
void note_avx2(const record& r) noexcept {
  *r.called = 1;
}
void note_avx512(const record& r) noexcept {
  *r.called = 2;
}

int expected(kernels::simd_target target) {
  return target == kernels::simd_target::baseline ? 0
         : target == kernels::simd_target::avx2   ? 1
                                                  : 2;
}

}  // namespace

TEST_CASE("dispatch calls the function of the target in force") {
  for_each_target([] {
    int called = -1;
    kernels::detail::dispatch(&note_baseline, &note_avx2, &note_avx512, record{&called});
    CHECK(called == expected(kernels::current_target()));
  });
}
