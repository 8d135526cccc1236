// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/error_text.hpp>
#include <outthink/backends/http/transfer_loop.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// The JSON document that a reply is; throws `std::runtime_error` if it is none.
[[nodiscard]] inline nlohmann::json parse_json(const http_reply& reply) {
  nlohmann::json document = nlohmann::json::parse(reply.body, nullptr, false);
  if (!document.is_discarded()) return document;
  const bool other = !reply.type.empty() && reply.type.find("json") == std::string::npos;
  throw std::runtime_error("the reply is not JSON" + (other ? " but " + reply.type : ""));
}

/// @brief An asynchronous service that a server, or several alike, answer with JSON.
///
/// How it works: `Protocol` says what is sent and how a reply is read; it is a type with
/// * `request`, `response`, and `context`: what of a request is needed to read its reply;
/// * `p.write(asked)`: the body, `nlohmann::json` or its text; an exception fails that request;
/// * `p.remember(asked)`: the context, copied from the request;
/// * `p.read(reply, context)`: the response; an exception makes it a failed one;
/// * `p.failed(why)`: the response that says that there is none;
/// and, if it has more to say,
/// * `p.affinity(asked)`: what requests that like the same server have in common; 0: nothing;
/// * `p.tokens(asked)`, `p.tokens(response)`: how many tokens a request may write and how many it
///   did read and write, for limits of the rate;
/// * `p.parse(reply, context)`: the document in a `http_reply`, where that is not JSON as it is;
/// * `p.enough(context)`: `http_request::enough`.
/// A reply that cannot be parsed was damaged on its way, and is asked for again (unless `parse`
/// throws an `outthink::error`); one that lacks something is final.
///
/// Requires: used from one thread. Cost: a JSON document each way. Errors: as responses, which say
/// which URL, what went wrong and what to do. Determinism: the server's.
template <class Protocol>
class json_service {
 public:
  using request = typename Protocol::request;
  using response = typename Protocol::response;

  json_service(std::vector<std::string> urls, Protocol protocol, connection_options options)
      : protocol_(std::move(protocol)),
        key_(options.api_key),
        loop_(std::move(urls), std::move(options)) {}
  json_service(std::string url, Protocol protocol, connection_options options)
      : json_service(std::vector<std::string>{std::move(url)}, std::move(protocol),
                     std::move(options)) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return loop_.capacity(); }

  void submit(std::uint64_t tag, const request& asked) {
    http_request sent{tag, text_of(protocol_.write(asked))};
    if constexpr (requires { protocol_.affinity(asked); })
      sent.affinity = protocol_.affinity(asked);
    if constexpr (requires { protocol_.tokens(asked); }) {
      sent.tokens = protocol_.tokens(asked) + sent.body.size() / kBytesOfToken;
    }
    const auto& context = contexts_.insert_or_assign(tag, protocol_.remember(asked)).first->second;
    if constexpr (requires { protocol_.enough(context); }) sent.enough = protocol_.enough(context);
    loop_.submit(std::move(sent));
  }

  void wait(std::vector<completion<response>>& done, double seconds) {
    loop_.wait([&](http_reply& reply) { return take(reply, done); }, seconds);
  }

  void cancel(std::uint64_t tag) {
    if (loop_.cancel(tag)) contexts_.erase(tag);
  }

  void abandon() {
    loop_.abandon();
    contexts_.clear();
  }

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    require(loop_.under_way() == 0,
            "this service has requests under way: a policy that asks it itself needs another one");
    return answer_by_waiting(*this, batch);
  }

  /// Requests that were sent, the repeated ones included.
  [[nodiscard]] std::uint64_t sent() const noexcept { return loop_.sent(); }
  /// The servers and how they fare, in the order of their URLs.
  [[nodiscard]] const endpoint_pool& endpoints() const noexcept { return loop_.endpoints(); }

 private:
  static constexpr std::size_t kBytesOfToken = 4;  // a rule of thumb

  static std::string text_of(const nlohmann::json& body) { return body.dump(); }
  static std::string text_of(std::string body) noexcept { return body; }

  // What is wrong with a reply's bytes; otherwise its answer is done.
  std::string take(http_reply& reply, std::vector<completion<response>>& done) {
    const auto found = contexts_.find(reply.tag);
    if (!reply.problem.empty()) {
      done.push_back({reply.tag, protocol_.failed(reply.problem)});
      contexts_.erase(found);
      return {};
    }
    std::optional<response> answer;
    try {
      const nlohmann::json document = parse(reply, found->second);
      answer = read(document, reply, found->second);
    } catch (const error& problem) {
      answer = protocol_.failed(complaint(reply, problem.what()));
    } catch (const std::exception& problem) {
      return problem.what();
    }
    if constexpr (requires { protocol_.tokens(*answer); }) reply.tokens = protocol_.tokens(*answer);
    done.push_back({reply.tag, std::move(*answer)});
    contexts_.erase(found);
    return {};
  }

  [[nodiscard]] nlohmann::json parse(const http_reply& reply,
                                     const typename Protocol::context& of) const {
    if constexpr (requires { protocol_.parse(reply, of); }) {
      return protocol_.parse(reply, of);
    } else {
      return parse_json(reply);
    }
  }

  [[nodiscard]] response read(const nlohmann::json& document, const http_reply& reply,
                              const typename Protocol::context& of) const {
    try {
      return protocol_.read(document, of);
    } catch (const std::exception& problem) {
      return protocol_.failed(complaint(reply, problem.what()));
    }
  }

  [[nodiscard]] std::string complaint(const http_reply& reply, const std::string& what) const {
    return "POST " + loop_.url(reply.server) + ": " + what +
           "; the reply begins: " + excerpt(reply.body, key_);
  }

  Protocol protocol_;
  std::string key_;
  transfer_loop loop_;
  std::unordered_map<std::uint64_t, typename Protocol::context> contexts_;
};

}  // namespace outthink::backends::http
