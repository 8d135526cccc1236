// SPDX-License-Identifier: MIT
//
// GGUF files: the input itself, or a valid file edited as the input says. A file loads or is
// refused with an error of the library's; what loads reads as its bytes say and can be run.
#include "../backends/transformer/random_model.hpp"
#include "input.hpp"
#include <outthink/backends/transformer.hpp>
#include <outthink/backends/transformer/gguf.hpp>
#include <outthink/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

using namespace outthink;
using namespace outthink::test;
namespace gguf = outthink::backends::gguf;

namespace {

/// Half precision by its definition.
double half_of(const std::byte* bytes) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, bytes, sizeof bits);
  const int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  const double size = exponent == 0    ? std::ldexp(mantissa, -24)
                      : exponent == 31 ? (mantissa == 0 ? HUGE_VAL : std::nan(""))
                                       : std::ldexp(1024 + mantissa, exponent - 25);
  return (bits & 0x8000) != 0 ? -size : size;
}

double element_of(const gguf::tensor& t, std::size_t index) {
  if (t.type == gguf::tensor_type::f16) return half_of(t.data + 2 * index);
  if (t.type == gguf::tensor_type::q8_0) {
    const std::byte* block = t.data + index / 32 * 34;
    return half_of(block) * static_cast<signed char>(block[2 + index % 32]);
  }
  float x = 0;
  std::memcpy(&x, t.data + 4 * index, sizeof x);
  return static_cast<double>(x);
}

void check_tensors(const std::string& path, std::size_t size) {
  const gguf::file file(path);
  for (const auto& [name, t] : file.tensors()) {
    expect(t.bytes <= size, "a tensor lies in its file");
    std::vector<float> row(t.shape[0]);
    const std::uint64_t rows = t.shape[1] * t.shape[2] * t.shape[3];
    for (const std::uint64_t r : {std::uint64_t{0}, rows - 1}) {
      gguf::read_row(t, r, row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        const double x = element_of(t, r * row.size() + i);
        expect(std::isnan(x) ? std::isnan(row[i]) : row[i] == static_cast<float>(x), "an element");
      }
    }
  }
}

void check_model(const std::string& path) {
  auto model = backends::transformer::load(path);
  const std::vector<token_id> tokens{model.begin_of_text()};
  std::vector<float> first(model.vocabulary_size()), second(first.size());
  for (std::vector<float>* logits : {&first, &second}) {
    const sequence_id sequence = model.open();
    const advance_row row{sequence, tokens};
    model.advance({&row, 1}, *logits);
    model.release(sequence);
  }
  expect(std::memcmp(first.data(), second.data(), first.size() * sizeof(float)) == 0,
         "a model gives the same logits twice");
}

std::string edited(FuzzedDataProvider& in) {
  static const std::string valid =
      random_model({.width = 4, .hidden = 4, .layers = 1, .heads = 1, .kv_heads = 1}).bytes();
  std::string content = valid;
  while (in.remaining_bytes() > 0) {
    const std::size_t at = below(in, content.size());
    const std::size_t length = std::min(std::size_t{1} << below(in, 4), content.size() - at);
    const auto value = in.ConsumeIntegral<std::uint64_t>();
    std::memcpy(content.data() + at, &value, length);
    if (below(in, 16) == 0) content.resize(1 + below(in, content.size()));
  }
  return content;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  const std::string content = in.ConsumeBool() ? edited(in) : in.ConsumeRemainingBytesAsString();
  const temporary_file file(content);
  for (const bool whole : {false, true}) {
    try {
      if (whole)
        check_model(file.path());
      else
        check_tensors(file.path(), content.size());
    } catch (const error& refused) {
      const errc code = refused.code();
      expect(code == errc::malformed_file || code == errc::unsupported_model,
             "a file is refused as malformed or not supported");
    }
  }
  return 0;
}
