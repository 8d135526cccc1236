// SPDX-License-Identifier: MIT
//
// Outcomes in bytes: the input itself, or an outcome's bytes edited as the input says. Bytes are an
// outcome, which gives the same bytes again, or are refused with an error of the library's.
#include "../support/full_outcome.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/outcome_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace outthink;

namespace {

void check(std::string_view bytes) {
  try {
    const outcome read = outcome_from_bytes(bytes);
    if (to_bytes(read) != bytes) std::abort();
  } catch (const error& refused) {
    if (refused.code() != errc::malformed_reply) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({reinterpret_cast<const char*>(data), size});
  static const std::string valid = to_bytes(test::full_outcome());
  std::string edited = valid;
  for (std::size_t i = 0; i + 1 < size && i < 32; i += 2) {
    edited[data[i] % edited.size()] = static_cast<char>(data[i + 1]);
  }
  check(edited);
  return 0;
}
