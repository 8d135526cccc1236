// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/connection_pool.hpp>
#include <outthink/backends/http/endpoint_pool.hpp>
#include <outthink/backends/http/error_text.hpp>
#include <outthink/backends/http/retry_policy.hpp>
#include <outthink/backends/http/transfer.hpp>
#include <outthink/backends/http/transfer_failure.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// @brief POSTs JSON to a server, or to several with the same model, many requests at a time, from
/// one thread; sends again what fails.
///
/// How it works: libcurl's multi interface (`connection_pool`), driven from `wait` and nowhere
/// else. Connections are kept and reused; over TLS, HTTP/2 is spoken where the server does. An
/// `endpoint_pool` says where a request goes. One that meets a refused or broken connection, a time
/// limit, a status that may pass (`may_pass`) or a reply whose taker finds it damaged is sent again
/// after a delay (`retry_policy`), to another server if there is one; other statuses are final.
/// Redirects are not followed, so that a key goes to no other server; certificates are verified.
///
/// Requires: used from one thread. Cost: a libcurl handle per request under way. Errors: a reply's
/// `problem` names the URL, what happened, the first 200 bytes of the reply and what to do; the API
/// key is in none. Determinism: delays are random; replies are the server's.
class transfer_loop {
 public:
  /// Takes a reply; what is wrong with its bytes, or nothing. One with a `problem` is final.
  using taker = std::function<std::string(http_reply&)>;

  transfer_loop(std::vector<std::string> urls, connection_options options)
      : urls_(checked(std::move(urls))),
        options_(std::move(options)),
        pool_(urls_.size(), options_.concurrency, options_.breaker, !options_.health.empty()),
        connections_(urls_, options_) {
    validate(options_);
  }
  transfer_loop(std::string url, connection_options options)
      : transfer_loop(std::vector<std::string>{std::move(url)}, std::move(options)) {}
  ~transfer_loop() { abandon(); }
  transfer_loop(const transfer_loop&) = delete;
  transfer_loop& operator=(const transfer_loop&) = delete;

  [[nodiscard]] std::size_t under_way() const noexcept {
    return active_.size() - checks_ + waiting_.size();
  }
  [[nodiscard]] std::size_t capacity() const noexcept {
    const std::size_t most = pool_.capacity();
    return most - std::min(most, under_way());
  }
  /// Requests that were sent, the repeated ones included.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  /// The servers and how they fare, in the order of their URLs.
  [[nodiscard]] const endpoint_pool& endpoints() const noexcept { return pool_; }

  /// The URL of a server for messages, without what may be secret.
  [[nodiscard]] std::string url(std::size_t server) const { return printable_url(urls_[server]); }

  void submit(http_request request) { push({std::move(request), submitted_++, now()}); }

  /// Hands the replies that are in to `take`; waits for one at most `seconds`.
  void wait(const taker& take, double seconds) {
    const auto finished = [&](transfer& line, CURLcode code) {
      finish(line.place, code, nullptr, take);
    };
    const double end = now() + seconds;
    taken_ = 0;
    for (;;) {
      // What falls due after this time waits for the next turn, which must not be slept over.
      const double turn = now();
      start_due(turn);
      start_checks(turn);
      connections_.act_on_time(finished);
      const bool waits = taken_ == 0 && under_way() > 0 && turn < end;
      connections_.act_on_sockets(waits ? std::min(end, next_event(turn)) - now() : 0, finished);
      stop_overdue(take);
      if (taken_ > 0 || under_way() == 0 || now() >= end) return;
    }
  }

  /// Appends the replies that are in; waits for one at most `seconds`.
  void wait(std::vector<http_reply>& replies, double seconds) {
    wait(
        [&replies](http_reply& reply) {
          replies.push_back(std::move(reply));
          return std::string();
        },
        seconds);
  }

  /// Gives up a request that is under way: nobody waits for its reply any more, the server sees the
  /// connection (with HTTP/2, the stream) end. False if none has the tag.
  bool cancel(std::uint64_t tag) {
    const auto waits = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const attempt& at) { return at.request.tag == tag; });
    if (waits != waiting_.end()) {
      waiting_.erase(waits);
      std::make_heap(waiting_.begin(), waiting_.end(), later);
      return true;
    }
    for (std::size_t i = 0; i < active_.size(); ++i) {
      if (active_[i].line->checks() || active_[i].line->request().tag != tag) continue;
      pool_.withdrawn(remove(i).endpoint);
      return true;
    }
    return false;
  }

  /// Gives up all that is under way; its connections are closed.
  void abandon() noexcept {
    for (const attempt& one : active_) {
      if (one.line->checks()) {
        pool_.checked(one.endpoint, false, now());
      } else {
        pool_.withdrawn(one.endpoint);
      }
    }
    active_.clear();
    waiting_.clear();
    checks_ = 0;
  }

 private:
  struct attempt {
    http_request request;  // while it waits; the line has it while it is active
    std::uint64_t order = 0;
    double due = 0;
    int failed = 0;                              // attempts before this one
    std::size_t endpoint = endpoint_pool::none;  // of this one, or while it waits of the last
    std::vector<std::uint64_t> rated{};          // its numbers at `options_.rates`
    connection_pool::lease line{};
  };

  static constexpr double kNever = std::numeric_limits<double>::infinity();

  static std::vector<std::string> checked(std::vector<std::string> urls) {
    require(!urls.empty(), "at least one server's URL is needed");
    for (const std::string& url : urls) {
      require(url.starts_with("http://") || url.starts_with("https://"),
              "a server's URL must begin with http:// or https://");
    }
    return urls;
  }

  static double now() noexcept { return transfer_group::now(); }

  // Of a heap whose first is the one that is due first.
  static bool later(const attempt& a, const attempt& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  void push(attempt one) {
    waiting_.push_back(std::move(one));
    std::push_heap(waiting_.begin(), waiting_.end(), later);
  }

  // Sends what is due, as far as limits of the rate and places at the servers allow.
  void start_due(double time) {
    free_at_ = kNever;
    while (!waiting_.empty() && waiting_.front().due <= time) {
      const attempt& first = waiting_.front();
      double free = time;
      for (const auto& rate : options_.rates) {
        free = std::max(free, rate->ready(first.request.tokens, time));
      }
      if (free > time) {
        free_at_ = free;
        return;
      }
      const std::size_t endpoint = pool_.choose(first.request.affinity, first.endpoint, time);
      if (endpoint == endpoint_pool::none) return;
      std::pop_heap(waiting_.begin(), waiting_.end(), later);
      attempt next = std::move(waiting_.back());
      waiting_.pop_back();
      next.endpoint = endpoint;
      start(std::move(next), time);
    }
  }

  void start(attempt one, double time) {
    one.line = connections_.take(one.endpoint);
    one.rated.clear();
    for (const auto& rate : options_.rates) {
      one.rated.push_back(rate->take(one.request.tokens, time));
    }
    one.line->begin(std::move(one.request), urls_[one.endpoint], time);
    activate(std::move(one), time);
    ++sent_;
  }

  void start_checks(double time) {
    if (options_.health.empty()) return;
    for (std::size_t i = 0; (i = pool_.next_check(time)) != endpoint_pool::none;) {
      attempt one{.request = {}, .endpoint = i};
      one.line = connections_.take(i);
      const std::string& url = urls_[i];
      one.line->begin_check(url.substr(0, url.find('/', url.find("://") + 3)) + options_.health,
                            time);
      activate(std::move(one), time);
      ++checks_;
    }
  }

  void activate(attempt one, double time) {
    connections_.begin(*one.line);
    earliest_deadline_ = std::min(earliest_deadline_, one.line->deadline(time));
    one.line->place = active_.size();
    active_.push_back(std::move(one));
  }

  // When there is something to do that there was not at `time`, unless a socket is ready before.
  [[nodiscard]] double next_event(double time) const {
    double next = std::min({free_at_, pool_.next_change(time), connections_.due()});
    if (!active_.empty()) next = std::min(next, earliest_deadline_);
    if (!waiting_.empty() && waiting_.front().due > time) {
      next = std::min(next, waiting_.front().due);
    }
    return next;
  }

  // A server that keeps silent too long is given up; the deadlines of all are looked at only when
  // the first may have come.
  void stop_overdue(const taker& take) {
    const double time = now();
    if (time < earliest_deadline_) return;
    earliest_deadline_ = kNever;
    for (std::size_t i = active_.size(); i > 0; --i) {
      const double deadline = active_[i - 1].line->deadline(time);
      if (deadline <= time) {
        finish(i - 1, CURLE_OPERATION_TIMEDOUT, "the server kept silent too long", take);
      } else {
        earliest_deadline_ = std::min(earliest_deadline_, deadline);
      }
    }
  }

  attempt remove(std::size_t i) {
    attempt done = std::move(active_[i]);
    if (i + 1 < active_.size()) {
      active_[i] = std::move(active_.back());
      active_[i].line->place = i;
    }
    active_.pop_back();
    return done;
  }

  // Ends an attempt: with a reply, or with another attempt to come.
  void finish(std::size_t i, CURLcode code, const char* why, const taker& take) {
    attempt done = remove(i);
    transfer& line = *done.line;
    if (line.stopped()) code = CURLE_OK;
    const long status = code == CURLE_OK ? line.status() : 0;
    const bool good = status >= 200 && status <= 299;
    if (line.checks()) {
      --checks_;
      pool_.checked(done.endpoint, good, now());
      return;
    }
    ++done.failed;
    http_reply reply{line.request().tag, std::move(line.body()), {}, line.type(), done.endpoint};
    const std::string damage = good ? take(reply) : std::string();
    if (good && damage.empty()) return settle(std::move(done), reply);
    const bool passes =
        good || (status != 0 ? may_pass(status) : may_pass(code) && !line.too_long());
    const double asked = status != 0 ? line.retry_after() : 0;
    const bool broken = good || status >= 500 || (status == 0 && passes);
    broken ? pool_.failed(done.endpoint, now()) : pool_.succeeded(done.endpoint);
    if (passes && done.failed < options_.retry.attempts && asked <= options_.retry.longest_asked) {
      return delay(std::move(done), asked);
    }
    reply.problem = good ? describe(done, damage, reply) : describe(done, code, status, why, reply);
    ++taken_;
    (void)take(reply);
  }

  void settle(attempt done, const http_reply& reply) {
    pool_.succeeded(done.endpoint);
    for (std::size_t k = 0; k < done.rated.size() && reply.tokens > 0; ++k) {
      options_.rates[k]->settle(done.rated[k], reply.tokens);
    }
    ++taken_;
  }

  void delay(attempt failed, double asked) {
    const double uniform = jitter_.uniform();
    failed.due = now() + options_.retry.delay(failed.failed, uniform, asked);
    failed.request = std::move(failed.line->request());
    failed.line.reset();
    push(std::move(failed));
  }

  [[nodiscard]] std::string describe(const attempt& failed, const std::string& damage,
                                     const http_reply& reply) const {
    return opening(failed, damage) + "; the reply begins: " + excerpt(reply.body, options_.api_key);
  }

  [[nodiscard]] std::string describe(const attempt& failed, CURLcode code, long status,
                                     const char* why, const http_reply& reply) const {
    if (status != 0) {
      std::string text = opening(failed, "status " + std::to_string(status));
      if (!reply.body.empty()) text += "; it says: " + excerpt(reply.body, options_.api_key);
      return text.append("; ").append(advice(status));
    }
    const std::string what = why != nullptr ? why : failed.line->complaint(code);
    return opening(failed, what).append("; ").append(advice(code));
  }

  [[nodiscard]] std::string opening(const attempt& failed, const std::string& what) const {
    std::string text = "POST " + url(failed.endpoint) + ": " + what;
    if (failed.failed > 1) text += ", at attempt " + std::to_string(failed.failed);
    return text;
  }

  std::vector<std::string> urls_;
  connection_options options_;
  endpoint_pool pool_;
  connection_pool connections_;
  std::vector<attempt> active_;
  std::vector<attempt> waiting_;  // a heap
  std::size_t checks_ = 0;        // of the active
  std::size_t taken_ = 0;         // replies, in this `wait`
  double earliest_deadline_ = kNever;
  double free_at_ = kNever;  // when limits of the rate let the next request go
  std::uint64_t submitted_ = 0;
  std::uint64_t sent_ = 0;
  // Another one in every process and object, so that clients do not come back together.
  random_stream jitter_{{reinterpret_cast<std::uintptr_t>(this), hash_text(urls_.front())}};
};

}  // namespace outthink::backends::http
