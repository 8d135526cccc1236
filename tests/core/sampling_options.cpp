// SPDX-License-Identifier: MIT
#include <outthink/core/sampling_options.hpp>

#include <doctest/doctest.h>

using outthink::greedy;
using outthink::sampling_options;

TEST_CASE("sampling_options draw from the model's own distribution unless told otherwise") {
  const sampling_options usual;
  CHECK(usual.temperature == 1.0F);
  CHECK(usual.top_k == 0);
  CHECK(usual.top_p == 1.0F);
}

TEST_CASE("greedy differs from the usual options in the temperature alone") {
  CHECK(greedy == sampling_options{.temperature = 0.0F});
  CHECK_FALSE(greedy == sampling_options{});
}
