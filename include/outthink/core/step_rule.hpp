// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace outthink {

/// @brief Where a step ends; one contract that the generator and the verifier share.
///
/// A step is the text up to and including `delimiter`. A trace ends where the model ends its text,
/// or after a step that contains one of `stops`. A step that reaches `max_tokens` first is cut: its
/// trace is neither continued nor counted as an answer. There are no empty steps: when a model ends
/// its text right after a delimiter, the step before it was the last.
/// Reference: tools that score the empty remainder after a final delimiter, or drop traces whose
/// numbers of steps and scores differ, are the reason for a shared contract.
struct step_rule {
  std::string delimiter = "\n";           ///< kept as the end of the step; empty: one step is all
  std::uint32_t max_tokens = 256;         ///< longest step, in the model's tokens
  std::uint32_t max_total_tokens = 4096;  ///< longest solution generated in one request
  std::vector<std::string> stops{};       ///< texts that end the solution, kept in it

  /// True if `text` holds a stop text that ends behind position `from`.
  [[nodiscard]] bool stops_at(std::string_view text, std::size_t from = 0) const {
    return first_stop(text, from) != std::string_view::npos;
  }

  /// Where the stop text that ends first behind position `from` of `text` ends; npos: there is
  /// none.
  [[nodiscard]] std::size_t first_stop(std::string_view text, std::size_t from = 0) const {
    std::size_t first = std::string_view::npos;
    for (const std::string& stop : stops) {
      const std::size_t end = end_of(stop, text, from);
      first = end < first ? end : first;
    }
    return first;
  }

  /// Length of the first step of `text` that ends behind position `from`: up to and including the
  /// delimiter, or all of it.
  [[nodiscard]] std::size_t first_step(std::string_view text, std::size_t from = 0) const {
    const std::size_t end = delimiter.empty() ? text.size() : end_of(delimiter, text, from);
    return end < text.size() ? end : text.size();
  }

 private:
  static std::size_t end_of(std::string_view part, std::string_view text, std::size_t from) {
    const std::size_t begin = from < part.size() ? 0 : from - part.size() + 1;
    const std::size_t at = part.size() == 1 ? text.find(part[0], begin) : text.find(part, begin);
    return at == std::string_view::npos ? at : at + part.size();
  }
};

}  // namespace outthink
