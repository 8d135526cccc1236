// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/observer.hpp>
#include <outthink/interop/json.hpp>
#include <outthink/interop/line_writer.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace outthink {

/// @brief An observer that writes every event of a run as a line of JSON (JSONL).
///
/// How it works: a line has `t` (seconds since the run began), `event`, `problem`, and what belongs
/// to the event: `slot` of a search; `service`, `request` and `size` of batches and requests,
/// `failed` of what ended; `spent` of a request; `status`, `answer`, `confidence`, `candidates`,
/// `spent` and `message` of a search. The file is replaced.
///
/// Requires: one run at a time. Cost: some microseconds an event. Errors: see `line_writer`;
/// `complete()` says whether all was written. Numerics: numbers that are not finite become null,
/// bytes that are no UTF-8 are replaced. Example: examples/watch_a_run.cpp.
class event_log {
 public:
  explicit event_log(const std::string& path) : lines_(path) {}

  void on_batch(const progress&) noexcept {}
  void on_outcome(std::size_t, const outcome&) noexcept {}

  void on_event(const run_event& event) {
    nlohmann::ordered_json line = {
        {"t", event.seconds}, {"event", to_string(event.kind)}, {"problem", event.problem}};
    switch (event.kind) {
      case event_kind::search_began:
      case event_kind::search_ended:
        line["slot"] = event.slot;
        if (event.result != nullptr) add_result(line, *event.result);
        break;
      case event_kind::batch_began:
      case event_kind::batch_ended:
      case event_kind::request_began:
      case event_kind::request_ended:
        add_request(line, event);
        break;
    }
    lines_.write(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n',
                 event.seconds);
  }

  /// Writes what is not in the file yet.
  void flush() { lines_.flush(); }
  /// True if everything so far could be written.
  [[nodiscard]] bool complete() const noexcept { return lines_.complete(); }

 private:
  static void add_result(nlohmann::ordered_json& line, const outcome& result) {
    line["status"] = to_string(result.status);
    line["answer"] = result.answer;
    line["confidence"] = result.confidence;
    line["candidates"] = result.candidates.size();
    line["spent"] = nlohmann::json(result.spent);
    line["message"] = result.message;
  }

  static void add_request(nlohmann::ordered_json& line, const run_event& event) {
    const bool is_batch =
        event.kind == event_kind::batch_began || event.kind == event_kind::batch_ended;
    line["service"] = to_string(event.service);
    line["request"] = event.request;
    if (is_batch) line["size"] = event.size;
    if (event.kind == event_kind::batch_began || event.kind == event_kind::request_began) return;
    line["failed"] = event.failed;
    if (is_batch) return;
    line["spent"] = {{"tokens_read", event.spent.tokens_read},
                     {"tokens_written", event.spent.tokens_written},
                     {"flops", event.spent.flops},
                     {"money", event.spent.money}};
  }

  line_writer lines_;
};

}  // namespace outthink
