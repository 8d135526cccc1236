// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/backends/openai/options.hpp>
#include <outthink/backends/openai/token_logprobs.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_rule.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends::openai_api {

/// What of a request is needed to read its reply.
struct reply_context {
  std::vector<std::string> stops;  ///< that were sent, a step's delimiter first
  bool stops_at_delimiter;         ///< whether the first of them is a delimiter
};

namespace detail {

using nlohmann::json;

[[noreturn]] inline void malformed(const std::string& what) {
  throw error(errc::malformed_reply, what);
}

inline const json& member(const json& of, const char* name) {
  if (!of.is_object() || !of.contains(name)) malformed(std::string("it has no ") + name);
  return of[name];
}

inline std::uint32_t count(const json& usage, const char* name) {
  const json& value = member(usage, name);
  if (!value.is_number_integer() || value < 0 || value > 0xFFFFFFFFU) {
    malformed(std::string(name) + " is not a count");
  }
  return value.get<std::uint32_t>();
}

inline cost read_usage(const json& reply) {
  const json& usage = member(reply, "usage");
  cost spent;
  spent.tokens_written = count(usage, "completion_tokens");
  spent.tokens_read = count(usage, "prompt_tokens");
  const auto details = usage.find("prompt_tokens_details");
  if (details != usage.end() && details->is_object() && details->contains("cached_tokens")) {
    const json& cached = (*details)["cached_tokens"];
    if (cached.is_number_integer() && cached >= 0 && cached <= spent.tokens_read) {
      spent.tokens_read -= cached.get<std::uint32_t>();
    }
  }
  return spent;
}

/// The one choice that was asked for.
inline const json& only_choice(const json& reply) {
  const json& choices = member(reply, "choices");
  if (!choices.is_array() || choices.size() != 1) {
    malformed("it has " + std::to_string(choices.is_array() ? choices.size() : 0) +
              " choices, 1 was asked for");
  }
  return choices[0];
}

inline float sum_of_logprobs(const json& choice) {
  constexpr const char* kNone =
      "it has no logprobs; if the server has none, set openai_options.logprobs to false";
  const auto logprobs = choice.find("logprobs");
  if (logprobs == choice.end() || !logprobs->is_object()) malformed(kNone);
  double sum = 0;
  if (const auto tokens = logprobs->find("token_logprobs"); tokens != logprobs->end()) {
    for (const json& one : *tokens) sum += one.is_number() ? one.get<double>() : 0;
  } else if (const auto content = logprobs->find("content"); content != logprobs->end()) {
    for (const json& one : *content) sum += member(one, "logprob").get<double>();
  } else {
    malformed(kNone);
  }
  return static_cast<float>(sum);
}

/// [tokens] DeepConf's confidences, of the `most` likeliest tokens at each place.
inline std::vector<float> read_confidences(const json& choice, std::size_t most) {
  std::vector<float> confidences;
  bool any = false;
  for_each_token(member(choice, "logprobs"), [&](const json&, const json& likeliest) {
    confidences.push_back(likeliest_confidence(likeliest, most));
    any = any || confidences.back() == confidences.back();
  });
  if (any || confidences.empty()) return confidences;
  malformed("it has no top_logprobs; if the server has none, set openai_options.top_logprobs to 0");
}

/// The stop text that ended the generation; none if the model ended it.
inline std::optional<std::string> matched_stop(const json& choice, const std::string& text,
                                               const reply_context& of, unclear_stop unclear) {
  if (const auto reason = choice.find("stop_reason"); reason != choice.end()) {
    if (reason->is_string()) return reason->get<std::string>();
    return std::nullopt;  // null, or the number of a token that ends texts
  }
  for (const std::string& stop : of.stops) {
    if (text.ends_with(stop)) return stop;
  }
  if (of.stops.empty() || unclear == unclear_stop::text_end) return std::nullopt;
  if (unclear == unclear_stop::delimiter) return of.stops.front();
  malformed(
      "it does not say whether the text ended by itself or at a stop text; set "
      "openai_options.unclear to what should be assumed");
}

inline void finish_at_stop(generation& made, const json& choice, const reply_context& of,
                           unclear_stop unclear) {
  made.ended = finish::text_end;
  const auto stop = matched_stop(choice, made.text, of, unclear);
  if (!stop) return;
  if (!made.text.ends_with(*stop)) made.text += *stop;
  if (of.stops_at_delimiter && *stop == of.stops.front()) made.ended = finish::step_end;
}

inline void check_stopped(const generation& made, const reply_context& of) {
  if (!of.stops_at_delimiter) return;
  const std::size_t found = made.text.find(of.stops.front());
  if (found != std::string::npos && found + of.stops.front().size() < made.text.size()) {
    malformed("its text goes on after a stop text: the server ignores `stop`");
  }
}

inline std::string text_of(const json& choice, openai_operation operation) {
  const bool chat = operation == openai_operation::chat_completions;
  const json& text = chat ? member(member(choice, "message"), "content") : member(choice, "text");
  if (!text.is_string()) malformed("its text is no string");
  return text.get<std::string>();
}

inline generation read_exact(const json& choice) {
  const auto found = choice.find("outthink");
  if (found == choice.end()) {
    malformed(
        "the server does not know the extension `outthink`; set openai_options.exact to false");
  }
  const json& extension = *found;
  generation made;
  auto bytes = http::text_as_bytes(text_of(choice, openai_operation::completions));
  if (!bytes) malformed("its text holds a character above U+00FF, which stands for no byte");
  made.text = std::move(*bytes);
  const std::string ended = member(extension, "ended").get<std::string>();
  if (ended == "step_end") {
    made.ended = finish::step_end;
  } else if (ended == "length") {
    made.ended = finish::length;
  } else if (ended != "text_end") {
    malformed("ended is \"" + ended + "\"");
  }
  made.logprob = member(extension, "logprob").get<float>();
  made.spent.tokens_read = count(extension, "tokens_read");
  made.spent.tokens_written = count(extension, "tokens_written");
  made.spent.flops = member(extension, "flops").get<double>();
  return made;
}

}  // namespace detail

/// @brief Reads a server's reply to a request with the given context.
///
/// Errors: throws `errc::malformed_reply`, or what the JSON library throws, where the reply lacks
/// something or contradicts the request. Determinism: a function of its arguments.
[[nodiscard]] inline generation read_reply(const nlohmann::json& reply, const reply_context& of,
                                           const openai_options& options) {
  const nlohmann::json& choice = detail::only_choice(reply);
  if (options.exact) return detail::read_exact(choice);
  generation made;
  made.text = detail::text_of(choice, options.operation);
  made.spent = detail::read_usage(reply);
  if (options.logprobs) made.logprob = detail::sum_of_logprobs(choice);
  if (options.top_logprobs > 0) {
    const auto most = static_cast<std::size_t>(options.top_logprobs);
    made.confidences = detail::read_confidences(choice, most);
  }
  const nlohmann::json& reason = detail::member(choice, "finish_reason");
  if (reason == "stop") {
    detail::finish_at_stop(made, choice, of, options.unclear);
  } else if (reason == "length") {
    made.ended = finish::length;
  } else {
    detail::malformed("it ended for the reason " + reason.dump());
  }
  detail::check_stopped(made, of);
  return made;
}

}  // namespace outthink::backends::openai_api
