// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/backends/openai/options.hpp>
#include <outthink/backends/openai/reply_context.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/json_string.hpp>
#include <outthink/core/random_stream.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends::openai_api {

/// The texts at which the server stops: a step's delimiter first, then the rule's stop texts.
[[nodiscard]] inline std::vector<std::string> stop_texts(const generation_request& asked) {
  std::vector<std::string> stops;
  if (asked.until == extent::step && !asked.rule->delimiter.empty()) {
    stops.push_back(asked.rule->delimiter);
  }
  stops.insert(stops.end(), asked.rule->stops.begin(), asked.rule->stops.end());
  return stops;
}

/// A seed for servers that take one number: 53 bits, which every JSON reader keeps.
[[nodiscard]] constexpr std::uint64_t seed_of(const stream_id& stream) noexcept {
  return mix_bits(stream.key, stream.place) >> 11;
}

namespace detail {

/// What the extension says of a request beyond the common members, but for what its siblings do not
/// share: see the reference page.
inline nlohmann::json extension(const generation_request& asked) {
  return {{"problem_bytes", asked.trace.prompt().size()},
          {"until", asked.until == extent::step ? "step" : "solution"},
          {"delimiter", http::bytes_as_text(asked.rule->delimiter)}};
}

inline void append_text(std::string& body, std::string_view text) {
  if (!http::is_utf8(text)) {
    throw error(errc::service_failed,
                "a text that is not UTF-8 cannot be sent in JSON, except by the extension "
                "(openai_options.exact)");
  }
  append_json_string(body, text);
}

/// Appends the members that hold the trace.
inline void append_trace(std::string& body, const generation_request& asked,
                         const openai_options& options) {
  if (options.operation == openai_operation::completions) {
    const std::string text = asked.trace.text();
    append_text(body += "\"prompt\":", options.exact ? http::bytes_as_text(text) : text);
    return;
  }
  require(!options.exact, "openai_options.exact needs openai_operation::completions");
  append_text(body += R"("messages":[{"role":"user","content":)", asked.trace.prompt());
  if (const std::string begun = asked.trace.solution(); !begun.empty()) {
    append_text(body += R"(},{"role":"assistant","content":)", begun);
    body += R"(}],"continue_final_message":true,"add_generation_prompt":false)";
  } else {
    body += "}]";
  }
}

inline void add_logprobs(nlohmann::json& body, const openai_options& options) {
  if (options.operation == openai_operation::completions) {
    body["logprobs"] = std::max(options.top_logprobs, 1);
    return;
  }
  body["logprobs"] = true;
  if (options.top_logprobs > 0) body["top_logprobs"] = options.top_logprobs;
}

/// The members that say what is wanted.
inline nlohmann::json wishes(const generation_request& asked, const openai_options& options) {
  nlohmann::json body{{"model", options.model},
                      {"max_tokens", asked.max_tokens},
                      {"temperature", asked.sampling.temperature},
                      {"top_p", asked.sampling.top_p}};
  if (options.stream || options.enough) {
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
  }
  if (asked.sampling.top_k > 0) body["top_k"] = asked.sampling.top_k;
  if (options.exact) {
    nlohmann::json stops = nlohmann::json::array();
    for (const std::string& stop : asked.rule->stops) stops.push_back(http::bytes_as_text(stop));
    body["stop"] = std::move(stops);
    return body;
  }
  if (const auto stops = stop_texts(asked); !stops.empty()) {
    body["stop"] = stops;
    body["include_stop_str_in_output"] = true;
  }
  if (options.logprobs) add_logprobs(body, options);
  return body;
}

/// Appends the extension's members for each of the siblings.
inline void append_streams(std::string& body, std::span<const reply_context> siblings) {
  nlohmann::json streams = nlohmann::json::array(), ordinals = nlohmann::json::array();
  for (const reply_context& one : siblings) {
    streams.push_back({std::to_string(one.stream.key), std::to_string(one.stream.place)});
    ordinals.push_back(one.ordinal);
  }
  body += ",\"streams\":" + streams.dump() + ",\"ordinals\":" + ordinals.dump();
}

}  // namespace detail

/// @brief The JSON body that asks a server for `asked`, up to what its siblings do not share:
/// requests whose bodies begin alike differ in stream and ordinal alone.
///
/// Beyond OpenAI's own members it uses, where they are needed, those of vLLM and its like: `top_k`,
/// `include_stop_str_in_output` and, to continue an assistant's message, `continue_final_message`.
/// Cost: O(bytes); the trace, which is most of them, is copied and looked at, but not made a
/// document of. Errors: `errc::service_failed` for text that is not UTF-8 and cannot be sent.
[[nodiscard]] inline std::string request_opening(const generation_request& asked,
                                                 const openai_options& options) {
  std::string body = detail::wishes(asked, options).dump();
  body.back() = ',';
  detail::append_trace(body, asked, options);
  if (!options.exact) return body;
  body += ",\"outthink\":" + detail::extension(asked).dump();
  body.pop_back();
  return body;
}

/// The rest of a body that asks for a choice for each of `siblings`, at least one.
[[nodiscard]] inline std::string request_ending(std::span<const reply_context> siblings,
                                                const openai_options& options) {
  std::string rest;
  if (options.exact) {
    detail::append_streams(rest, siblings);
    rest += '}';
  }
  if (siblings.size() > 1) rest += ",\"n\":" + std::to_string(siblings.size());
  return rest += ",\"seed\":" + std::to_string(seed_of(siblings.front().stream)) + '}';
}

}  // namespace outthink::backends::openai_api
