// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/journal/record_format.hpp>

#include <string>
#include <string_view>

namespace archetypes {

/// The smallest record format: of a service that measures texts, from `std::string` to `long`.
struct measure_format {
  static constexpr std::string_view kind = "measure";

  void write(const std::string& text, outthink::json_writer& out) const {
    out.member("text", text);
  }
  void write(long length, outthink::json_writer& out) const { out.member("length", length); }
  long read(outthink::json_reader& in) const { return in.number<long>("length"); }
  bool answered(long length) const { return length >= 0; }
};

}  // namespace archetypes
