// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace outthink::answers {

/// @brief Texts one after another in 4 KiB; what does not fit is left out, and `full()` says so.
///
/// Cost: a copy of the bytes; no allocation. Errors: none.
class text_buffer {
 public:
  /// A text in the buffer.
  struct piece {
    std::uint16_t begin;
    std::uint16_t length;
  };

  [[nodiscard]] bool full() const noexcept { return full_; }

  [[nodiscard]] std::string_view view(piece of) const noexcept {
    return {text_.data() + of.begin, of.length};
  }

  /// Begins a text; all that is appended until `end` belongs to it.
  [[nodiscard]] std::uint16_t begin() const noexcept { return used_; }
  [[nodiscard]] piece end(std::uint16_t begun) const noexcept {
    return {begun, static_cast<std::uint16_t>(used_ - begun)};
  }

  /// Appends a text, which may lie in the buffer.
  void append(std::string_view text) noexcept {
    if (text.size() > text_.size() - used_) {
      full_ = true;
      return;
    }
    if (!text.empty()) std::memmove(text_.data() + used_, text.data(), text.size());
    used_ = static_cast<std::uint16_t>(used_ + text.size());
  }

  /// The texts one after another, as a text of their own.
  template <std::size_t N>
  [[nodiscard]] piece join(const std::string_view (&texts)[N]) noexcept {
    const std::uint16_t begun = begin();
    for (const std::string_view text : texts) append(text);
    return end(begun);
  }

 private:
  std::array<char, 4096> text_;  // not initialised beyond `used_`
  std::uint16_t used_ = 0;
  bool full_ = false;
};

}  // namespace outthink::answers
