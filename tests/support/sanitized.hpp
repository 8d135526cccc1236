// SPDX-License-Identifier: MIT
#pragma once

namespace outthink::test {

/// True where the address sanitizer watches. Unoptimised arithmetic then takes fifty times as long:
/// tests that repeat it under many circumstances take some of them, as each reads and writes the
/// same memory. That all give the same numbers is for the builds without.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace outthink::test
