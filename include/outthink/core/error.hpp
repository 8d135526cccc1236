// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace outthink {

/// What went wrong, in one word; `describe` gives the sentence.
enum class errc {
  invalid_argument,   ///< an option or argument is outside its documented range
  file_unreadable,    ///< a file could not be opened, read or mapped
  file_unwritable,    ///< a file could not be made or written
  malformed_file,     ///< a file's content contradicts its format
  unsupported_model,  ///< a well-formed model file asks for something this library does not have
  context_full,       ///< a prompt is longer than the model's context
  malformed_reply,    ///< a service answered with the wrong number or shape of responses
  service_failed,     ///< a service reported that it could not answer a request
};

/// The sentence that belongs to `code`.
[[nodiscard]] constexpr std::string_view describe(errc code) noexcept {
  switch (code) {
    case errc::invalid_argument:
      return "an argument is outside its documented range";
    case errc::file_unreadable:
      return "the file could not be read";
    case errc::file_unwritable:
      return "the file could not be written";
    case errc::malformed_file:
      return "the file's content contradicts its format";
    case errc::unsupported_model:
      return "the model needs something that is not supported";
    case errc::context_full:
      return "the text is longer than the model's context";
    case errc::malformed_reply:
      return "a service answered in the wrong number or shape";
    case errc::service_failed:
      return "a service could not answer";
  }
  return "unknown error";
}

/// @brief The one exception type of the library's run-time failures.
///
/// `code()` is for programs, `what()` for people: it says what was being done, what was found and
/// what to do, after the code's own sentence.
class error : public std::runtime_error {
 public:
  error(errc code, const std::string& context)
      : std::runtime_error(std::string(describe(code)) + ": " + context), code_(code) {}

  [[nodiscard]] errc code() const noexcept { return code_; }

 private:
  errc code_;
};

/// Throws `errc::invalid_argument` with `message` unless `holds`.
inline void require(bool holds, const char* message) {
  if (!holds) throw error(errc::invalid_argument, message);
}

}  // namespace outthink
