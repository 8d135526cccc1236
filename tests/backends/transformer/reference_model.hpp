// SPDX-License-Identifier: MIT
#pragma once

#include "random_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::test {

using doubles = std::vector<double>;

/// @brief The same model as plainly as it can be written, in double precision.
///
/// Logits after the last of `tokens`, everything computed anew; slow, and shares no code with the
/// library.
class reference_model {
 public:
  explicit reference_model(const random_model& model) : m_(model), s_(model.shape) {}

  [[nodiscard]] doubles logits(std::span<const int> tokens) const {
    std::vector<doubles> stream;
    for (const int token : tokens) stream.push_back(row("token_embd.weight", token, s_.width));
    for (std::uint32_t layer = 0; layer < s_.layers; ++layer) {
      const std::string block = "blk." + std::to_string(layer) + ".";
      attend(block, stream);
      for (doubles& x : stream) feed_forward(block, x);
    }
    const doubles last = normalise(stream.back(), "output_norm.weight");
    return multiply(s_.tied ? "token_embd.weight" : "output.weight", last);
  }

 private:
  [[nodiscard]] doubles row(const std::string& name, int index, std::uint32_t columns) const {
    const auto begin = m_.weights.at(name).begin() + index * static_cast<int>(columns);
    return {begin, begin + static_cast<int>(columns)};
  }

  [[nodiscard]] doubles multiply(const std::string& name, const doubles& x) const {
    const std::vector<float>& w = m_.weights.at(name);
    doubles y(w.size() / x.size());
    for (std::size_t i = 0; i < w.size(); ++i)
      y[i / x.size()] += static_cast<double>(w[i]) * x[i % x.size()];
    return y;
  }

  [[nodiscard]] doubles normalise(doubles x, const std::string& name) const {
    double squares = 0;
    for (const double v : x) squares += v * v;
    const double rms =
        std::sqrt(squares / static_cast<double>(x.size()) + static_cast<double>(s_.epsilon));
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] *= static_cast<double>(m_.weights.at(name)[i]) / rms;
    return x;
  }

  void rotate(doubles& heads, std::size_t position) const {
    const std::size_t rotated = s_.rotated != 0 ? s_.rotated : s_.head_dim();
    for (std::size_t head = 0; head < heads.size(); head += s_.head_dim())
      for (std::size_t i = 0; i < rotated; i += 2) {
        const double angle = static_cast<double>(position) *
                             std::pow(static_cast<double>(s_.rope_base),
                                      -static_cast<double>(i) / static_cast<double>(rotated));
        const double a = heads[head + i];
        const double b = heads[head + i + 1];
        heads[head + i] = a * std::cos(angle) - b * std::sin(angle);
        heads[head + i + 1] = a * std::sin(angle) + b * std::cos(angle);
      }
  }

  void attend(const std::string& block, std::vector<doubles>& stream) const {
    std::vector<doubles> queries;
    std::vector<doubles> keys;
    std::vector<doubles> values;
    for (std::size_t p = 0; p < stream.size(); ++p) {
      const doubles x = normalise(stream[p], block + "attn_norm.weight");
      queries.push_back(multiply(block + "attn_q.weight", x));
      keys.push_back(multiply(block + "attn_k.weight", x));
      values.push_back(multiply(block + "attn_v.weight", x));
      rotate(queries.back(), p);
      rotate(keys.back(), p);
    }
    for (std::size_t p = 0; p < stream.size(); ++p) {
      doubles gathered(s_.width);
      for (std::size_t head = 0; head < s_.heads; ++head)
        look_back(head, p, queries[p], keys, values, gathered);
      const doubles out = multiply(block + "attn_output.weight", gathered);
      for (std::size_t i = 0; i < out.size(); ++i) stream[p][i] += out[i];
    }
  }

  void look_back(std::size_t head, std::size_t position, const doubles& query,
                 const std::vector<doubles>& keys, const std::vector<doubles>& values,
                 doubles& gathered) const {
    const std::size_t size = s_.head_dim();
    const std::size_t shared = head / (s_.heads / s_.kv_heads) * size;
    doubles weights(position + 1);
    for (std::size_t k = 0; k <= position; ++k) {
      for (std::size_t d = 0; d < size; ++d)
        weights[k] += query[head * size + d] * keys[k][shared + d];
      weights[k] /= std::sqrt(static_cast<double>(size));
    }
    const double largest = *std::max_element(weights.begin(), weights.end());
    double sum = 0;
    for (double& w : weights) sum += w = std::exp(w - largest);
    for (std::size_t k = 0; k <= position; ++k)
      for (std::size_t d = 0; d < size; ++d)
        gathered[head * size + d] += weights[k] / sum * values[k][shared + d];
  }

  void feed_forward(const std::string& block, doubles& x) const {
    const doubles in = normalise(x, block + "ffn_norm.weight");
    doubles gates = multiply(block + "ffn_gate.weight", in);
    const doubles ups = multiply(block + "ffn_up.weight", in);
    for (std::size_t i = 0; i < gates.size(); ++i) gates[i] *= ups[i] / (1 + std::exp(-gates[i]));
    const doubles out = multiply(block + "ffn_down.weight", gates);
    for (std::size_t i = 0; i < out.size(); ++i) x[i] += out[i];
  }

  const random_model& m_;
  const model_shape& s_;
};

}  // namespace outthink::test
