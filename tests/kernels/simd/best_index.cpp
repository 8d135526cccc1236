// SPDX-License-Identifier: MIT
#include "each_target.hpp"
#include <outthink/kernels/simd/best_index.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace outthink::test {

struct best_index_args {
  const float* values;
  const std::uint32_t* visits;
  std::size_t size;
  float* converted;
  std::size_t* chosen;
};

}  // namespace outthink::test

#define OUTTHINK_KERNEL "kernels/simd/best_index_test.inl"
#include <outthink/kernels/simd/for_each_target.inl>

namespace {

std::size_t best_of(const std::vector<float>& values, const std::vector<std::uint32_t>& visits,
                    std::vector<float>& converted) {
  using namespace outthink::kernels;
  std::size_t chosen = 99;
  converted.assign(values.size(), -1);
  const outthink::test::best_index_args a{values.data(), visits.data(), values.size(),
                                          converted.data(), &chosen};
  detail::dispatch([&](auto isa) { find_best(isa, a); });
  return chosen;
}

}  // namespace

TEST_CASE("every target finds the first of the largest values, whatever NaN is among them") {
  outthink::test::for_each_target([] {
    std::mt19937 generator(1);
    std::vector<float> converted;
    for (int round = 0; round < 3000; ++round) {
      std::vector<float> values(generator() % 68);
      std::vector<std::uint32_t> visits(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const auto kind = generator() % 12;
        values[i] = kind == 0   ? std::numeric_limits<float>::quiet_NaN()
                    : kind == 1 ? -std::numeric_limits<float>::infinity()
                                : static_cast<float>(generator() % 9) - 4;
        visits[i] = static_cast<std::uint32_t>(generator()) >> 1 >> generator() % 31;
      }
      std::size_t expected = 0;
      float largest = -std::numeric_limits<float>::infinity();
      for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] > largest) largest = values[i], expected = i;
      CHECK(best_of(values, visits, converted) == expected);
      CHECK_FALSE(outthink::test::wide_registers_in_use());
      for (std::size_t i = 0; i < visits.size(); ++i)
        CHECK(converted[i] == static_cast<float>(visits[i]));
    }
  });
}
