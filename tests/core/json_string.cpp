// SPDX-License-Identifier: MIT
#include <outthink/core/json_string.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

using outthink::append_json_string;

TEST_CASE("append_json_string: the JSON library reads the text back, whatever is in it") {
  std::string all;
  for (int i = 0; i < 128; ++i) all += static_cast<char>(i);
  all += "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82";
  for (const std::string& text : {all, all + all, std::string(), std::string("\n"),
                                  std::string("x"), std::string("\"\\"), std::string("\0", 1)}) {
    std::string document = "[1,";
    append_json_string(document, text);
    CHECK(nlohmann::json::parse(document + "]") == nlohmann::json{1, text});
  }
  std::string plain;
  append_json_string(plain, "a b\n");
  CHECK(plain == "\"a b\\n\"");
}

TEST_CASE("append_json_string: what needs an escape is found at every place of a long text") {
  for (const std::string_view one : {"\"", "\\", "\n", "\x1F"}) {
    for (std::size_t size = 1; size <= 200; ++size) {
      for (const std::size_t place : {std::size_t{0}, size / 3, size / 2, size - 1}) {
        std::string text(size, 'x');
        text.replace(place, 1, one);
        std::string document;
        append_json_string(document, text);
        CHECK(nlohmann::json::parse(document).get<std::string>() == text);
      }
    }
  }
}
