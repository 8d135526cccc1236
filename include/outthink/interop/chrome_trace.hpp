// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>
#include <outthink/interop/line_writer.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace outthink {

/// @brief An observer that writes a run as a trace that chrome://tracing and Perfetto
/// (https://ui.perfetto.dev) show.
///
/// How it works: the process "searches" has a row for each slot, with a slice for each search in
/// it, and counters; each service is a process with its batches and requests, which overlap and
/// are therefore asynchronous slices. A slice of a request or batch has the id
/// `service problem.request`. The file is replaced.
///
/// Requires: one run, which ends before the trace does. Cost: a microsecond an event. Errors: see
/// `line_writer`. Reference: Trace Event Format, Google, JSON Array Format: an event a line. The
/// viewers take an array without its end, which a killed run leaves; add `{}]` to make it JSON.
/// Example: examples/watch_a_run.cpp.
class chrome_trace {
 public:
  explicit chrome_trace(const std::string& path) : lines_(path) {
    lines_.write("[\n", 0);
    constexpr std::string_view kProcesses[] = {"searches", "model", "verifier", "other services"};
    for (int pid = 0; const std::string_view name : kProcesses) {
      add(0, R"("ph":"M","pid":{},"name":"process_name","args":{{"name":"{}"}})", ++pid, name);
    }
  }
  chrome_trace(const chrome_trace&) = delete;
  chrome_trace& operator=(const chrome_trace&) = delete;
  ~chrome_trace() { lines_.write("{}\n]\n", 0); }

  void on_batch(const progress& now) {
    add(now.seconds, R"("ph":"C","pid":1,"ts":{:.3f},"name":"searches","args":{{"live":{}}})",
        1e6 * now.seconds, now.live);
    add(now.seconds, R"("ph":"C","pid":1,"ts":{:.3f},"name":"tokens","args":{{"tokens":{}}})",
        1e6 * now.seconds, now.spent.tokens);
  }

  void on_outcome(std::size_t, const outcome&) noexcept {}

  void on_event(const run_event& event) {
    switch (event.kind) {
      case event_kind::search_began:
        add(event.seconds,
            R"("ph":"B","pid":1,"tid":{},"ts":{:.3f},"cat":"search","name":"problem {}")",
            event.slot, 1e6 * event.seconds, event.problem);
        break;
      case event_kind::search_ended:
        add(event.seconds, R"("ph":"E","pid":1,"tid":{},"ts":{:.3f},"args":{})", event.slot,
            1e6 * event.seconds, result_text(*event.result));
        break;
      case event_kind::batch_began:
        add_slice(event, 'b', "batch", fmt::format(R"({{"size":{}}})", event.size));
        break;
      case event_kind::batch_ended:
        add_slice(event, 'e', "batch", fmt::format(R"({{"failed":{}}})", event.failed));
        break;
      case event_kind::request_began:
        add_slice(event, 'b', "request", fmt::format(R"({{"problem":{}}})", event.problem));
        break;
      case event_kind::request_ended:
        add_slice(event, 'e', "request",
                  fmt::format(R"({{"failed":{},"tokens_read":{},"tokens_written":{}}})",
                              event.failed, event.spent.tokens_read, event.spent.tokens_written));
        break;
    }
  }

  /// Writes what is not in the file yet.
  void flush() { lines_.flush(); }
  /// True if everything so far could be written.
  [[nodiscard]] bool complete() const noexcept { return lines_.complete(); }

 private:
  template <class... Values>
  void add(double seconds, fmt::format_string<Values...> form, Values&&... values) {
    line_.assign(1, '{');
    fmt::format_to(std::back_inserter(line_), form, std::forward<Values>(values)...);
    line_ += "},\n";
    lines_.write(line_, seconds);
  }

  void add_slice(const run_event& event, char phase, std::string_view name, std::string_view args) {
    const std::string_view service = to_string(event.service);
    const int pid = 2 + static_cast<int>(event.service);
    add(event.seconds,
        R"("ph":"{}","pid":{},"tid":0,"ts":{:.3f},"cat":"{}","id":"{} {}.{}","name":"{}","args":{})",
        phase, pid, 1e6 * event.seconds, name, service, event.problem, event.request, name, args);
  }

  static std::string result_text(const outcome& result) {
    const nlohmann::json shown = {{"status", to_string(result.status)},
                                  {"answer", result.answer},
                                  {"confidence", result.confidence},
                                  {"tokens", result.spent.tokens}};
    return shown.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  line_writer lines_;
  std::string line_;
};

}  // namespace outthink
