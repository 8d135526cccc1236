// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/core/usage.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// One solution that a model wrote.
struct sample {
  std::string text;
  bool finished = true;  ///< false: cut at a limit; it cost, and is no candidate
  float logprob = 0;
  outthink::cost spent;
  bool right = false;
  std::string vote;  ///< what votes compare; empty: it does not vote
  /// How many of its leading steps are right; none: nobody can tell.
  std::optional<std::size_t> right_steps{};
};

/// What a verifier said of one sample.
struct sample_scores {
  std::vector<float> steps;  ///< NaN where it had no score
  outthink::cost spent;
};

namespace detail {

using nlohmann::json;

// A model may write any bytes; what is no UTF-8 becomes {"bytes": a character for each}.
inline json text_as_json(const std::string& text) {
  namespace http = outthink::backends::http;
  if (http::is_utf8(text)) return text;
  return {{"bytes", http::bytes_as_text(text)}};
}

inline std::string text_from_json(const json& from) {
  if (from.is_string()) return from.get<std::string>();
  const auto bytes = outthink::backends::http::text_as_bytes(from.at("bytes").get<std::string>());
  outthink::require(bytes.has_value(), "a text of bytes holds a character above U+00FF");
  return *bytes;
}

inline json scores_as_json(const std::vector<float>& scores) {
  json made = json::array();
  for (const float score : scores) made.push_back(std::isnan(score) ? json() : json(score));
  return made;
}

inline std::vector<float> scores_from_json(const json& from) {
  std::vector<float> scores;
  for (const json& one : from)
    scores.push_back(one.is_null() ? std::numeric_limits<float>::quiet_NaN() : one.get<float>());
  return scores;
}

inline json cost_as_json(const outthink::cost& spent) {
  return {spent.tokens_read, spent.tokens_written, spent.flops, spent.money};
}

inline outthink::cost cost_from_json(const json& from) {
  return {from.at(0).get<std::uint32_t>(), from.at(1).get<std::uint32_t>(),
          from.at(2).get<double>(), from.at(3).get<double>()};
}

}  // namespace detail

inline void to_json(nlohmann::json& out, const sample& from) {
  out = {detail::text_as_json(from.text),
         from.finished,
         from.logprob,
         detail::cost_as_json(from.spent),
         from.right,
         from.vote == from.text ? nlohmann::json() : detail::text_as_json(from.vote)};
  if (from.right_steps) out.push_back(*from.right_steps);
}

inline void from_json(const nlohmann::json& from, sample& out) {
  out.text = detail::text_from_json(from.at(0));
  out.finished = from.at(1).get<bool>();
  out.logprob = from.at(2).is_null() ? 0 : from.at(2).get<float>();
  out.spent = detail::cost_from_json(from.at(3));
  out.right = from.at(4).get<bool>();
  out.vote = from.at(5).is_null() ? out.text : detail::text_from_json(from.at(5));
  if (from.size() > 6) out.right_steps = from.at(6).get<std::size_t>();
}

inline void to_json(nlohmann::json& out, const sample_scores& from) {
  out = {detail::scores_as_json(from.steps), detail::cost_as_json(from.spent)};
}

inline void from_json(const nlohmann::json& from, sample_scores& out) {
  out.steps = detail::scores_from_json(from.at(0));
  out.spent = detail::cost_from_json(from.at(1));
}

/// The steps of a solution, one after the other.
[[nodiscard]] inline std::vector<std::string_view> steps_of(std::string_view solution,
                                                            const outthink::step_rule& rule) {
  std::vector<std::string_view> steps;
  while (!solution.empty()) {
    steps.push_back(solution.substr(0, rule.first_step(solution)));
    solution.remove_prefix(steps.back().size());
  }
  return steps;
}

/// The candidate that a sample is, with its scores if there are any.
[[nodiscard]] inline outthink::candidate as_candidate(const sample& from,
                                                      const std::vector<float>& scores,
                                                      const outthink::step_rule& rule = {}) {
  outthink::candidate made;
  made.solution = from.text;
  made.answer = from.vote;
  made.logprob = static_cast<double>(from.logprob);
  made.tokens = from.spent.tokens_written;
  const bool scored = std::any_of(scores.begin(), scores.end(), [](float s) { return s == s; });
  if (scored) made.step_scores = scores;
  std::size_t end = 0;
  for (const std::string_view step : steps_of(from.text, rule)) {
    end += step.size();
    made.step_ends.push_back(static_cast<std::uint32_t>(end));
  }
  return made;
}

}  // namespace bench
