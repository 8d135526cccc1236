// SPDX-License-Identifier: MIT
// Server-sent events, cut anywhere, against a reference that sees the whole.
#include "input.hpp"
#include <outthink/backends/http/event_stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink::test;
using outthink::backends::http::event_stream;

namespace {

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines{""};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n' || bytes[i] == '\r') {
      if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
      lines.emplace_back();
    } else {
      lines.back() += bytes[i];
    }
  }
  lines.pop_back();  // has no end
  return lines;
}

std::vector<std::string> expected(const std::string& bytes) {
  std::vector<std::string> events, data;
  bool first = true;
  for (std::string line : lines_of(bytes)) {
    if (first && line.compare(0, 3, "\xEF\xBB\xBF") == 0) line.erase(0, 3);
    first = false;
    if (line.empty()) {
      std::string joined;
      for (const std::string& one : data) joined += one + "\n";
      if (!data.empty()) events.push_back(joined.substr(0, joined.size() - 1));
      data.clear();
    } else if (line == "data") {
      data.emplace_back();
    } else if (line.compare(0, 5, "data:") == 0) {
      data.push_back(line.substr(line.size() > 5 && line[5] == ' ' ? 6 : 5));
    }
  }
  return events;
}

// Bytes of which many are what the format knows.
std::string stream_of(FuzzedDataProvider& in) {
  static const char* const known[] = {"data:", "data: ", "data", "\n",       "\r",           "\r\n",
                                      "\n\n",  ":",      "id: ", "event: x", "\xEF\xBB\xBF", " "};
  std::string bytes;
  while (in.remaining_bytes() > 0 && bytes.size() < 4096) {
    const std::size_t choice = below(in, 16);
    bytes += choice < 12 ? known[choice] : in.ConsumeRandomLengthString(8);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  std::vector<std::size_t> cuts;
  for (std::size_t i = below(in, 16); i > 0; --i) cuts.push_back(1 + below(in, 32));
  const std::string bytes = in.ConsumeBool() ? stream_of(in) : in.ConsumeRemainingBytesAsString();
  event_stream stream;
  std::vector<std::string> events;
  std::string_view rest = bytes;
  for (std::size_t i = 0; !rest.empty(); ++i) {
    const std::size_t piece = i < cuts.size() ? std::min(cuts[i], rest.size()) : rest.size();
    stream.feed(rest.substr(0, piece), [&](std::string_view one) { events.emplace_back(one); });
    rest.remove_prefix(piece);
  }
  expect(events == expected(bytes), "the events are those of the whole, wherever it is cut");
  return 0;
}
