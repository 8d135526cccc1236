// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/random_stream.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace outthink::backends::openai_api {

/// What of a request is needed to ask for it beside its siblings, and to read its reply.
struct reply_context {
  std::vector<std::string> stops;  ///< that were sent, a step's delimiter first
  bool stops_at_delimiter;         ///< whether the first of them is a delimiter
  std::uint32_t max_tokens = std::numeric_limits<std::uint32_t>::max();
  stream_id stream{};
  std::uint32_t ordinal = 0;
};

}  // namespace outthink::backends::openai_api
