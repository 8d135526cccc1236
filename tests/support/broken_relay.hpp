// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <list>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace outthink::test {

/// How a connection breaks on its way.
struct breakage {
  std::string instead{};                                        ///< said to the client at once
  std::size_t after = std::numeric_limits<std::size_t>::max();  ///< bytes from the server
  bool resets = false;                                          ///< rather than ends in order
};

/// Stands before a server on the loopback and passes bytes both ways, also those that it cannot
/// read; the i-th connection breaks as the i-th breakage says, later ones do not.
class broken_relay {
 public:
  broken_relay(int server, std::vector<breakage> breakages)
      : server_(server), breakages_(std::move(breakages)), listener_(open_socket()) {
    sockaddr_in at = address(0);
    socklen_t size = sizeof at;
    auto* const any = reinterpret_cast<sockaddr*>(&at);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~broken_relay() {
    ended_ = true;
    thread_.join();
    ::close(listener_);
  }
  broken_relay(const broken_relay&) = delete;
  broken_relay& operator=(const broken_relay&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  struct connection {
    int client, server;
    breakage how;
    std::size_t passed = 0;
  };

  static int open_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }
  static sockaddr_in address(int port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(static_cast<std::uint16_t>(port));
    made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return made;
  }

  void serve() {
    std::vector<pollfd> watched;
    while (!ended_) {
      watched.assign(1, {listener_, POLLIN, 0});
      for (const connection& one : open_) {
        watched.push_back({one.client, POLLIN, 0});
        watched.push_back({one.server, POLLIN, 0});
      }
      if (::poll(watched.data(), watched.size(), 5) <= 0) continue;
      std::size_t i = 1;
      for (auto one = open_.begin(); one != open_.end(); i += 2) {
        const bool stands = (watched[i].revents == 0 || pass_on(one->client, one->server)) &&
                            (watched[i + 1].revents == 0 || pass_back(*one));
        if (!stands) end(*one);
        one = stands ? std::next(one) : open_.erase(one);
      }
      if (watched[0].revents != 0) begin();
    }
    for (const connection& one : open_) end(one);
  }

  void begin() {
    connection one{::accept(listener_, nullptr, nullptr), open_socket(), {}};
    if (connections_ < breakages_.size()) one.how = breakages_[connections_];
    ++connections_;
    const sockaddr_in at = address(server_);
    (void)!::send(one.client, one.how.instead.data(), one.how.instead.size(), MSG_NOSIGNAL);
    const bool stands =
        one.how.after > 0 &&
        ::connect(one.server, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    stands ? open_.push_back(one) : end(one);
  }

  static bool pass_on(int from, int to) {
    std::array<char, 16384> bytes;
    const auto size = ::recv(from, bytes.data(), bytes.size(), 0);
    return size > 0 && ::send(to, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) > 0;
  }

  static bool pass_back(connection& at) {
    std::array<char, 16384> bytes;
    const auto size =
        ::recv(at.server, bytes.data(), std::min(bytes.size(), at.how.after - at.passed), 0);
    if (size <= 0) return false;
    at.passed += static_cast<std::size_t>(size);
    return ::send(at.client, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) > 0 &&
           at.passed < at.how.after;
  }

  static void end(const connection& one) {
    if (one.how.resets) {
      const linger at_once{1, 0};
      ::setsockopt(one.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(one.client);
    ::close(one.server);
  }

  int server_;
  int port_ = 0;
  std::vector<breakage> breakages_;
  int listener_;
  std::list<connection> open_;
  std::atomic<bool> ended_{false};
  std::atomic<std::size_t> connections_{0};
  std::thread thread_;
};

}  // namespace outthink::test
