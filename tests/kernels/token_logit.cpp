// SPDX-License-Identifier: MIT
#include <outthink/kernels/token_logit.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using outthink::kernels::no_token;
using outthink::kernels::token_logit;

TEST_CASE("no_token is no token of any row, and token and logit compare together") {
  CHECK(no_token > std::numeric_limits<std::uint32_t>::max());
  CHECK(token_logit{3, 1.5F} == token_logit{3, 1.5F});
  CHECK_FALSE(token_logit{3, 1.5F} == token_logit{4, 1.5F});
  CHECK_FALSE(token_logit{3, 1.5F} == token_logit{3, 2.5F});
}
