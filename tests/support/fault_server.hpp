// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace outthink::test {

/// What a server does with one request.
struct reaction {
  std::string bytes{};  ///< sent as they are
  bool resets = false;  ///< breaks the connection by a reset then
  bool closes = false;  ///< closes it in order then
  bool silent = false;  ///< sends no more, but keeps it
};

/// A whole reply.
inline reaction reply(int status, const std::string& body, const std::string& headers = "") {
  return {"HTTP/1.1 " + std::to_string(status) + " Any\r\n" + headers +
          "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

/// A server on the loopback that reacts to the i-th request, from 0, as `script(i, request)` says.
/// One thread serves one connection at a time and waits for nothing but its clients.
class fault_server {
 public:
  using script = std::function<reaction(std::size_t, const std::string&)>;

  /// At any port, or at one where an earlier server has died.
  explicit fault_server(script react, int port = 0)
      : react_(std::move(react)), port_(port), listener_(listen(&port_)) {
    thread_ = std::thread([this] { serve(); });
  }
  ~fault_server() {
    ended_ = true;
    thread_.join();
    ::close(listener_);
  }
  fault_server(const fault_server&) = delete;
  fault_server& operator=(const fault_server&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int port() const { return port_; }
  /// Connections that are open now.
  [[nodiscard]] std::size_t open() const { return now_open_; }
  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }
  [[nodiscard]] std::string request(std::size_t i) const {
    const std::lock_guard lock(mutex_);
    return seen_.at(i);
  }

  /// The URL of a port where nobody listens.
  static std::string nobody() {
    int port = 0;
    ::close(listen(&port));
    return "http://127.0.0.1:" + std::to_string(port);
  }

 private:
  static int listen(int* port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_port = htons(static_cast<std::uint16_t>(*port));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener, any, size) != 0 || ::listen(listener, 512) != 0 ||
        ::getsockname(listener, any, &size) != 0) {
      std::abort();
    }
    *port = ntohs(address.sin_port);
    return listener;
  }

  // Waits for whichever connection has something, so that a silent one holds up no other.
  void serve() {
    std::vector<pollfd> watched;
    while (!ended_) {
      watched.assign(1, {listener_, POLLIN, 0});
      for (const connection& one : open_) watched.push_back({one.socket, POLLIN, 0});
      if (::poll(watched.data(), watched.size(), 5) <= 0) continue;
      std::size_t kept = 0;
      for (std::size_t i = 0; i < open_.size(); ++i) {
        if (watched[i + 1].revents != 0 && !hear(open_[i])) {
          ::close(open_[i].socket);
          continue;
        }
        if (kept != i) open_[kept] = std::move(open_[i]);
        ++kept;
      }
      open_.resize(kept);
      if (watched[0].revents != 0) {
        connections_ += 1;
        open_.push_back({::accept(listener_, nullptr, nullptr), {}});
      }
      now_open_ = open_.size();
    }
    for (const connection& one : open_) ::close(one.socket);
  }

  struct connection {
    int socket = -1;
    std::string heard{};
  };

  // False if the connection is to be closed.
  bool hear(connection& at) {
    char buffer[4096];
    const auto size = ::recv(at.socket, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    at.heard.append(buffer, static_cast<std::size_t>(size));
    const std::size_t head = at.heard.find("\r\n\r\n");
    if (head == std::string::npos) return true;
    const std::size_t length = at.heard.find("Content-Length: ");
    const std::size_t body = length < head ? std::stoul(at.heard.substr(length + 16)) : 0;
    if (at.heard.size() < head + 4 + body) return true;
    const std::string request = std::exchange(at.heard, {});
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
      number = requests_++;
    }
    const reaction made = react_(number, request);
    if (!made.bytes.empty()) {
      (void)!::send(at.socket, made.bytes.data(), made.bytes.size(), MSG_NOSIGNAL);
    }
    if (made.resets) {
      const linger at_once{1, 0};
      ::setsockopt(at.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return !made.resets && !made.closes;
  }

  script react_;
  int port_ = 0;
  int listener_;
  std::atomic<bool> ended_{false};
  std::atomic<std::size_t> requests_{0}, connections_{0}, now_open_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> seen_;
  std::vector<connection> open_;
  std::thread thread_;
};

/// The body of an HTTP request.
inline std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

}  // namespace outthink::test
