// SPDX-License-Identifier: MIT
#include <outthink/core/error.hpp>

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

using outthink::describe;
using outthink::errc;
using outthink::error;

TEST_CASE("error says its code's sentence, then the context") {
  const error problem(errc::context_full, "the prompt has 9 tokens");
  CHECK(problem.code() == errc::context_full);
  CHECK(std::string(problem.what()) ==
        "the text is longer than the model's context: the prompt has 9 tokens");
}

TEST_CASE("error can be caught as std::runtime_error") {
  CHECK_THROWS_AS(throw error(errc::service_failed, "x"), std::runtime_error);
}

TEST_CASE("describe has a sentence of its own for every code") {
  std::set<std::string_view> sentences;
  for (const errc code :
       {errc::invalid_argument, errc::file_unreadable, errc::file_unwritable, errc::malformed_file,
        errc::unsupported_model, errc::context_full, errc::malformed_reply, errc::service_failed}) {
    sentences.insert(describe(code));
  }
  CHECK(sentences.size() == 8);
  CHECK_FALSE(sentences.contains("unknown error"));
  CHECK(describe(static_cast<errc>(99)) == "unknown error");
}

TEST_CASE("require throws invalid_argument unless its condition holds") {
  CHECK_NOTHROW(outthink::require(true, "fine"));
  try {
    outthink::require(false, "n must be positive");
    FAIL("it did not throw");
  } catch (const error& problem) {
    CHECK(problem.code() == errc::invalid_argument);
    CHECK(std::string_view(problem.what()).ends_with(": n must be positive"));
  }
}
