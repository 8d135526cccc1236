// SPDX-License-Identifier: MIT
#include <outthink/interop/progress_bar.hpp>

#include <doctest/doctest.h>

#include <cstdio>

using namespace outthink;

TEST_CASE("progress_bar draws nothing where there is no terminal") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    progress_bar bar("label", file);
    bar.on_batch({.done = 1, .live = 1, .total = 2, .spent = {}, .seconds = 1.0});
    bar.on_outcome(0, outcome{});
    bar.clear();
  }
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
}

TEST_CASE("progress_bar is an observer") {
  static_assert(observer<progress_bar>);
}
