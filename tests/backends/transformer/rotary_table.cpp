// SPDX-License-Identifier: MIT
#include <outthink/backends/transformer/rotary_table.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

using outthink::backends::llama::hyperparameters;
using outthink::backends::llama::rotary_table;

TEST_CASE("a rotary_table holds each angle's cosine twice and its sine with both signs") {
  hyperparameters h;
  h.rotated = 6;
  h.rope_base = 100;
  rotary_table table(h);
  table.extend(5);
  for (std::size_t p = 0; p < 5; ++p)
    for (std::size_t i = 0; i < 6; i += 2) {
      const double angle = static_cast<double>(p) * std::pow(100.0, -static_cast<double>(i) / 6);
      CHECK(table.cosines(p)[i] == doctest::Approx(std::cos(angle)));
      CHECK(table.cosines(p)[i + 1] == table.cosines(p)[i]);
      CHECK(table.sines(p)[i + 1] == doctest::Approx(std::sin(angle)));
      CHECK(table.sines(p)[i] == -table.sines(p)[i + 1]);
    }
}

TEST_CASE("extending a rotary_table step by step gives the same table") {
  hyperparameters h;
  h.rotated = 4;
  rotary_table whole(h);
  rotary_table grown(h);
  whole.extend(50);
  for (std::size_t p = 1; p <= 50; p += 7) grown.extend(p);
  grown.extend(3);
  grown.extend(50);
  for (std::size_t i = 0; i < 200; ++i) {
    CHECK(whole.cosines(0)[i] == grown.cosines(0)[i]);
    CHECK(whole.sines(0)[i] == grown.sines(0)[i]);
  }
}
