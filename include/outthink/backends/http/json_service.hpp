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
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// @brief An asynchronous service that a server answers with JSON.
///
/// How it works: `Protocol` says what is sent and how a reply is read; it is a type with
/// * `request`, `response`, and `context`: what of a request is needed to read its reply;
/// * `p.write(asked)`: the body, `nlohmann::json`; an exception fails that request;
/// * `p.remember(asked)`: the context, copied from the request;
/// * `p.read(reply, context)`: the response; an exception makes it a failed one;
/// * `p.failed(why)`: the response that says that there is none.
///
/// Requires: used from one thread. Cost: a JSON document each way. Errors: as responses, which say
/// which URL, what went wrong and what to do. Determinism: the server's.
template <class Protocol>
class json_service {
 public:
  using request = typename Protocol::request;
  using response = typename Protocol::response;

  json_service(std::string url, Protocol protocol, connection_options options)
      : protocol_(std::move(protocol)),
        shown_(printable_url(url)),
        key_(options.api_key),
        loop_(std::move(url), std::move(options)) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return loop_.capacity(); }

  void submit(std::uint64_t tag, const request& asked) {
    std::string body = protocol_.write(asked).dump();
    contexts_.insert_or_assign(tag, protocol_.remember(asked));
    loop_.submit({tag, std::move(body)});
  }

  void wait(std::vector<completion<response>>& done, double seconds) {
    replies_.clear();
    loop_.wait(replies_, seconds);
    for (http_reply& reply : replies_) {
      const auto found = contexts_.find(reply.tag);
      done.push_back({reply.tag, read(reply, found->second)});
      contexts_.erase(found);
    }
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

 private:
  [[nodiscard]] response read(const http_reply& reply, const typename Protocol::context& of) const {
    if (!reply.problem.empty()) return protocol_.failed(reply.problem);
    std::string what;
    try {
      return protocol_.read(nlohmann::json::parse(reply.body), of);
    } catch (const nlohmann::json::parse_error&) {
      what = "the reply is not JSON";
    } catch (const std::exception& problem) {
      what = problem.what();
    }
    return protocol_.failed("POST " + shown_ + ": " + what +
                            "; the reply begins: " + excerpt(reply.body, key_));
  }

  Protocol protocol_;
  std::string shown_;
  std::string key_;
  transfer_loop loop_;
  std::unordered_map<std::uint64_t, typename Protocol::context> contexts_;
  std::vector<http_reply> replies_;
};

}  // namespace outthink::backends::http
