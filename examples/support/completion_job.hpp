// SPDX-License-Identifier: MIT
#pragma once

#include "completion_engine.hpp"
#include <outthink/backends/http/byte_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// One call of /v1/completions or /v1/chat/completions: what it asks of the engine, and its reply.
///
/// The member `outthink` of a request carries what OpenAI's interface cannot say: the random
/// stream, where the problem ends and the steps begin, and what ends a step. Texts are then bytes,
/// each as the character of its number. docs/reference/http.md describes it.
class completion_job {
 public:
  completion_job(const nlohmann::json& body, bool chat)
      : chat_(chat),
        exact_(body.contains("outthink")),
        model_(body.value("model", "")),
        echo_(body.value("echo", false)),
        keeps_stop_(exact_ || body.value("include_stop_str_in_output", false)),
        tree_(outthink::step_payload{}) {
    prompt_ = chat ? joined(body.at("messages")) : bytes(body.at("prompt").get<std::string>());
    read_stops(body);
    read_top(body);
    outthink::generation_request asked{.trace = {tree_, tree_.root()},
                                       .rule = &rule_,
                                       .until = outthink::extent::solution,
                                       .max_tokens = body.value("max_tokens", 256U),
                                       .sampling = {.temperature = body.value("temperature", 1.0F),
                                                    .top_k = body.value("top_k", 0),
                                                    .top_p = body.value("top_p", 1.0F)},
                                       .stream = {body.value("seed", std::uint64_t{0}), 0},
                                       .ordinal = 0};
    outthink::require(asked.max_tokens > 0, "max_tokens must be positive");
    if (exact_) {
      read_extension(body.at("outthink"), asked);
    } else {
      tree_.set_payload(tree_.root(), {.text = prompt_}, outthink::node_status::open);
    }
    outthink::validate(outthink::solve_options{.sampling = asked.sampling, .steps = rule_});
    const auto n = body.value("n", 1U);
    outthink::require(n >= 1 && n <= 128, "n must lie in [1, 128]");
    for (std::uint32_t i = 0; i < n; ++i) {
      asked.stream.place = asked.ordinal = i;
      requests_.push_back({asked, top_});
    }
    if (exact_) read_streams(body.at("outthink"));
  }
  completion_job(const completion_job&) = delete;
  completion_job& operator=(const completion_job&) = delete;

  /// Valid as long as the job.
  [[nodiscard]] const std::vector<completion_engine::request>& requests() const {
    return requests_;
  }

  /// The reply in one piece.
  [[nodiscard]] nlohmann::json reply(const std::vector<completion_engine::response>& made) const {
    nlohmann::json whole = frame(chat_ ? "chat.completion" : "text_completion");
    for (std::size_t i = 0; i < made.size(); ++i) whole["choices"].push_back(choice(i, made[i]));
    whole["usage"] = usage(made);
    return whole;
  }

  /// The same as server-sent events, a character at a time.
  [[nodiscard]] std::string events(const std::vector<completion_engine::response>& made) const {
    std::string all;
    const auto send = [&](const nlohmann::json& event) { all += "data: " + dump(event) + "\n\n"; };
    for (std::size_t i = 0; i < made.size(); ++i) {
      nlohmann::json last = choice(i, made[i]);
      const std::string text = chat_ ? last["message"]["content"] : last["text"];
      const std::size_t before = text.size() - std::min(text.size(), made[i].made.text.size());
      std::span<const token_report> tokens = made[i].tokens;
      for (std::size_t at = 0, end = 0, told = 0; at < text.size(); at = end) {
        for (end = at + 1; end < text.size() && (text[end] & 0xC0) == 0x80;) ++end;
        std::size_t count = 0;  // tokens that begin in this piece
        for (; count < tokens.size() && before + told < end; ++count)
          told += tokens[count].text.size();
        send(event(i, text.substr(at, end - at), logprobs(tokens.first(count))));
        tokens = tokens.subspan(count);
      }
      last.erase("outthink");
      last["logprobs"] = logprobs(tokens);
      send(event(last));
    }
    nlohmann::json last = frame(chat_ ? "chat.completion.chunk" : "text_completion");
    last["usage"] = usage(made);
    send(last);
    return all + "data: [DONE]\n\n";
  }

  /// JSON text; bytes that are no UTF-8 are replaced.
  [[nodiscard]] static std::string dump(const nlohmann::json& document) {
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

 private:
  // With the extension, texts are bytes.
  [[nodiscard]] std::string bytes(const std::string& text) const {
    if (!exact_) return text;
    auto made = outthink::backends::http::text_as_bytes(text);
    outthink::require(made.has_value(), "a text holds a character above U+00FF");
    return std::move(*made);
  }
  [[nodiscard]] std::string text(const std::string& of) const {
    return exact_ ? outthink::backends::http::bytes_as_text(of) : of;
  }

  // The models know no roles: a chat is what was said in it.
  static std::string joined(const nlohmann::json& messages) {
    std::string all;
    for (const auto& message : messages) all += message.at("content").get<std::string>();
    return all;
  }

  void read_stops(const nlohmann::json& body) {
    rule_.delimiter.clear();
    const nlohmann::json stops = body.value("stop", nlohmann::json());
    if (stops.is_string()) rule_.stops = {bytes(stops.get<std::string>())};
    if (!stops.is_array()) return;
    for (const auto& stop : stops) rule_.stops.push_back(bytes(stop.get<std::string>()));
  }

  void read_top(const nlohmann::json& body) {
    const nlohmann::json asked = body.value("logprobs", nlohmann::json());
    if (asked.is_number_integer()) top_ = std::clamp(asked.get<int>(), 0, 20);
    if (asked == true) top_ = std::clamp(body.value("top_logprobs", 0), 0, 20);
  }

  static std::uint64_t number(const std::string& digits) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [at, problem] = std::from_chars(digits.data(), end, value);
    outthink::require(problem == std::errc{} && at == end,
                      "outthink.streams holds pairs of numbers");
    return value;
  }

  void read_extension(const nlohmann::json& more, outthink::generation_request& asked) {
    const auto problem = more.at("problem_bytes").get<std::size_t>();
    outthink::require(problem <= prompt_.size(), "outthink.problem_bytes exceeds the prompt");
    tree_.set_payload(tree_.root(), {.text = prompt_.substr(0, problem)},
                      outthink::node_status::open);
    if (problem < prompt_.size()) {
      const outthink::node_id steps = tree_.add_children(tree_.root(), 1)[0];
      tree_.set_payload(steps, {.text = std::string_view(prompt_).substr(problem)},
                        outthink::node_status::open);
      asked.trace = {tree_, steps};
    }
    asked.until = more.at("until") == "step" ? outthink::extent::step : outthink::extent::solution;
    rule_.delimiter = bytes(more.at("delimiter").get<std::string>());
  }

  // Every choice has a stream and an ordinal of its own.
  void read_streams(const nlohmann::json& more) {
    const nlohmann::json &streams = more.at("streams"), &ordinals = more.at("ordinals");
    outthink::require(streams.size() == requests_.size() && ordinals.size() == requests_.size(),
                      "outthink.streams and outthink.ordinals must hold one for each choice");
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      outthink::generation_request& asked = requests_[i].asked;
      asked.stream = {number(streams.at(i).at(0)), number(streams.at(i).at(1))};
      asked.ordinal = ordinals.at(i).get<std::uint32_t>();
    }
  }

  [[nodiscard]] nlohmann::json frame(const char* object) const {
    return {{"id", "outthink"},
            {"object", object},
            {"created", 0},
            {"model", model_},
            {"choices", nlohmann::json::array()}};
  }

  [[nodiscard]] nlohmann::json event(std::size_t i, const std::string& piece,
                                     const nlohmann::json& tokens) const {
    nlohmann::json one{{"index", i}, {"finish_reason", nullptr}, {"logprobs", tokens}};
    one["text"] = piece;
    return event(std::move(one));
  }

  // The event of a choice: in a chat its text, or its message, is what is new.
  [[nodiscard]] nlohmann::json event(nlohmann::json one) const {
    nlohmann::json chunk = frame(chat_ ? "chat.completion.chunk" : "text_completion");
    if (chat_) {
      one["delta"] = {{"role", "assistant"}, {"content", one.value("text", "")}};
      one.erase("message");
      one.erase("text");
    } else if (!one["finish_reason"].is_null()) {
      one["text"] = "";
    }
    chunk["choices"].push_back(std::move(one));
    return chunk;
  }

  [[nodiscard]] nlohmann::json choice(std::size_t i,
                                      const completion_engine::response& from) const {
    std::string written = from.made.text;
    nlohmann::json stop_reason = nullptr;
    for (const std::string& stop : rule_.stops) {
      if (from.made.ended == outthink::finish::length || !written.ends_with(stop)) continue;
      stop_reason = text(stop);
      if (!keeps_stop_) written.resize(written.size() - stop.size());
      break;
    }
    const bool cut = from.made.ended == outthink::finish::length;
    nlohmann::json made{{"index", i},
                        {"finish_reason", cut ? "length" : "stop"},
                        {"stop_reason", stop_reason},
                        {"logprobs", logprobs(from.tokens)}};
    const std::string shown = text((echo_ && !chat_ ? prompt_ : "") + written);
    if (chat_) {
      made["message"] = {{"role", "assistant"}, {"content", shown}};
    } else {
      made["text"] = shown;
    }
    if (exact_) made["outthink"] = extension(from.made);
    return made;
  }

  static nlohmann::json extension(const outthink::generation& made) {
    const bool step = made.ended == outthink::finish::step_end;
    const bool cut = made.ended == outthink::finish::length;
    return {{"ended", step  ? "step_end"
                      : cut ? "length"
                            : "text_end"},
            {"logprob", made.logprob},
            {"tokens_read", made.spent.tokens_read},
            {"tokens_written", made.spent.tokens_written},
            {"flops", made.spent.flops}};
  }

  [[nodiscard]] nlohmann::json logprobs(std::span<const token_report> tokens) const {
    if (top_ < 0) return nullptr;
    nlohmann::json made;
    made[chat_ ? "content" : "tokens"] = nlohmann::json::array();
    if (!chat_) made["token_logprobs"] = made["top_logprobs"] = nlohmann::json::array();
    for (const token_report& one : tokens) {
      nlohmann::json top = chat_ ? nlohmann::json::array() : nlohmann::json::object();
      for (const auto& [word, logprob] : one.top) {
        if (chat_) {
          top.push_back({{"token", word}, {"logprob", logprob}});
        } else {
          top[word] = logprob;
        }
      }
      if (chat_) {
        made["content"].push_back(
            {{"token", one.text}, {"logprob", one.logprob}, {"top_logprobs", top}});
      } else {
        made["tokens"].push_back(one.text);
        made["token_logprobs"].push_back(one.logprob);
        made["top_logprobs"].push_back(top);
      }
    }
    return made;
  }

  [[nodiscard]] nlohmann::json usage(const std::vector<completion_engine::response>& made) const {
    std::size_t written = 0;
    for (const auto& one : made) written += one.made.spent.tokens_written;
    const std::size_t read = prompt_.size() + 1;  // a token is a byte; one begins the text
    return {
        {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
  }

  bool chat_, exact_;
  std::string model_;
  bool echo_, keeps_stop_;
  int top_ = -1;
  std::string prompt_;
  outthink::step_rule rule_;
  outthink::text_tree tree_;
  std::vector<completion_engine::request> requests_;
};
