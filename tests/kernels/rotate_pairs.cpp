// SPDX-License-Identifier: MIT
#include "simd/each_target.hpp"
#include <outthink/kernels/rotate_pairs.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

TEST_CASE("rotate_pairs turns each pair and leaves the rest of a head alone") {
  outthink::test::for_each_target([] {
    for (std::size_t rotated = 2; rotated <= 66; rotated += 2) {
      const std::size_t head = rotated + 3;
      std::vector<float> cosines;
      std::vector<float> sines;
      for (std::size_t i = 0; i < rotated; i += 2) {
        const auto angle = static_cast<float>(i) * 0.3F + 0.1F;
        cosines.insert(cosines.end(), {std::cos(angle), std::cos(angle)});
        sines.insert(sines.end(), {-std::sin(angle), std::sin(angle)});
      }
      const auto before = outthink::test::random_floats(3 * head, static_cast<unsigned>(rotated));
      auto after = before;
      outthink::kernels::rotate_pairs({.vectors = after.data(),
                                       .cosines = cosines.data(),
                                       .sines = sines.data(),
                                       .heads = 3,
                                       .head_dim = head,
                                       .rotated = rotated});
      CHECK_FALSE(outthink::test::wide_registers_in_use());
      for (std::size_t i = 0; i < before.size(); ++i) {
        const std::size_t d = i % head;
        if (d >= rotated) {
          REQUIRE(after[i] == before[i]);
          continue;
        }
        const double partner = static_cast<double>(before[d % 2 == 0 ? i + 1 : i - 1]);
        const double expected = static_cast<double>(before[i]) * static_cast<double>(cosines[d]) +
                                partner * static_cast<double>(sines[d]);
        REQUIRE(std::fabs(static_cast<double>(after[i]) - expected) < 1e-6);
      }
    }
  });
}
