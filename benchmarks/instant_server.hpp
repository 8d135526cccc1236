// SPDX-License-Identifier: MIT
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <unordered_map>

/// A process of its own that answers every request of every connection with the same bytes.
class instant_server {
 public:
  explicit instant_server(const std::string& body)
      : reply_("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 4096) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    process_ = ::fork();
    if (process_ == 0) serve();
    ::close(listener_);
  }
  instant_server(const instant_server&) = delete;
  instant_server& operator=(const instant_server&) = delete;
  ~instant_server() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  [[noreturn]] void serve() const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int events = ::epoll_create1(0);
    const auto watch = [&](int socket) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = socket;
      ::epoll_ctl(events, EPOLL_CTL_ADD, socket, &event);
    };
    watch(listener_);
    std::unordered_map<int, std::string> heard;
    std::array<epoll_event, 1024> ready;
    for (;;) {
      const int count = ::epoll_wait(events, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = ready[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_) {
          for (int one = 0; (one = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
            const int on = 1;
            ::setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch(one);
          }
        } else if (!hear(socket, heard[socket])) {
          heard.erase(socket);
          ::close(socket);
        }
      }
    }
  }

  // Requests may come in pieces or several at once; replies fit the socket's buffer.
  bool hear(int socket, std::string& heard) const {
    std::array<char, 16384> buffer;
    const auto size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    heard.append(buffer.data(), static_cast<std::size_t>(size));
    for (;;) {
      const std::size_t head = heard.find("\r\n\r\n");
      if (head == std::string::npos) return true;
      const std::size_t length = heard.find("Content-Length: ");
      if (length > head) return false;
      const std::size_t whole = head + 4 + std::strtoul(heard.c_str() + length + 16, nullptr, 10);
      if (heard.size() < whole) return true;
      heard.erase(0, whole);
      if (::send(socket, reply_.data(), reply_.size(), MSG_NOSIGNAL) < 0) return false;
    }
  }

  std::string reply_;
  int listener_ = -1;
  int port_ = 0;
  pid_t process_ = 0;
};
