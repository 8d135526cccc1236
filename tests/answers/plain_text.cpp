// SPDX-License-Identifier: MIT
#include <outthink/answers/plain_text.hpp>

#include <doctest/doctest.h>

#include <string>

using outthink::answers::is_prose;
using outthink::answers::plain_text;

TEST_CASE("plain_text folds case, white space, decoration and punctuation around") {
  CHECK(plain_text("North\t East.") == "north east");
  CHECK(plain_text("**Yes!**") == "yes");
  CHECK(plain_text("\\text{Yes}") == "yes");
  CHECK(plain_text("\\text{a} \\text{b}") == "a b");
  CHECK(plain_text("it's") == "it's");
  CHECK(plain_text("a , b") == "a,b");
}

TEST_CASE("plain_text keeps the case of LaTeX, bytes beyond ASCII, and what is only punctuation") {
  CHECK(plain_text("\\sum X") == "\\sum X");
  CHECK(plain_text("\xC3\x89t\xC3\xA9") == "\xC3\x89t\xC3\xA9");
  CHECK(plain_text("...") == "...");
  CHECK(plain_text("") == "");
  CHECK(plain_text(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("is_prose tells prose from mathematics") {
  CHECK(is_prose("north east"));
  CHECK(is_prose("Yes, it is."));
  CHECK_FALSE(is_prose("x"));
  CHECK_FALSE(is_prose("pi"));
  CHECK_FALSE(is_prose("x+y"));
  CHECK_FALSE(is_prose("room 5"));
  CHECK_FALSE(is_prose("\\text{yes}"));
  CHECK_FALSE(is_prose(""));
}
