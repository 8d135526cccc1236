// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace outthink {

/// @brief A question as the model reads it.
///
/// The prompt names the problem's random streams: problems with the same prompt get the same
/// answer, wherever they stand in a list.
struct problem {
  std::string prompt;

  problem(std::string text) : prompt(std::move(text)) {}  // NOLINT: a text is a problem
  problem(const char* text) : prompt(text) {}             // NOLINT
};

}  // namespace outthink
