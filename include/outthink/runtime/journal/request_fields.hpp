// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>
#include <outthink/core/step_rule.hpp>
#include <outthink/runtime/journal/json_writer.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace outthink {

/// Writes where a step ends, as every kind of request that has a rule does.
inline void write_rule(const step_rule& rule, json_writer& out) {
  out.member("delimiter", rule.delimiter)
      .list("stops", rule.stops)
      .member("step_tokens", rule.max_tokens)
      .member("solution_tokens", rule.max_total_tokens);
}

/// Writes a random stream as two decimal texts: its numbers are beyond what a double holds.
inline void write_stream(const stream_id& stream, json_writer& out) {
  const auto write = [&out](std::string_view name, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.member(name, std::string_view(digits.data(), end));
  };
  write("key", stream.key);
  write("place", stream.place);
}

}  // namespace outthink
