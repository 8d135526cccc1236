// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/json_service.hpp>
#include <outthink/backends/openai/options.hpp>
#include <outthink/backends/openai/reply.hpp>
#include <outthink/backends/openai/reply_context.hpp>
#include <outthink/backends/openai/request_body.hpp>
#include <outthink/backends/openai/stream_reader.hpp>
#include <outthink/concepts/language_model.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends {

namespace openai_api {

/// What is sent and how a reply is read, for `http::json_service`.
struct protocol {
  using request = generation_request;
  using response = generation;
  using context = reply_context;
  openai_options options;

  // Greedy siblings are equal, and vLLM refuses to give several of them at once.
  [[nodiscard]] std::size_t most(const generation_request& asked) const noexcept {
    return asked.sampling.temperature > 0 ? static_cast<std::size_t>(options.choices) : 1;
  }
  [[nodiscard]] std::string opening(const generation_request& asked) const {
    return request_opening(asked, options);
  }
  [[nodiscard]] std::string ending(std::span<const context> siblings) const {
    return request_ending(siblings, options);
  }
  [[nodiscard]] context remember(const generation_request& asked) const {
    const bool ends_steps = asked.until == extent::step && !asked.rule->delimiter.empty();
    return {options.exact ? std::vector<std::string>() : stop_texts(asked),
            ends_steps && !options.exact, asked.max_tokens, asked.stream, asked.ordinal};
  }
  [[nodiscard]] std::vector<generation> read(const nlohmann::json& reply,
                                             std::span<const context> siblings) const {
    return read_reply(reply, siblings, options);
  }
  // A search's continuations share a beginning, which a server keeps.
  [[nodiscard]] static std::uint64_t affinity(const generation_request& asked) noexcept {
    return asked.stream.key;
  }
  [[nodiscard]] static std::uint64_t tokens(const generation_request& asked) noexcept {
    return asked.max_tokens;
  }
  [[nodiscard]] static std::uint64_t tokens(const generation& made) noexcept {
    return std::uint64_t{made.spent.tokens_read} + made.spent.tokens_written;
  }
  [[nodiscard]] nlohmann::json parse(const http::http_reply& reply, const context&) const {
    // A server that does not stream answers at once.
    if (reply.type.find("event-stream") == std::string::npos) return http::parse_json(reply);
    stream_reader reader(options);
    reader.feed(reply.body);
    return reader.document();
  }
  [[nodiscard]] std::function<bool(std::string_view)> enough(const context&) const {
    if (!options.enough) return {};
    return [this, reader = std::make_shared<stream_reader>(options),
            seen = std::size_t{0}](std::string_view body) mutable {
      if (body.empty()) {
        *reader = stream_reader(options);
        seen = 0;
        return false;
      }
      try {
        reader->feed(body.substr(seen));
      } catch (const std::exception&) {
        return false;  // whoever parses the whole says so
      }
      seen = body.size();
      return reader->stopped();
    };
  }
  [[nodiscard]] static generation failed(const std::string& why) {
    generation none;
    none.ended = finish::failed;
    none.text = why;
    return none;
  }
};

}  // namespace openai_api

/// @brief A language model at a server with OpenAI's interface: vLLM, SGLang, llama.cpp, a hosted
/// one. Models `asynchronous_service` and `language_model`.
///
/// How it works: one POST request for each generation, many at a time over kept connections, from
/// the waiting thread. With `choices` above 1, what is asked between two waits and differs in its
/// stream alone goes as one request with `n`, at a temperature above 0. The trace so far is the
/// prompt (or, in a chat, the beginning of the assistant's message), so that a server with a prefix
/// cache reads it once. A step's delimiter and the rule's stop texts are sent as `stop`; the text
/// that matched is part of the step, as the contract asks. A server cannot look ahead: where the
/// text ends right after a delimiter, the next request gets an empty step. With `exact` the request
/// also carries its random stream, its steps and the delimiter in the member `outthink`, which
/// `examples/serve_gguf.cpp` understands: answers are then those of the same model in process, bit
/// for bit. Several servers with the same model share the requests (`http::endpoint_pool`); the
/// continuations of a search go to the same one. An answer that is streamed can be ended early
/// (`enough`).
///
/// Requires: libcurl and nlohmann_json (component `outthink::http`); used from one thread; requests
/// of one run at a time. Cost: a request per generation, or per `choices` of them; usage as the
/// server reports it, without the tokens it had cached, shared among the choices of a request
/// (`read_reply`). Errors: `errc::invalid_argument` at construction; a failed generation says which
/// URL, which status, the reply's first 200 bytes and what to do; a reply that lacks something
/// fails all that it was to answer. See `http::transfer_loop` for what is sent again. Determinism:
/// the server's; `seed` is sent always. The choices of a request have the first one's, so that with
/// `choices` above 1 an answer depends on which siblings were asked together; with `exact` it does
/// not.
/// Example: examples/served_model.cpp.
class openai : public http::json_service<openai_api::protocol> {
 public:
  explicit openai(openai_options options)
      : json_service(paths(options), openai_api::protocol{options}, options.connection) {
    require(!options.exact || options.operation == openai_operation::completions,
            "openai_options.exact needs openai_operation::completions");
    require(!options.exact || !(options.stream || options.enough),
            "openai_options.exact answers at once: it goes with neither stream nor enough");
    require(options.top_logprobs >= 0 && options.top_logprobs <= 20,
            "openai_options.top_logprobs must lie in [0, 20]");
    require(options.top_logprobs == 0 || options.logprobs,
            "openai_options.top_logprobs needs logprobs");
    require(options.choices >= 1 && options.choices <= 128,
            "openai_options.choices must lie in [1, 128]");
    require(options.choices == 1 || !(options.stream || options.enough),
            "openai_options.choices above 1 come at once: they go with neither stream nor enough");
  }

 private:
  static std::vector<std::string> paths(const openai_options& options) {
    const bool chat = options.operation == openai_operation::chat_completions;
    std::vector<std::string> urls = options.replicas;
    urls.insert(urls.begin(), options.url);
    for (std::string& url : urls) {
      while (url.ends_with('/')) url.pop_back();
      url += chat ? "/chat/completions" : "/completions";
    }
    return urls;
  }
};

}  // namespace outthink::backends
