// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/json_service.hpp>
#include <outthink/concepts/verifier.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink::backends {

/// @brief The mapping of `examples/serve_gguf.cpp`: a problem and its steps, a score for each.
///
/// Sends `{"prompt", "steps", "from", "finished"}`; reads `{"scores": [...], "usage":
/// {"tokens_read", "flops"}}`, where null is NaN and `usage` may be missing. Text that is not UTF-8
/// goes as `"bytes": true` with a character U+0000 to U+00FF for each byte.
struct step_scores {
  [[nodiscard]] nlohmann::json write(const score_request& asked) const {
    bool bytes = !http::is_utf8(asked.trace.prompt());
    for (const std::string_view step : asked.trace.step_texts()) bytes |= !http::is_utf8(step);
    const auto text = [bytes](std::string_view of) {
      return bytes ? http::bytes_as_text(of) : std::string(of);
    };
    nlohmann::json body{{"prompt", text(asked.trace.prompt())},
                        {"steps", nlohmann::json::array()},
                        {"from", asked.from},
                        {"finished", asked.trace.finished()}};
    for (const std::string_view step : asked.trace.step_texts())
      body["steps"].push_back(text(step));
    if (bytes) body["bytes"] = true;
    return body;
  }

  [[nodiscard]] verdict read(const nlohmann::json& reply) const {
    verdict made;
    for (const nlohmann::json& score : reply.at("scores")) {
      made.scores.push_back(score.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                            : score.get<float>());
    }
    if (const auto usage = reply.find("usage"); usage != reply.end()) {
      made.spent.tokens_read = usage->value("tokens_read", 0U);
      made.spent.flops = usage->value("flops", 0.0);
    }
    return made;
  }
};

namespace reward_api {

/// What is sent and how a reply is read, for `http::json_service`.
template <class Mapping>
struct protocol {
  using request = score_request;
  using response = verdict;
  struct context {};
  Mapping mapping;

  [[nodiscard]] nlohmann::json write(const score_request& asked) const {
    return mapping.write(asked);
  }
  [[nodiscard]] static context remember(const score_request&) { return {}; }
  [[nodiscard]] verdict read(const nlohmann::json& reply, const context&) const {
    return mapping.read(reply);
  }
  // The verdicts on a search's traces share a beginning, which a server keeps.
  [[nodiscard]] static std::uint64_t affinity(const score_request& asked) noexcept {
    return asked.stream.key;
  }
  [[nodiscard]] static std::uint64_t tokens(const score_request&) noexcept { return 0; }
  [[nodiscard]] static std::uint64_t tokens(const verdict& made) noexcept {
    return std::uint64_t{made.spent.tokens_read} + made.spent.tokens_written;
  }
  [[nodiscard]] static verdict failed(const std::string& why) {
    verdict none;
    none.failure = why;
    return none;
  }
};

}  // namespace reward_api

/// @brief A verifier at a server. Models `asynchronous_service` and `verifier`.
///
/// How it works: POSTs what `mapping.write(request)` says and reads the reply by
/// `mapping.read(json)`, a verdict with a score for each step from `request.from` on. A mapping is
/// a type with these two functions; what `read` throws makes the request a failed one.
///
/// Requires: libcurl and nlohmann_json (component `outthink::http`); used from one thread.
/// Cost: a request per trace. Errors: as `openai`. Determinism: the server's.
/// Example: examples/reward_server.cpp.
template <class Mapping = step_scores>
class reward_server : public http::json_service<reward_api::protocol<Mapping>> {
 public:
  explicit reward_server(std::string url, Mapping mapping = {},
                         http::connection_options connection = {})
      : http::json_service<reward_api::protocol<Mapping>>(
            std::move(url), reward_api::protocol<Mapping>{std::move(mapping)},
            std::move(connection)) {}
  /// Several servers with the same model.
  explicit reward_server(std::vector<std::string> urls, Mapping mapping = {},
                         http::connection_options connection = {})
      : http::json_service<reward_api::protocol<Mapping>>(
            std::move(urls), reward_api::protocol<Mapping>{std::move(mapping)},
            std::move(connection)) {}
};

}  // namespace outthink::backends
