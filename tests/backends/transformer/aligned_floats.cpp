// SPDX-License-Identifier: MIT
#include <outthink/backends/transformer/aligned_floats.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>

using outthink::backends::aligned_floats;

TEST_CASE("aligned_floats begin on a cache line and are zero") {
  for (const std::size_t count : {1U, 3U, 1000U}) {
    const aligned_floats floats(count);
    CHECK(floats.size() == count);
    CHECK(reinterpret_cast<std::uintptr_t>(floats.data()) % 64 == 0);
    for (std::size_t i = 0; i < count; ++i) CHECK(floats.data()[i] == 0);
  }
}

TEST_CASE("aligned_floats grow, and never shrink") {
  aligned_floats floats;
  CHECK(floats.size() == 0);
  floats.grow(10);
  CHECK(floats.size() == 10);
  const float* const before = floats.data();
  floats.grow(5);
  CHECK(floats.size() == 10);
  CHECK(floats.data() == before);
}
