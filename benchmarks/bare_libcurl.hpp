// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <limits>
#include <string>
#include <vector>

/// What libcurl reaches with nothing around it: as many transfers as are wanted, each begun again
/// as soon as it has ended; `curl_multi_socket_action` and epoll, `per_handle` transfers to a multi
/// handle.
class bare_libcurl {
 public:
  bare_libcurl(const std::string& url, const std::string& body, std::size_t in_flight,
               std::size_t per_handle)
      : events_(::epoll_create1(EPOLL_CLOEXEC)), body_(body) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    headers_ = curl_slist_append(nullptr, "Content-Type: application/json");
    headers_ = curl_slist_append(headers_, "Expect:");
    for (std::size_t i = 0; i < in_flight; ++i) {
      if (i % per_handle == 0) multis_.emplace_back(events_, multis_.size(), per_handle);
      idle_.push_back(&transfers_.emplace_back(url, body_, headers_, multis_.back()));
    }
  }
  bare_libcurl(const bare_libcurl&) = delete;
  bare_libcurl& operator=(const bare_libcurl&) = delete;
  ~bare_libcurl() {
    for (transfer& one : transfers_) {
      curl_multi_remove_handle(one.of->handle, one.handle);
      curl_easy_cleanup(one.handle);
    }
    for (multi& one : multis_) curl_multi_cleanup(one.handle);
    curl_slist_free_all(headers_);
    ::close(events_);
  }

  [[nodiscard]] std::size_t under_way() const { return transfers_.size() - idle_.size(); }

  /// Begins all that are idle, if `more`, and waits for some; how many have ended.
  std::size_t turn(bool more) {
    ended_ = 0;
    if (more) {
      for (transfer* const one : idle_) {
        one->reply.clear();
        curl_multi_add_handle(one->of->handle, one->handle);
      }
      idle_.clear();
    }
    double due = std::numeric_limits<double>::infinity();
    for (multi& one : multis_) {
      if (one.due <= now()) {
        one.due = std::numeric_limits<double>::infinity();
        act(one, CURL_SOCKET_TIMEOUT, 0);
      }
      due = std::min(due, one.due);
    }
    const double wait = ended_ > 0 ? 0 : std::clamp(due - now(), 0.0, 1.0);
    std::array<epoll_event, 256> ready;
    const int count = ::epoll_wait(events_, ready.data(), static_cast<int>(ready.size()),
                                   wait > 0 ? static_cast<int>(1000 * wait) + 1 : 0);
    for (int i = 0; i < count; ++i) {
      const epoll_event& one = ready[static_cast<std::size_t>(i)];
      act(multis_[one.data.u64 >> 32], static_cast<int>(one.data.u64),
          ((one.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
              ((one.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0));
    }
    return ended_;
  }

 private:
  struct multi {
    multi(int events_of_all, std::size_t place, std::size_t most)
        : events(events_of_all), number(place), handle(curl_multi_init()) {
      curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, &multi::note_socket);
      curl_multi_setopt(handle, CURLMOPT_SOCKETDATA, this);
      curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, &multi::note_timer);
      curl_multi_setopt(handle, CURLMOPT_TIMERDATA, this);
      curl_multi_setopt(handle, CURLMOPT_MAXCONNECTS, static_cast<long>(most));
    }

    static int note_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
      const multi& at = *static_cast<multi*>(self);
      epoll_event event{};
      event.events = (what & CURL_POLL_IN ? unsigned{EPOLLIN} : 0U) |
                     (what & CURL_POLL_OUT ? unsigned{EPOLLOUT} : 0U);
      event.data.u64 = std::uint64_t{at.number} << 32 | static_cast<std::uint32_t>(socket);
      if (what == CURL_POLL_REMOVE) {
        ::epoll_ctl(at.events, EPOLL_CTL_DEL, socket, &event);
      } else if (::epoll_ctl(at.events, EPOLL_CTL_ADD, socket, &event) != 0) {
        ::epoll_ctl(at.events, EPOLL_CTL_MOD, socket, &event);
      }
      return 0;
    }
    static int note_timer(CURLM*, long ms, void* self) {
      static_cast<multi*>(self)->due =
          ms < 0 ? std::numeric_limits<double>::infinity() : now() + static_cast<double>(ms) / 1000;
      return 0;
    }

    int events;
    std::size_t number;
    CURLM* handle;
    double due = std::numeric_limits<double>::infinity();
  };

  struct transfer {
    transfer(const std::string& url, const std::string& body, curl_slist* headers, multi& shared)
        : handle(curl_easy_init()), of(&shared) {
      curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
      curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
      curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
      curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &transfer::take);
      curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
      curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    }

    static std::size_t take(char* data, std::size_t, std::size_t size, void* self) {
      static_cast<transfer*>(self)->reply.append(data, size);
      return size;
    }

    CURL* handle;
    multi* of;
    std::string reply{};
  };

  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  void act(multi& at, curl_socket_t socket, int ready) {
    int left = 0;
    curl_multi_socket_action(at.handle, socket, ready, &left);
    while (const CURLMsg* const message = curl_multi_info_read(at.handle, &left)) {
      if (message->data.result != CURLE_OK) std::abort();
      void* self = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
      auto* const one = static_cast<transfer*>(self);
      curl_multi_remove_handle(at.handle, one->handle);
      idle_.push_back(one);
      ++ended_;
    }
  }

  int events_;
  std::string body_;
  curl_slist* headers_ = nullptr;
  std::deque<multi> multis_;
  std::deque<transfer> transfers_;
  std::vector<transfer*> idle_;
  std::size_t ended_ = 0;
};
