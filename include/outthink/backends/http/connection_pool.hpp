// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/connection_options.hpp>
#include <outthink/backends/http/socket_watch.hpp>
#include <outthink/backends/http/transfer.hpp>
#include <outthink/backends/http/transfer_group.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// @brief Connections to several servers, and the transfers over them.
///
/// How it works: transfers and connections are kept and reused. Those of a server are in groups of
/// at most 32 (`transfer_group`), as libcurl's work for each grows with their number; over TLS they
/// are one group, because with HTTP/2 they share a connection.
///
/// Requires: options outlive it, and it its leases; used from one thread. Cost: what is ready, and
/// a look at every group, each turn. Errors: `errc::service_failed` with libcurl's words.
/// Determinism: that of servers and clock.
class connection_pool {
 public:
  /// Ends a transfer that is let go of and keeps it for later.
  struct returner {
    connection_pool* pool = nullptr;
    void operator()(transfer* line) const noexcept { pool->give_back(line); }
  };
  /// A transfer in use.
  using lease = std::unique_ptr<transfer, returner>;

  connection_pool(const std::vector<std::string>& urls, const connection_options& options)
      : options_(&options), headers_(initialised_headers(options.api_key)) {
    for (const std::string& url : urls) {
      servers_.push_back({url.starts_with("https:") ? kTogether : kAtMost, 0, 0, {}});
    }
  }

  /// A transfer to a server that is not under way.
  [[nodiscard]] lease take(std::size_t server) {
    auto& spare = servers_[server].spare;
    if (spare.empty()) spare.push_back(make(server));
    lease taken(spare.back().release(), {this});  // the latest: its memory and connection are warm
    spare.pop_back();
    return taken;
  }

  /// Begins what a transfer was prepared for.
  void begin(transfer& prepared) { groups_[prepared.group].add(prepared.handle()); }

  /// When something is to be done although no socket is ready.
  [[nodiscard]] double due() const noexcept {
    double first = transfer_group::kNever;
    for (const transfer_group& group : groups_) first = std::min(first, group.due());
    return first;
  }

  /// Does what the time asks for; calls `finish(line, code)` for every transfer that has ended.
  template <class Finish>
  void act_on_time(Finish finish) {
    const double time = transfer_group::now();
    for (transfer_group& group : groups_) {
      if (group.due() > time) continue;
      group.act_on_time();
      take_finished(group, finish);
    }
  }

  /// Waits for sockets at most `seconds` and goes on with those that are ready; as above.
  template <class Finish>
  void act_on_sockets(double seconds, Finish finish) {
    watch_.wait(seconds, [&](std::uint32_t owner, int socket, int ready) {
      groups_[owner].act(socket, ready);
      take_finished(groups_[owner], finish);
    });
  }

 private:
  static constexpr std::size_t kAtMost = 32, kTogether = 1U << 20;

  struct peer {
    std::size_t most;   // transfers of a group
    std::size_t group;  // the latest
    std::size_t lines;  // transfers that were made
    std::vector<std::unique_ptr<transfer>> spare;
  };

  static header_list initialised_headers(const std::string& api_key) {
    static std::once_flag initialised;
    std::call_once(initialised, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return make_headers(api_key);
  }

  std::unique_ptr<transfer> make(std::size_t number) {
    peer& at = servers_[number];
    auto line = std::make_unique<transfer>(*options_, headers_.get());
    if (at.lines % at.most == 0) {
      groups_.emplace_back(watch_, static_cast<std::uint32_t>(groups_.size()), at.most);
      at.group = groups_.size() - 1;
    }
    at.spare.reserve(std::bit_ceil(++at.lines));  // so that all can be given back
    line->server = number;
    line->group = at.group;
    return line;
  }

  void give_back(transfer* line) noexcept {
    groups_[line->group].remove(line->handle());
    servers_[line->server].spare.emplace_back(line);
  }

  template <class Finish>
  static void take_finished(transfer_group& group, Finish& finish) {
    for (finished_transfer one; (one = group.next_finished()).handle != nullptr;) {
      finish(transfer::of(one.handle), one.code);
    }
  }

  const connection_options* options_;
  header_list headers_;
  socket_watch watch_;  // outlives the groups
  std::deque<transfer_group> groups_;
  std::vector<peer> servers_;
};

}  // namespace outthink::backends::http
