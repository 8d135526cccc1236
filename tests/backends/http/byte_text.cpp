// SPDX-License-Identifier: MIT
#include <outthink/backends/http/byte_text.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace outthink::backends::http;

TEST_CASE("byte_text: any bytes come back from text that JSON can carry; ASCII stays as it is") {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string text = bytes_as_text(all);
  CHECK(is_utf8(text));
  CHECK(text_as_bytes(text) == all);
  CHECK(nlohmann::json::parse(nlohmann::json(text).dump()) == text);
  CHECK(bytes_as_text("plain\n") == "plain\n");
  CHECK(bytes_as_text("\xE9") == "\xC3\xA9");
}

TEST_CASE("byte_text: text above U+00FF, or that is no UTF-8, stands for no bytes") {
  CHECK(text_as_bytes("\xC3\xBF") == "\xFF");
  CHECK(!text_as_bytes("\xC4\x80"));  // U+0100
  CHECK(!text_as_bytes("\xE2\x82\xAC"));
  CHECK(!text_as_bytes("\xFF"));
}

TEST_CASE("is_utf8: agrees with the JSON library on every two bytes and on edge cases") {
  const auto reference = [](const std::string& text) {
    try {
      (void)nlohmann::json(text).dump();
      return true;
    } catch (const nlohmann::json::type_error&) {
      return false;
    }
  };
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      if (is_utf8(text) != reference(text)) FAIL("bytes " << a << " " << b);
    }
  }
  for (const char* text :
       {"\xE0\x9F\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE2\x82"}) {
    CHECK(is_utf8(text) == reference(text));
  }
}
