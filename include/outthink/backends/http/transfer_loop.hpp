// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/error_text.hpp>
#include <outthink/backends/http/retry_policy.hpp>
#include <outthink/backends/http/transfer.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/stopwatch.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// @brief POSTs JSON to one URL, many requests at a time, from one thread; sends again what fails.
///
/// How it works: libcurl's multi interface, driven from `wait` and nowhere else. Connections are
/// kept and reused. A request that meets a refused or broken connection, a time limit or a status
/// that may pass (`may_pass`) is sent again after a delay (`retry_policy`); other statuses are
/// final. Redirects are not followed, so that a key goes to no other server; certificates are
/// verified.
///
/// Requires: used from one thread. Cost: a libcurl handle per request under way. Errors: a reply's
/// `problem` names the URL, what happened, the first 200 bytes of the reply and what to do; the API
/// key is in none. Determinism: delays are random; replies are the server's.
class transfer_loop {
 public:
  transfer_loop(std::string url, connection_options options)
      : url_(std::move(url)), options_(std::move(options)) {
    validate(options_);
    require(url_.starts_with("http://") || url_.starts_with("https://"),
            "a server's URL must begin with http:// or https://");
    static std::once_flag initialised;
    std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc();
    headers_ = make_headers(options_.api_key);
    const auto most = static_cast<long>(std::min<std::size_t>(options_.concurrency, 1U << 20));
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, most);
  }
  ~transfer_loop() { abandon(); }
  transfer_loop(const transfer_loop&) = delete;
  transfer_loop& operator=(const transfer_loop&) = delete;

  [[nodiscard]] std::size_t under_way() const noexcept { return active_.size() + delayed_.size(); }
  [[nodiscard]] std::size_t capacity() const noexcept {
    return options_.concurrency - std::min(options_.concurrency, under_way());
  }
  /// Requests that were sent, the repeated ones included.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

  void submit(http_request request) { start({std::move(request), 0, 0}); }

  /// Appends the replies that are in; waits for one at most `seconds`.
  void wait(std::vector<http_reply>& replies, double seconds) {
    const double end = watch_.seconds() + seconds;
    const std::size_t before = replies.size();
    for (;;) {
      start_due();
      int running = 0;
      check(curl_multi_perform(multi_.get(), &running));
      take_finished(replies);
      stop_overdue(replies);
      const double now = watch_.seconds();
      if (replies.size() > before || under_way() == 0 || now >= end) return;
      const double until = std::min(end, next_event());
      const double left = std::clamp(until - now, 0.0, 3600.0);
      check(curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(left * 1000) + 1, nullptr));
    }
  }

  /// Gives up all that is under way; its connections are closed.
  void abandon() noexcept {
    for (attempt& one : active_) {
      curl_multi_remove_handle(multi_.get(), one.line->handle());
    }
    active_.clear();
    delayed_.clear();
  }

 private:
  struct multi_deleter {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
  };
  struct attempt {
    http_request request;  // while it waits; the line has it while it is active
    int failed = 0;        // attempts before this one
    double due = 0;
    std::unique_ptr<transfer> line{};
  };

  static void check(CURLMcode code) {
    if (code == CURLM_OK) return;
    throw error(errc::service_failed, std::string("libcurl: ") + curl_multi_strerror(code));
  }

  void start(attempt one) {
    if (spare_.empty()) {
      spare_.push_back(std::make_unique<transfer>(url_, options_, headers_.get()));
    }
    one.line = std::move(spare_.back());
    spare_.pop_back();
    const double now = watch_.seconds();
    one.line->begin(std::move(one.request), now);
    check(curl_multi_add_handle(multi_.get(), one.line->handle()));
    earliest_deadline_ = std::min(earliest_deadline_, one.line->deadline(now));
    one.line->place = active_.size();
    active_.push_back(std::move(one));
    ++sent_;
  }

  void start_due() {
    const double now = watch_.seconds();
    for (std::size_t i = 0; i < delayed_.size();) {
      if (delayed_[i].due > now) {
        ++i;
        continue;
      }
      attempt one = std::move(delayed_[i]);
      delayed_.erase(delayed_.begin() + static_cast<std::ptrdiff_t>(i));
      start(std::move(one));
    }
  }

  [[nodiscard]] double next_event() const {
    double next = active_.empty() ? std::numeric_limits<double>::infinity() : earliest_deadline_;
    for (const attempt& one : delayed_) next = std::min(next, one.due);
    return next;
  }

  void take_finished(std::vector<http_reply>& replies) {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      void* line = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &line);
      finish(static_cast<transfer*>(line)->place, code, nullptr, replies);
    }
  }

  // A server that keeps silent too long is given up; the deadlines of all are looked at only when
  // the first may have come.
  void stop_overdue(std::vector<http_reply>& replies) {
    const double now = watch_.seconds();
    if (now < earliest_deadline_) return;
    earliest_deadline_ = std::numeric_limits<double>::infinity();
    for (std::size_t i = active_.size(); i > 0; --i) {
      const double deadline = active_[i - 1].line->deadline(now);
      if (deadline <= now) {
        finish(i - 1, CURLE_OPERATION_TIMEDOUT, "the server kept silent too long", replies);
      } else {
        earliest_deadline_ = std::min(earliest_deadline_, deadline);
      }
    }
  }

  // Ends an attempt: with a reply, or with another attempt to come.
  void finish(std::size_t i, CURLcode code, const char* why, std::vector<http_reply>& replies) {
    attempt done = std::move(active_[i]);
    if (i + 1 < active_.size()) {
      active_[i] = std::move(active_.back());
      active_[i].line->place = i;
    }
    active_.pop_back();
    transfer& line = *done.line;
    curl_multi_remove_handle(multi_.get(), line.handle());
    const long status = code == CURLE_OK ? line.status() : 0;
    ++done.failed;
    if (status >= 200 && status <= 299) {
      replies.push_back({line.request().tag, std::move(line.body()), {}});
    } else {
      const bool passes = status != 0 ? may_pass(status) : may_pass(code) && !line.too_long();
      const double asked = status != 0 ? line.retry_after() : 0;
      if (passes && done.failed < options_.retry.attempts &&
          asked <= options_.retry.longest_asked) {
        delay(std::move(done), asked);
        return;
      }
      replies.push_back({line.request().tag, {}, describe(done, code, status, why)});
    }
    spare_.push_back(std::move(done.line));
  }

  void delay(attempt failed, double asked) {
    const double uniform = jitter_.uniform();
    failed.due = watch_.seconds() + options_.retry.delay(failed.failed, uniform, asked);
    failed.request = std::move(failed.line->request());
    spare_.push_back(std::move(failed.line));
    delayed_.push_back(std::move(failed));
  }

  // Connections that are refused, break or stall may do better next time; a wrong certificate or
  // URL will not.
  static bool may_pass(CURLcode code) noexcept {
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_CONNECT:
      case CURLE_PARTIAL_FILE:
      case CURLE_OPERATION_TIMEDOUT:
      case CURLE_GOT_NOTHING:
      case CURLE_SEND_ERROR:
      case CURLE_RECV_ERROR:
        return true;
      default:
        return false;
    }
  }
  static bool may_pass(long status) noexcept { return http::may_pass(status); }

  [[nodiscard]] std::string describe(const attempt& failed, CURLcode code, long status,
                                     const char* why) const {
    transfer& line = *failed.line;
    std::string text = "POST " + printable_url(url_) + ": ";
    if (status != 0) {
      text += "status " + std::to_string(status);
    } else if (line.too_long()) {
      text += "the reply is longer than " + std::to_string(options_.longest_reply) + " bytes";
    } else {
      text += why != nullptr ? why : line.complaint(code);
    }
    if (failed.failed > 1) text += ", at attempt " + std::to_string(failed.failed);
    if (status == 0) return text + "; check that the server runs and can be reached";
    if (!line.body().empty()) {
      text += "; it says: " + excerpt(line.body(), options_.api_key);
    }
    return text.append("; ").append(advice(status));
  }

  std::string url_;
  connection_options options_;
  stopwatch watch_;
  header_list headers_;
  std::unique_ptr<CURLM, multi_deleter> multi_;
  std::vector<attempt> active_;
  std::vector<attempt> delayed_;
  std::vector<std::unique_ptr<transfer>> spare_;
  double earliest_deadline_ = std::numeric_limits<double>::infinity();
  std::uint64_t sent_ = 0;
  // Another one in every process and object, so that clients do not come back together.
  random_stream jitter_{{reinterpret_cast<std::uintptr_t>(this), hash_text(url_)}};
};

}  // namespace outthink::backends::http
