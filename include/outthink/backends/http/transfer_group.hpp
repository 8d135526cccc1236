// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/socket_watch.hpp>
#include <outthink/core/error.hpp>

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <string>

namespace outthink::backends::http {

/// A transfer that has ended, and how; `handle` is null if there is none.
struct finished_transfer {
  CURL* handle = nullptr;
  CURLcode code = CURLE_OK;
};

/// @brief Transfers that share connections: a multi handle of libcurl that hears of its sockets
/// from a `socket_watch` and of the time from whoever asks when it is `due`.
///
/// Requires: the watch outlives it; transfers are removed before they end; used from one thread.
/// Cost: libcurl walks all connections of a multi handle at the end of every transfer and to find
/// one that is idle: O(transfers of the group) each, so that a group should be small. Errors:
/// `errc::service_failed` with libcurl's words. Determinism: that of sockets and clock.
class transfer_group {
 public:
  static constexpr double kNever = std::numeric_limits<double>::infinity();

  /// `number` is what the watch knows its sockets by; `most` transfers are expected at a time.
  transfer_group(socket_watch& watch, std::uint32_t number, std::size_t most)
      : watch_(&watch), number_(number), multi_(curl_multi_init()) {
    if (!multi_) throw std::bad_alloc();
    const auto limit = static_cast<long>(most);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, limit);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_CONCURRENT_STREAMS, limit);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &transfer_group::note_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &transfer_group::note_timer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  }
  transfer_group(const transfer_group&) = delete;
  transfer_group& operator=(const transfer_group&) = delete;

  /// The clock of `due`, in seconds.
  [[nodiscard]] static double now() noexcept {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  /// Begins a transfer; it goes on in `act` and `act_on_time`.
  void add(CURL* transfer) { check(curl_multi_add_handle(multi_.get(), transfer)); }
  /// Takes out a transfer, finished or not.
  void remove(CURL* transfer) noexcept { curl_multi_remove_handle(multi_.get(), transfer); }

  /// When `act_on_time` is to be called next; `kNever` if no transfer waits for a time.
  [[nodiscard]] double due() const noexcept { return due_; }
  void act_on_time() {
    due_ = kNever;  // libcurl sets it again
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  /// Goes on with what a socket is ready for.
  void act(curl_socket_t socket, int ready) {
    int running = 0;
    check(curl_multi_socket_action(multi_.get(), socket, ready, &running));
  }

  /// A transfer that has ended, each once.
  [[nodiscard]] finished_transfer next_finished() noexcept {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg == CURLMSG_DONE) return {message->easy_handle, message->data.result};
    }
    return {};
  }

 private:
  struct multi_deleter {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
  };

  static void check(CURLMcode code) {
    if (code == CURLM_OK) return;
    throw error(errc::service_failed, std::string("libcurl: ") + curl_multi_strerror(code));
  }

  static int note_socket(CURL*, curl_socket_t socket, int interest, void* self, void*) noexcept {
    const transfer_group& at = *static_cast<transfer_group*>(self);
    return at.watch_->watch(socket, interest, at.number_) ? 0 : -1;
  }

  static int note_timer(CURLM*, long milliseconds, void* self) noexcept {
    const auto wait = static_cast<double>(milliseconds);
    static_cast<transfer_group*>(self)->due_ = milliseconds < 0    ? kNever
                                               : milliseconds == 0 ? 0
                                                                   : now() + wait / 1000;
    return 0;
  }

  socket_watch* watch_;
  std::uint32_t number_;
  double due_ = kNever;
  std::unique_ptr<CURLM, multi_deleter> multi_;
};

}  // namespace outthink::backends::http
