// SPDX-License-Identifier: MIT
#include <outthink/answers/text_buffer.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using outthink::answers::text_buffer;

TEST_CASE("text_buffer joins texts, its own too") {
  text_buffer texts;
  const auto first = texts.join({"a", "", "bc"});
  const auto second = texts.join({texts.view(first), "-", texts.view(first)});
  CHECK(texts.view(first) == "abc");
  CHECK(texts.view(second) == "abc-abc");
  const std::uint16_t begun = texts.begin();
  texts.append("x");
  texts.append("y");
  CHECK(texts.view(texts.end(begun)) == "xy");
  CHECK_FALSE(texts.full());
}

TEST_CASE("text_buffer leaves out what does not fit, and says so") {
  text_buffer texts;
  texts.append(std::string(4095, 'a'));
  CHECK_FALSE(texts.full());
  texts.append("bc");
  CHECK(texts.full());
  const std::uint16_t begun = texts.begin();
  texts.append("d");
  CHECK(texts.view(texts.end(begun)) == "d");
}
