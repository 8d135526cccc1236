// SPDX-License-Identifier: MIT
#include "gguf_writer.hpp"
#include <outthink/backends/transformer/gguf_tensor.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace {

using outthink::backends::gguf::read_row;
using outthink::backends::gguf::tensor;
using outthink::backends::gguf::tensor_type;

}  // namespace

TEST_CASE("read_row gives the floats of any row and element type") {
  std::mt19937 generator(5);
  std::normal_distribution<float> normal;
  for (const std::uint32_t type : {0U, 1U, 8U}) {
    std::vector<float> floats(3 * 64);
    for (float& x : floats) x = normal(generator);
    const std::string data = outthink::test::encode(floats, type);
    tensor t;
    t.type = static_cast<tensor_type>(type);
    t.shape = {64, 3, 1, 1};
    t.data = reinterpret_cast<const std::byte*>(data.data());
    for (std::size_t row = 0; row < 3; ++row) {
      std::vector<float> found(64);
      read_row(t, row, found);
      for (std::size_t i = 0; i < 64; ++i) CHECK(found[i] == floats[row * 64 + i]);
    }
  }
}
