// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/error.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace outthink::test {

/// Checks that `action` throws an outthink::error of that code whose message contains `part`.
template <class Action>
void expect_error(errc code, const std::string& part, const Action& action) {
  try {
    action();
  } catch (const error& e) {
    CHECK(e.code() == code);
    const std::string what = e.what();
    CAPTURE(what);
    CHECK(what.find(part) != std::string::npos);
    return;
  }
  FAIL_CHECK("expected an error: " << describe(code) << " ... " << part);
}

}  // namespace outthink::test
