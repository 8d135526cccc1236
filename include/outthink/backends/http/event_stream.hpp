// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace outthink::backends::http {

/// @brief Takes server-sent events apart, however the bytes were cut.
///
/// How it works: an event is the `data` lines before an empty line, joined by line feeds; lines end
/// with CR, LF or both. Comments, other fields and an event that does not end are passed over.
/// Requires: nothing. Cost: O(bytes). Errors: none: any bytes are some events, or none.
/// Determinism: a function of the bytes. Reference: HTML Living Standard, "Server-sent events",
/// section "Interpreting an event stream".
class event_stream {
 public:
  /// Reads more bytes; calls `take(std::string_view data)` for every event that they complete.
  template <class Take>
  void feed(std::string_view bytes, Take take) {
    while (!bytes.empty()) {
      if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
      after_cr_ = false;
      const std::size_t end = bytes.find_first_of("\r\n");
      line_.append(bytes.substr(0, end));
      if (end == std::string_view::npos) return;
      after_cr_ = bytes[end] == '\r';
      bytes.remove_prefix(end + 1);
      if (ends_event()) {
        data_.pop_back();
        take(std::string_view(data_));
        data_.clear();
      }
      line_.clear();
    }
  }

 private:
  // Interprets a line; true if it ends an event that has data.
  bool ends_event() {
    std::string_view line = line_;
    if (first_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);  // byte order mark
    first_ = false;
    if (line.empty()) return !data_.empty();
    const std::size_t colon = line.find(':');
    if (line.substr(0, colon) != "data") return false;
    line.remove_prefix(colon == std::string_view::npos ? line.size() : colon + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
    data_.append(line).push_back('\n');
    return false;
  }

  std::string line_;
  std::string data_;
  bool after_cr_ = false;
  bool first_ = true;
};

}  // namespace outthink::backends::http
