// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/core/error.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace outthink::backends::http {

/// A request's body and where its reply goes.
struct http_request {
  std::uint64_t tag = 0;
  std::string body;
};

/// What a server answered, or why it did not.
struct http_reply {
  std::uint64_t tag = 0;
  std::string body;     ///< of a reply with status 200 to 299
  std::string problem;  ///< why there is none, for people; empty if there is one
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
  add("Accept: application/json");
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
  transfer(const std::string& url, const connection_options& options, curl_slist* headers)
      : handle_(curl_easy_init()), limits_(options.limits), longest_(options.longest_reply) {
    if (!handle_) throw std::bad_alloc();
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_HTTPHEADER, headers);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
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
  void begin(http_request request, double now) {
    request_ = std::move(request);
    body_.clear();
    error_[0] = '\0';
    too_long_ = heard_ = false;
    deadline_ = now + limits_.first_byte;
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }

  /// Tells when it must be heard of next; moves on with what was received up to `now`.
  [[nodiscard]] double deadline(double now) noexcept {
    if (std::exchange(heard_, false)) deadline_ = now + limits_.idle;
    return deadline_;
  }

  std::size_t place = 0;  ///< among the transfers under way

  [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] http_request& request() noexcept { return request_; }
  [[nodiscard]] std::string& body() noexcept { return body_; }
  [[nodiscard]] bool too_long() const noexcept { return too_long_; }

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

  /// libcurl's words for what went wrong.
  [[nodiscard]] std::string complaint(CURLcode code) const {
    return error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  }

 private:
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

  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    transfer& at = *static_cast<transfer*>(self);
    at.heard_ = true;
    if (at.body_.size() + size > at.longest_) {
      at.too_long_ = true;
      return 0;
    }
    try {
      at.body_.append(data, size);
    } catch (...) {
      return 0;
    }
    return size;
  }

  static std::size_t take_header(char*, std::size_t, std::size_t size, void* self) noexcept {
    static_cast<transfer*>(self)->heard_ = true;
    return size;
  }

  easy_handle handle_;
  time_limits limits_;
  std::size_t longest_;
  http_request request_;
  std::string body_;
  char error_[CURL_ERROR_SIZE] = {};
  bool too_long_ = false;
  bool heard_ = false;  // since the deadline was last asked for
  double deadline_ = 0;
};

}  // namespace outthink::backends::http
