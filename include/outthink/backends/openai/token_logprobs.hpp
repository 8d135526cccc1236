// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace outthink::backends::openai_api {

/// Calls `take(logprob, likeliest)` for every token of a choice's `logprobs`, in a completion's
/// form (a list for each property of the tokens) or a chat's (a list of tokens); null for what is
/// missing.
template <class Take>
void for_each_token(const nlohmann::json& logprobs, Take take) {
  const nlohmann::json none;
  const auto member = [&](const nlohmann::json& of, const char* name) -> const nlohmann::json& {
    const auto found = of.find(name);  // the end where `of` is no object
    return found != of.end() ? *found : none;
  };
  if (const auto& list = member(logprobs, "token_logprobs"); list.is_array()) {
    const nlohmann::json& likeliest = member(logprobs, "top_logprobs");
    const std::size_t known = likeliest.is_array() ? likeliest.size() : 0;
    for (std::size_t i = 0; i < list.size(); ++i) take(list[i], i < known ? likeliest[i] : none);
  } else if (const auto& tokens = member(logprobs, "content"); tokens.is_array()) {
    for (const auto& one : tokens) take(member(one, "logprob"), member(one, "top_logprobs"));
  }
}

/// @brief DeepConf's confidence of one token, from what a server says of the likeliest at its
/// place.
///
/// How it works: minus the mean of the `most` largest log-probabilities; a server adds one where
/// another token was drawn, which does not count.
/// Shapes and units: `likeliest` is a completion's object of tokens with their log-probabilities,
/// or a chat's array of objects with a member `logprob`; nats. Cost: O(n log n) for n tokens.
/// Errors: none; NaN where no log-probability is there. Numerics: a double sum. A server that gives
/// fewer than were asked for gives another statistic: the mean of those it gave. Reference: Y. Fu
/// et al. 2025, arXiv:2508.15260.
[[nodiscard]] inline float likeliest_confidence(const nlohmann::json& likeliest, std::size_t most) {
  std::vector<float> logprobs;
  for (const nlohmann::json& one : likeliest) {
    const nlohmann::json value = one.is_object() ? one.value("logprob", nlohmann::json()) : one;
    if (value.is_number()) logprobs.push_back(value.get<float>());
  }
  if (logprobs.empty()) return std::numeric_limits<float>::quiet_NaN();
  std::sort(logprobs.begin(), logprobs.end(), std::greater<>());
  logprobs.resize(std::min(logprobs.size(), most));
  const double sum = std::accumulate(logprobs.begin(), logprobs.end(), 0.0);
  return static_cast<float>(-sum / static_cast<double>(logprobs.size()));
}

}  // namespace outthink::backends::openai_api
