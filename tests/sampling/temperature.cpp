// SPDX-License-Identifier: MIT
#include <outthink/sampling/temperature.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using outthink::sampling_options;
using outthink::temperature;

namespace {

constexpr float kOut = -std::numeric_limits<float>::infinity();

std::vector<float> at(float t, std::vector<float> logits) {
  sampling_options options;
  options.temperature = t;
  temperature{}(logits, options);
  return logits;
}

}  // namespace

TEST_CASE("temperature divides every logit") {
  CHECK(at(2.0F, {4, -2, 0}) == std::vector<float>{2, -1, 0});
  CHECK(at(0.5F, {4, -2, 0}) == std::vector<float>{8, -4, 0});
}

TEST_CASE("temperature of 1 changes no bit") {
  const std::vector<float> logits{0.1F, -7.3F, 1e-30F};
  CHECK(at(1.0F, logits) == logits);
}

TEST_CASE("temperature leaves excluded tokens excluded, and takes no token at all") {
  CHECK(at(0.25F, {kOut, 1}) == std::vector<float>{kOut, 4});
  CHECK(at(0.25F, {}).empty());
}
