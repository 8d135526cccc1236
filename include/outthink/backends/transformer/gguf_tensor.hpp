// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/transformer/gguf_reader.hpp>
#include <outthink/core/error.hpp>
#include <outthink/kernels/half.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace outthink::backends::gguf {

/// Types of a tensor's elements that this library reads, numbered as in the file.
enum class tensor_type : std::uint32_t { f32 = 0, f16 = 1, q8_0 = 8 };

/// Elements and bytes of the smallest piece of a row.
struct block_shape {
  std::uint64_t elements;
  std::uint64_t bytes;
};

[[nodiscard]] constexpr block_shape block_of(tensor_type type) noexcept {
  switch (type) {
    case tensor_type::f32:
      return {1, 4};
    case tensor_type::f16:
      return {1, 2};
    case tensor_type::q8_0:
      break;
  }
  return {32, 34};  // a half-precision scale, then 32 signed bytes
}

/// A tensor as it lies in the file. `columns` is GGUF's first dimension: the contiguous one.
struct tensor {
  std::string_view name;
  tensor_type type = tensor_type::f32;
  std::array<std::uint64_t, 4> shape = {1, 1, 1, 1};  ///< unused dimensions are 1
  std::uint64_t bytes = 0;                            ///< of the data
  std::uint64_t offset = 0;                           ///< of the data, from the data section
  const std::byte* data = nullptr;                    ///< set once the data section is known
};

/// Row `row` of a matrix as floats; `out` has its number of columns.
inline void read_row(const tensor& t, std::uint64_t row, std::span<float> out) noexcept {
  const block_shape block = block_of(t.type);
  const std::byte* from = t.data + row * (out.size() / block.elements) * block.bytes;
  if (t.type == tensor_type::f32) {
    std::memcpy(out.data(), from, out.size_bytes());
    return;
  }
  float scale = 1;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % block.elements == 0) {
      kernels::half stored;
      std::memcpy(&stored, from, sizeof stored);
      from += sizeof stored;
      scale = stored;
    }
    out[i] = t.type == tensor_type::f16
                 ? scale
                 : scale * static_cast<float>(static_cast<signed char>(*from++));
  }
}

/// @brief Reads the description of one tensor and checks that its size is a number.
///
/// Errors: `errc::malformed_file` for a truncated description, 0 or more than 4 dimensions, an
/// empty dimension, a size past 2⁶³, a row that is not whole blocks;
/// `errc::unsupported_model` for an element type other than F32, F16 and Q8_0.
[[nodiscard]] inline tensor read_tensor_description(reader& in, std::uint64_t index) {
  tensor t;
  t.name = in.text("name of tensor " + std::to_string(index));
  const std::string what = "tensor '" + std::string(t.name.substr(0, 80)) + "'";
  const auto dimensions = in.number<std::uint32_t>(what);
  if (dimensions < 1 || dimensions > t.shape.size())
    in.refuse(errc::malformed_file, what,
              "has " + std::to_string(dimensions) + " dimensions, expected 1 to 4");
  std::uint64_t elements = 1;
  for (std::uint32_t d = 0; d < dimensions; ++d) {
    t.shape[d] = in.number<std::uint64_t>(what);
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max() / 8;
    if (t.shape[d] == 0 || t.shape[d] > most / elements)
      in.refuse(errc::malformed_file, what,
                "dimension " + std::to_string(d) + " is " + std::to_string(t.shape[d]) +
                    ", expected at least 1 and fewer than 2^60 elements in all");
    elements *= t.shape[d];
  }
  const auto type = in.number<std::uint32_t>(what);
  t.type = static_cast<tensor_type>(type);
  if (t.type != tensor_type::f32 && t.type != tensor_type::f16 && t.type != tensor_type::q8_0)
    in.refuse(errc::unsupported_model, what,
              "has GGML element type " + std::to_string(type) +
                  ", supported are 0 (F32), 1 (F16) and 8 (Q8_0)");
  const block_shape block = block_of(t.type);
  if (t.shape[0] % block.elements != 0)
    in.refuse(errc::malformed_file, what,
              "has rows of " + std::to_string(t.shape[0]) + " elements, expected a multiple of " +
                  std::to_string(block.elements));
  t.bytes = elements / block.elements * block.bytes;
  t.offset = in.number<std::uint64_t>(what);
  return t;
}

}  // namespace outthink::backends::gguf
