// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/error_text.hpp>
#include <outthink/backends/http/request_groups.hpp>
#include <outthink/backends/http/transfer_loop.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
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
/// A protocol that can ask for several answers at once has, in place of `write`,
/// * `p.most(asked)`: how many requests like this one may go together;
/// * `p.opening(asked)`: the body's text up to where they differ; equal openings may go together;
/// * `p.ending(contexts)`: the rest of it, of those that do;
/// and `p.read(reply, contexts)` returns a response for each. What is submitted between two waits
/// goes together then; `parse` and `enough` get the first one's context.
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

  /// When no more can be sent, those that go with the latest are still taken.
  [[nodiscard]] std::size_t capacity() const noexcept {
    const std::size_t free = loop_.capacity(), gathered = groups_.gathered();
    return free == gathered ? groups_.room() : free - std::min(free, gathered);
  }

  void submit(std::uint64_t tag, const request& asked) {
    groups_.join(tag, alone(asked), protocol_.remember(asked));
  }

  void wait(std::vector<completion<response>>& done, double seconds) {
    groups_.send([this](std::uint64_t number, group& of) { send(number, of); });
    loop_.wait([&](http_reply& reply) { return take(reply, done); }, seconds);
  }

  void cancel(std::uint64_t tag) {
    if (const auto number = groups_.cancel(tag)) loop_.cancel(*number);
  }

  void abandon() {
    loop_.abandon();
    groups_.clear();
  }

  [[nodiscard]] std::vector<response> answer(std::span<const request> batch) {
    require(groups_.empty(),
            "this service has requests under way: a policy that asks it itself needs another one");
    return answer_by_waiting(*this, batch);
  }

  /// Requests that were sent, the repeated ones included.
  [[nodiscard]] std::uint64_t sent() const noexcept { return loop_.sent(); }
  /// The servers and how they fare, in the order of their URLs.
  [[nodiscard]] const endpoint_pool& endpoints() const noexcept { return loop_.endpoints(); }

 private:
  using group = request_group<typename Protocol::context>;

  static constexpr bool joins = requires(const Protocol& p, const request& asked) {
    p.most(asked);
  };
  static constexpr std::size_t kBytesOfToken = 4;  // a rule of thumb

  static std::string text_of(const nlohmann::json& body) { return body.dump(); }
  static std::string text_of(std::string body) noexcept { return body; }

  // A request as the first of a group.
  [[nodiscard]] group alone(const request& asked) const {
    group made;
    if constexpr (joins) {
      made.opening = protocol_.opening(asked);
      made.most = protocol_.most(asked);
    } else {
      made.opening = text_of(protocol_.write(asked));
    }
    if constexpr (requires { protocol_.affinity(asked); })
      made.affinity = protocol_.affinity(asked);
    if constexpr (requires { protocol_.tokens(asked); }) made.tokens = protocol_.tokens(asked);
    return made;
  }

  void send(std::uint64_t number, group& of) {
    http_request sent{number, std::move(of.opening)};
    if constexpr (joins) sent.body += protocol_.ending(of.contexts);
    sent.affinity = of.affinity;
    if constexpr (requires(const request& asked) { protocol_.tokens(asked); }) {
      sent.tokens = of.tokens * of.contexts.size() + sent.body.size() / kBytesOfToken;
    }
    if constexpr (requires { protocol_.enough(of.contexts[0]); })
      sent.enough = protocol_.enough(of.contexts[0]);
    loop_.submit(std::move(sent));
  }

  // What is wrong with a reply's bytes; otherwise its answers are done.
  std::string take(http_reply& reply, std::vector<completion<response>>& done) {
    const group& of = groups_.at(reply.tag);
    std::vector<response> answers;
    if (!reply.problem.empty()) {
      answers = failed(reply.problem, of);
    } else {
      try {
        const nlohmann::json document = parse(reply, of.contexts[0]);
        answers = read(document, reply, of);
      } catch (const error& problem) {
        answers = failed(complaint(reply, problem.what()), of);
      } catch (const std::exception& problem) {
        return problem.what();
      }
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if constexpr (requires { protocol_.tokens(answers[i]); })
        reply.tokens += protocol_.tokens(answers[i]);
      if (of.tags[i]) done.push_back({*of.tags[i], std::move(answers[i])});
    }
    groups_.end(reply.tag);
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

  [[nodiscard]] std::vector<response> read(const nlohmann::json& document, const http_reply& reply,
                                           const group& of) const {
    try {
      if constexpr (joins) {
        return protocol_.read(document, of.contexts);
      } else {
        std::vector<response> only;
        only.push_back(protocol_.read(document, of.contexts[0]));
        return only;
      }
    } catch (const std::exception& problem) {
      return failed(complaint(reply, problem.what()), of);
    }
  }

  [[nodiscard]] std::vector<response> failed(const std::string& why, const group& of) const {
    std::vector<response> answers;
    while (answers.size() < of.tags.size()) answers.push_back(protocol_.failed(why));
    return answers;
  }

  [[nodiscard]] std::string complaint(const http_reply& reply, const std::string& what) const {
    return "POST " + loop_.url(reply.server) + ": " + what +
           "; the reply begins: " + excerpt(reply.body, key_);
  }

  Protocol protocol_;
  std::string key_;
  transfer_loop loop_;
  request_groups<typename Protocol::context> groups_;  // their numbers are the transfers' tags
};

}  // namespace outthink::backends::http
