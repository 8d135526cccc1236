// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/core/error.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace outthink::backends::http {

/// A request's body, where its reply goes, and what decides when and where it is sent.
struct http_request {
  std::uint64_t tag = 0;
  std::string body;
  std::uint64_t affinity = 0;  ///< requests with the same one like the same server; 0: any
  std::uint64_t tokens = 0;    ///< that it may cost at most, for limits of the rate
  /// Tells, from the reply so far, whether the rest is not wanted; called with an empty one first.
  std::function<bool(std::string_view)> enough{};
};

/// What a server answered, or why it did not.
struct http_reply {
  std::uint64_t tag = 0;
  std::string body;          ///< of a reply with status 200 to 299
  std::string problem;       ///< why there is none, for people; empty if there is one
  std::string type{};        ///< its Content-Type; empty if the server names none
  std::size_t server = 0;    ///< whose it is: the place of its URL
  std::uint64_t tokens = 0;  ///< that it cost: the taker says so
};

struct easy_deleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct list_deleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using easy_handle = std::unique_ptr<CURL, easy_deleter>;
using header_list = std::unique_ptr<curl_slist, list_deleter>;

/// The headers of every request.
[[nodiscard]] inline header_list make_headers(const std::string& api_key) {
  header_list headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  const auto add = [&](const std::string& line) {
    if (curl_slist_append(headers.get(), line.c_str()) == nullptr) throw std::bad_alloc();
  };
  if (!headers) throw std::bad_alloc();
  add("Accept: application/json, text/event-stream");
  add("Expect:");  // no pause before the body is sent
  if (!api_key.empty()) add("Authorization: Bearer " + api_key);
  return headers;
}

/// @brief One POST request at a time over a reused libcurl handle.
///
/// The time limits that libcurl does not have (first byte, silence) are kept by whoever calls
/// `overdue`.
class transfer {
 public:
  transfer(const connection_options& options, curl_slist* headers)
      : handle_(curl_easy_init()), limits_(options.limits), longest_(options.longest_reply) {
    if (!handle_) throw std::bad_alloc();
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits_.connect));
    set(CURLOPT_TIMEOUT_MS, milliseconds(limits_.total));
    set(CURLOPT_ERRORBUFFER, error_);
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_WRITEFUNCTION, &transfer::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &transfer::take_header);
    set(CURLOPT_HEADERDATA, this);
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  }
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  /// Prepares the request for its first or next attempt, at the time `now`.
  void begin(http_request request, const std::string& url, double now) {
    if (std::exchange(checks_, false)) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_TIMEOUT_MS, milliseconds(limits_.total));
    }
    request_ = std::move(request);
    reset(url, now + limits_.first_byte);
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    if (request_.enough) (void)request_.enough({});
  }

  /// Prepares a question for a server's health: a GET, which may take as long as a connection.
  void begin_check(const std::string& url, double now) {
    checks_ = true;
    reset(url, now + limits_.connect);
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_TIMEOUT_MS, milliseconds(limits_.connect));
  }

  /// Tells when it must be heard of next; moves on with what was received up to `now`.
  [[nodiscard]] double deadline(double now) noexcept {
    if (std::exchange(heard_, false)) deadline_ = now + limits_.idle;
    return deadline_;
  }

  std::size_t place = 0;   ///< among the transfers under way
  std::size_t server = 0;  ///< whom it is for, as `connection_pool` counts
  std::size_t group = 0;   ///< of those that share connections, likewise

  /// Whose handle it is.
  [[nodiscard]] static transfer& of(CURL* handle) noexcept {
    void* self = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
    return *static_cast<transfer*>(self);
  }

  [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] http_request& request() noexcept { return request_; }
  [[nodiscard]] std::string& body() noexcept { return body_; }
  [[nodiscard]] bool too_long() const noexcept { return too_long_; }
  /// True if `enough` ended the reply.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
  /// True if it asks for a server's health.
  [[nodiscard]] bool checks() const noexcept { return checks_; }

  /// The reply's Content-Type; empty if it has none.
  [[nodiscard]] std::string type() const {
    const char* type = nullptr;
    curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type);
    return type != nullptr ? type : "";
  }

  [[nodiscard]] long status() const noexcept {
    long status = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  /// Seconds that the server asks to wait, by a number or a date; 0 if it does not.
  [[nodiscard]] double retry_after() const noexcept {
    curl_off_t seconds = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &seconds);
    return static_cast<double>(seconds);
  }

  /// What went wrong, in libcurl's words where it is nothing of its own.
  [[nodiscard]] std::string complaint(CURLcode code) const {
    if (!thrown_.empty()) return thrown_;
    if (head_ > kLongestHead) {
      return "the reply's head is longer than " + std::to_string(kLongestHead) + " bytes";
    }
    if (too_long_) return "the reply is longer than " + std::to_string(longest_) + " bytes";
    return error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  }

 private:
  static constexpr std::size_t kLongestHead = 256U << 10;

  static long milliseconds(double seconds) noexcept {
    return static_cast<long>(std::clamp(seconds * 1000, 1.0, 2e9));
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(handle_.get(), option, value);
    if (code != CURLE_OK) {
      throw error(errc::invalid_argument,
                  std::string("libcurl refuses an option: ") + curl_easy_strerror(code));
    }
  }

  void reset(const std::string& url, double deadline) {
    body_.clear();
    thrown_.clear();
    error_[0] = '\0';
    too_long_ = stopped_ = heard_ = false;
    head_ = 0;
    deadline_ = deadline;
    if (url == url_) return;
    url_ = url;
    set(CURLOPT_URL, url.c_str());
    // Over TLS a server may speak HTTP/2: better wait for its first connection than open many.
    set(CURLOPT_PIPEWAIT, url.starts_with("https:") ? 1L : 0L);
  }

  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    transfer& at = *static_cast<transfer*>(self);
    at.heard_ = true;
    if (at.body_.size() + size > at.longest_) {
      at.too_long_ = true;
      return 0;
    }
    try {
      at.body_.append(data, size);
      if (!at.request_.enough || at.status() < 200 || at.status() > 299) return size;
      at.stopped_ = at.request_.enough(at.body_);
    } catch (const std::exception& problem) {
      at.thrown_ = problem.what();
      return 0;
    }
    return at.stopped_ ? 0 : size;
  }

  static std::size_t take_header(char*, std::size_t, std::size_t size, void* self) noexcept {
    transfer& at = *static_cast<transfer*>(self);
    at.heard_ = true;
    at.head_ += size;
    at.too_long_ = at.head_ > kLongestHead;
    return at.too_long_ ? 0 : size;
  }

  easy_handle handle_;
  time_limits limits_;
  std::size_t longest_;
  std::string url_;
  http_request request_;
  std::string body_;
  std::string thrown_;
  char error_[CURL_ERROR_SIZE] = {};
  std::size_t head_ = 0;  // bytes of the reply's head
  bool checks_ = false;
  bool too_long_ = false;
  bool stopped_ = false;
  bool heard_ = false;  // since the deadline was last asked for
  double deadline_ = 0;
};

}  // namespace outthink::backends::http
