// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/event_stream.hpp>
#include <outthink/backends/openai/options.hpp>
#include <outthink/backends/openai/token_logprobs.hpp>
#include <outthink/core/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::backends::openai_api {

/// @brief Puts a streamed answer together: the document that the server would have sent at once.
///
/// How it works: texts and lists of tokens are joined, of everything else the latest counts. After
/// every event that brings text, `options.enough` is asked; what follows its yes is passed over.
/// Requires: events of one choice. Cost: O(bytes). Errors: what the JSON library throws for an
/// event that is not JSON; `std::runtime_error` for one that reports an error or a stream that
/// breaks off; `errc::service_failed` where `enough` threw. Determinism: a function of the bytes,
/// however they were cut.
class stream_reader {
 public:
  explicit stream_reader(const openai_options& options)
      : chat_(options.operation == openai_operation::chat_completions),
        top_(static_cast<std::size_t>(std::max(options.top_logprobs, 0))),
        enough_(options.enough) {}

  /// Reads more of the stream.
  void feed(std::string_view bytes) {
    events_.feed(bytes, [this](std::string_view data) { take(data); });
  }

  /// What came so far.
  [[nodiscard]] streamed_text so_far() const noexcept { return {text_, logprobs_, confidences_}; }
  /// True once what came was enough: the rest is not wanted.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  /// The whole document; of a stream that was enough what came, as a text that reached its length.
  [[nodiscard]] nlohmann::json document() const {
    if (!thrown_.empty()) throw error(errc::service_failed, "openai_options.enough: " + thrown_);
    if (!finished_ && !stopped_) throw std::runtime_error("the stream breaks off");
    nlohmann::json choice = choice_;
    if (!choice.is_object()) choice = nlohmann::json::object();
    if (chat_) {
      choice["message"] = {{"role", "assistant"}, {"content", text_}};
    } else {
      choice["text"] = text_;
    }
    choice["logprobs"] = tokens_;
    nlohmann::json whole{{"choices", {choice}}};
    if (!usage_.is_null()) whole["usage"] = usage_;
    if (!stopped_) return whole;
    whole["choices"][0]["finish_reason"] = "length";
    whole["usage"] = {{"prompt_tokens", 0}, {"completion_tokens", written_}};
    return whole;
  }

 private:
  using json = nlohmann::json;

  void take(std::string_view data) {
    if (stopped_) return;
    if (data == "[DONE]") {
      finished_ = true;
      return;
    }
    const json event = json::parse(data);
    if (!event.is_object()) throw std::runtime_error("an event of the stream is no object");
    if (const auto problem = event.find("error"); problem != event.end() && !problem->is_null()) {
      throw std::runtime_error("the server reports " + problem->dump());
    }
    if (const auto usage = event.find("usage"); usage != event.end() && usage->is_object()) {
      usage_ = *usage;
    }
    const auto choices = event.find("choices");
    if (choices == event.end() || !choices->is_array()) return;
    for (const json& choice : *choices) take_choice(choice);
  }

  void take_choice(const json& choice) {
    if (!choice.is_object()) throw std::runtime_error("a choice of the stream is no object");
    const std::string piece = piece_of(choice);
    text_ += piece;
    if (!piece.empty()) ++written_;
    if (!choice_.is_object()) choice_ = json::object();
    for (const auto& [name, value] : choice.items()) {
      if (name == "logprobs") {
        take_tokens(value);
      } else if (name != "text" && name != "delta" && !value.is_null()) {
        choice_[name] = value;
      } else if (name == "stop_reason") {
        choice_.emplace(name, value);  // null says: not at a stop text
      }
    }
    finished_ = finished_ || choice_.contains("finish_reason");
    if (enough_ && !finished_ && !piece.empty()) ask_enough();
  }

  void ask_enough() {
    try {
      stopped_ = enough_(so_far());
    } catch (const std::exception& problem) {
      thrown_ = problem.what();
      stopped_ = true;
    }
  }

  [[nodiscard]] std::string piece_of(const json& choice) const {
    const json* at = &choice;
    if (chat_) {
      const auto delta = choice.find("delta");
      if (delta == choice.end() || !delta->is_object()) return {};
      at = &*delta;
    }
    const auto piece = at->find(chat_ ? "content" : "text");
    return piece != at->end() && piece->is_string() ? piece->get<std::string>() : std::string();
  }

  // Completions have a list for each property of the tokens, chats a list of tokens.
  void take_tokens(const json& given) {
    if (!given.is_object()) return;
    if (!tokens_.is_object()) tokens_ = json::object();
    for (const auto& [name, list] : given.items()) {
      if (!list.is_array()) continue;
      json& joined = tokens_.emplace(name, json::array()).first.value();
      joined.insert(joined.end(), list.begin(), list.end());
    }
    for_each_token(given, [this](const json& logprob, const json& likeliest) {
      logprobs_.push_back(logprob.is_number() ? logprob.get<float>() : 0);
      if (top_ > 0) confidences_.push_back(likeliest_confidence(likeliest, top_));
    });
    written_ = std::max(written_, logprobs_.size());
  }

  bool chat_;
  std::size_t top_;
  std::function<bool(const streamed_text&)> enough_;
  http::event_stream events_;
  std::string text_;
  std::vector<float> logprobs_;
  std::vector<float> confidences_;
  json choice_;  // what was said of it last, but for its text
  json tokens_;
  json usage_;
  std::size_t written_ = 0;  // tokens, or at least pieces
  bool finished_ = false;
  bool stopped_ = false;
  std::string thrown_;  // what `enough_` threw
};

}  // namespace outthink::backends::openai_api
