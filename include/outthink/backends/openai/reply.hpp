// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/backends/openai/options.hpp>
#include <outthink/backends/openai/reply_context.hpp>
#include <outthink/backends/openai/token_logprobs.hpp>
#include <outthink/concepts/language_model.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_rule.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends::openai_api {

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

/// [asked] The choices in the order of their indices; where a server gives none, in theirs.
inline std::vector<const json*> choices_of(const json& reply, std::size_t asked) {
  const json& choices = member(reply, "choices");
  const std::size_t size = choices.is_array() ? choices.size() : 0;
  if (size != asked) {
    malformed("it has " + std::to_string(size) + " choices, " + std::to_string(asked) +
              (asked == 1 ? " was" : " were") + " asked for");
  }
  if (asked == 1) return {&choices[0]};
  std::vector<const json*> ordered(asked);
  for (std::size_t i = 0; i < asked; ++i) {
    const auto index = choices[i].find("index");
    const bool has_one = index != choices[i].end() && !index->is_null();
    const std::size_t at = has_one ? count(choices[i], "index") : i;
    if (at >= asked || ordered[at] != nullptr) {
      malformed("the index " + std::to_string(at) + " of a choice is " +
                (at < asked ? "there twice" : "out of range"));
    }
    ordered[at] = &choices[i];
  }
  return ordered;
}

/// What the i-th of `n` choices is charged of what a server says of all.
inline cost share_of(const cost& all, std::size_t i, std::size_t n, const reply_context& of) {
  if (n == 1) return all;
  cost part;
  if (i == 0) part.tokens_read = all.tokens_read;
  const auto written = static_cast<std::uint32_t>(all.tokens_written / n);
  const bool has_more = i < all.tokens_written % n;
  part.tokens_written = std::min(written + (has_more ? 1 : 0), of.max_tokens);
  return part;
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

inline generation read_choice(const json& choice, const reply_context& of,
                              const openai_options& options) {
  generation made;
  made.text = text_of(choice, options.operation);
  if (options.logprobs) made.logprob = sum_of_logprobs(choice);
  if (options.top_logprobs > 0) {
    const auto most = static_cast<std::size_t>(options.top_logprobs);
    made.confidences = read_confidences(choice, most);
  }
  const json& reason = member(choice, "finish_reason");
  if (reason == "stop") {
    finish_at_stop(made, choice, of, options.unclear);
  } else if (reason == "length") {
    made.ended = finish::length;
  } else {
    malformed("it ended for the reason " + reason.dump());
  }
  check_stopped(made, of);
  return made;
}

}  // namespace detail

/// @brief Reads a server's reply to a request for a choice for each of `siblings`; the generations
/// in their order.
///
/// A server tells the tokens of all choices together: the first is charged what was read, and what
/// was written is shared evenly, the first ones get what is over, none more than its `max_tokens`.
/// With the extension each has its own counts.
/// Errors: throws `errc::malformed_reply`, or what the JSON library throws, where the reply lacks
/// something or contradicts the request. Determinism: a function of its arguments.
[[nodiscard]] inline std::vector<generation> read_reply(const nlohmann::json& reply,
                                                        std::span<const reply_context> siblings,
                                                        const openai_options& options) {
  const auto choices = detail::choices_of(reply, siblings.size());
  const cost all = options.exact ? cost() : detail::read_usage(reply);
  std::vector<generation> made;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (options.exact) {
      made.push_back(detail::read_exact(*choices[i]));
    } else {
      made.push_back(detail::read_choice(*choices[i], siblings[i], options));
      made.back().spent = detail::share_of(all, i, choices.size(), siblings[i]);
    }
  }
  return made;
}

}  // namespace outthink::backends::openai_api
