// SPDX-License-Identifier: MIT
#include <outthink/sampling/top_p.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using outthink::sampling_options;
using outthink::top_p;

namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity();

/// Which of tokens with these probabilities survive.
std::vector<bool> kept(const std::vector<double>& probabilities, float p, float shift = 0) {
  std::vector<float> logits;
  for (const double q : probabilities) logits.push_back(static_cast<float>(std::log(q)) + shift);
  const std::vector<float> before = logits;
  sampling_options options;
  options.top_p = p;
  top_p{}(logits, options);
  std::vector<bool> result;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    result.push_back(logits[i] != kOut);
    if (result.back()) CHECK(logits[i] == before[i]);
  }
  return result;
}

}  // namespace

TEST_CASE("top_p keeps the smallest set of likely tokens with at least that probability") {
  const std::vector<double> q{.1, .5, .15, .25};
  CHECK(kept(q, .45F) == std::vector<bool>{false, true, false, false});
  CHECK(kept(q, .55F) == std::vector<bool>{false, true, false, true});
  CHECK(kept(q, .8F) == std::vector<bool>{false, true, true, true});
  CHECK(kept(q, .95F) == std::vector<bool>{true, true, true, true});
}

TEST_CASE("top_p does not depend on a common shift of the logits") {
  const std::vector<double> q{.1, .5, .15, .25};
  for (const float shift : {-500.0F, 0.0F, 500.0F}) {
    CHECK(kept(q, .8F, shift) == std::vector<bool>{false, true, true, true});
  }
}

TEST_CASE("top_p keeps at least one token and, at 1, all") {
  const std::vector<double> q{.2, .5, .3};
  CHECK(kept(q, 1e-9F) == std::vector<bool>{false, true, false});
  CHECK(kept(q, 1.0F) == std::vector<bool>{true, true, true});
  CHECK(kept({1.0}, .5F) == std::vector<bool>{true});
  CHECK(kept({}, .5F).empty());
}

TEST_CASE("top_p ranks equal logits by lower id") {
  CHECK(kept({.25, .25, .25, .25}, .6F) == std::vector<bool>{true, true, true, false});
}

TEST_CASE("top_p leaves excluded tokens excluded") {
  std::vector<float> logits{kOut, 0, kOut, 0};
  sampling_options options;
  options.top_p = .99F;
  top_p{}(logits, options);
  CHECK(logits == std::vector<float>{kOut, 0, kOut, 0});
}
