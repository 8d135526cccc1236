// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/kernels/simd/target.hpp>

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

namespace outthink::test {

/// Ends the program unless `holds`, so that the fuzzer keeps the input.
inline void expect(bool holds, const char* invariant) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", invariant);
  std::abort();
}

inline std::size_t below(FuzzedDataProvider& in, std::size_t end) {
  return in.ConsumeIntegralInRange<std::size_t>(0, end - 1);
}

/// In [0, 1), with 32 random bits.
inline double uniform_of(FuzzedDataProvider& in) {
  return in.ConsumeIntegral<std::uint32_t>() * 0x1p-32;
}

/// Makes the kernels use any instruction set of this machine.
inline void choose_target(FuzzedDataProvider& in) {
  kernels::limit_target(static_cast<kernels::simd_target>(below(in, 3)));
}

/// Up to `most` bytes.
inline std::vector<std::uint8_t> bytes_of(FuzzedDataProvider& in, std::size_t most) {
  const std::size_t count = std::min(below(in, most + 1), in.remaining_bytes());
  if (count == 0) return {};  // which ConsumeBytes would copy from a null pointer
  return in.ConsumeBytes<std::uint8_t>(count);
}

/// Floats of any bit pattern.
inline std::vector<float> any_floats(FuzzedDataProvider& in, std::size_t most) {
  const std::vector<std::uint8_t> bytes = bytes_of(in, most * sizeof(float));
  std::vector<float> floats(bytes.size() / sizeof(float));
  if (!floats.empty()) std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

/// Floats of few values, so that ties are frequent: multiples of `unit`, some of them -inf, +inf
/// or NaN where `special`.
inline std::vector<float> few_floats(FuzzedDataProvider& in, std::size_t most, float unit,
                                     bool special) {
  std::vector<float> floats;
  for (const std::uint8_t byte : bytes_of(in, most)) {
    float x = unit * static_cast<float>(static_cast<std::int8_t>(byte));
    if (special && byte == 128) x = -std::numeric_limits<float>::infinity();
    if (special && byte == 127) x = std::numeric_limits<float>::infinity();
    if (special && byte == 126) x = std::numeric_limits<float>::quiet_NaN();
    floats.push_back(x);
  }
  return floats;
}

/// In [0, 1], or now and then anything.
inline std::vector<float> scores_of(FuzzedDataProvider& in, std::size_t most) {
  if (below(in, 8) == 0) return any_floats(in, most);
  std::vector<float> scores;
  for (const std::uint8_t byte : bytes_of(in, most))
    scores.push_back(static_cast<float>(byte) / 255);
  return scores;
}

}  // namespace outthink::test
