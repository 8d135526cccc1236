// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace outthink::test {

/// An observer that notes what it is told, a line each, without times.
struct event_text {
  std::vector<std::string> lines{};
  double latest = 0;
  bool in_order = true;  ///< times never went back

  void on_batch(const progress& now) {
    lines.push_back("progress " + std::to_string(now.done) + " of " + std::to_string(now.total) +
                    ", " + std::to_string(now.live) + " live");
  }

  void on_outcome(std::size_t i, const outcome& result) {
    std::string line("outcome ");
    line.append(std::to_string(i)).append(" ").append(result.answer);
    lines.push_back(line);
  }

  void on_event(const run_event& event) {
    in_order = in_order && event.seconds >= latest;
    latest = event.seconds;
    std::string line(to_string(event.kind));
    const bool of_search =
        event.kind == event_kind::search_began || event.kind == event_kind::search_ended;
    if (of_search) {
      line.append(" ").append(std::to_string(event.problem));
      line.append(" in ").append(std::to_string(event.slot));
    } else {
      line.append(" ").append(to_string(event.service)).append(" ");
      line.append(std::to_string(event.problem)).append(".").append(std::to_string(event.request));
    }
    if (event.size != 1) line.append(" x").append(std::to_string(event.size));
    if (event.spent.tokens_written > 0) {
      line.append(" wrote ").append(std::to_string(event.spent.tokens_written));
    }
    if (event.failed) line += " failed";
    lines.push_back(line);
  }
};

}  // namespace outthink::test
