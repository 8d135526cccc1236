// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#else
#include <poll.h>

#include <map>
#include <vector>
#endif

namespace outthink::backends::http {

/// @brief Waits until one of many sockets can be read from or written to.
///
/// How it works: epoll, where its cost is that of the sockets that are ready; `poll` where there is
/// no Linux. Interests and what is ready are libcurl's: `CURL_POLL_IN`, ... and `CURL_CSELECT_IN`,
/// ... A socket that broke counts as ready for both, so that whoever reads or writes learns why.
///
/// Requires: a socket is let go of before it is closed; used from one thread. Cost: a system call a
/// change and a turn. Errors: `errc::service_failed` where the system has no more of such things.
/// Determinism: that of the sockets.
class socket_watch {
 public:
  socket_watch(const socket_watch&) = delete;
  socket_watch& operator=(const socket_watch&) = delete;

#ifdef __linux__
  socket_watch() : events_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (events_ < 0) throw error(errc::service_failed, "epoll_create1 fails: too many open files");
  }
  ~socket_watch() {
    ::close(events_);
  }

  /// Watches a socket of `owner` for that, and for nothing else from now on; false if the system
  /// does not.
  bool watch(int socket, int interest, std::uint32_t owner) noexcept {
    epoll_event event{};
    if (interest == CURL_POLL_REMOVE) {
      ::epoll_ctl(events_, EPOLL_CTL_DEL, socket, &event);
      return true;
    }
    event.events = ((interest & CURL_POLL_IN) != 0 ? unsigned{EPOLLIN} : 0U) |
                   ((interest & CURL_POLL_OUT) != 0 ? unsigned{EPOLLOUT} : 0U);
    event.data.u64 = std::uint64_t{owner} << 32 | static_cast<std::uint32_t>(socket);
    return ::epoll_ctl(events_, EPOLL_CTL_ADD, socket, &event) == 0 ||
           ::epoll_ctl(events_, EPOLL_CTL_MOD, socket, &event) == 0;
  }

  /// Waits for the first at most `seconds` and calls `take(owner, socket, ready)` for those that
  /// are ready then, or as many of them as fit a turn; the others have the next.
  template <class Take>
  void wait(double seconds, Take take) {
    std::array<epoll_event, kAtOnce> ready;
    const int count = ::epoll_wait(events_, ready.data(), kAtOnce, milliseconds(seconds));
    for (int i = 0; i < count; ++i) {
      const epoll_event& one = ready[static_cast<std::size_t>(i)];
      const bool broken = (one.events & (EPOLLERR | EPOLLHUP)) != 0;
      take(static_cast<std::uint32_t>(one.data.u64 >> 32), static_cast<int>(one.data.u64),
           (broken || (one.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
               (broken || (one.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0));
    }
  }

 private:
  static constexpr int kAtOnce = 256;
  int events_;
#else
  socket_watch() = default;

  bool watch(int socket, int interest, std::uint32_t owner) noexcept try {
    if (interest == CURL_POLL_REMOVE) {
      sockets_.erase(socket);
      return true;
    }
    const int events = ((interest & CURL_POLL_IN) != 0 ? POLLIN : 0) |
                       ((interest & CURL_POLL_OUT) != 0 ? POLLOUT : 0);
    sockets_[socket] = {static_cast<short>(events), owner};
    return true;
  } catch (...) {
    return false;
  }

  template <class Take>
  void wait(double seconds, Take take) {
    std::vector<pollfd> asked;
    std::vector<std::uint32_t> owners;
    for (const auto& [socket, of] : sockets_) {
      asked.push_back({socket, of.events, 0});
      owners.push_back(of.owner);
    }
    if (::poll(asked.data(), static_cast<nfds_t>(asked.size()), milliseconds(seconds)) <= 0) return;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const bool broken = (asked[i].revents & (POLLERR | POLLHUP)) != 0;
      const int ready = (broken || (asked[i].revents & POLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                        (broken || (asked[i].revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
      if (ready != 0) take(owners[i], asked[i].fd, ready);
    }
  }

 private:
  struct watched {
    short events;
    std::uint32_t owner;
  };
  std::map<int, watched> sockets_;
#endif

  // Rounded up: whoever comes too early comes again.
  static int milliseconds(double seconds) noexcept {
    return seconds > 0 ? static_cast<int>(std::min(seconds, 3600.0) * 1000) + 1 : 0;
  }
};

}  // namespace outthink::backends::http
