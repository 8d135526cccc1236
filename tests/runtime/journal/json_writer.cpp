// SPDX-License-Identifier: MIT
#include <outthink/runtime/journal/json_writer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using outthink::json_writer;

namespace {

template <class Value>
std::string written(const Value& value) {
  std::string out;
  json_writer writer(out);
  writer.member("v", value);
  writer.end();
  return out;
}

}  // namespace

TEST_CASE("json_writer writes members in order, and an object without any") {
  std::string out;
  json_writer writer(out);
  writer.member("text", "a").member("n", -3).member("yes", true).list("l", std::vector<int>{1, 2});
  writer.list("none", std::vector<std::string>{});
  writer.end();
  CHECK(out == R"({"text":"a","n":-3,"yes":true,"l":[1,2],"none":[]})");
  out.clear();
  json_writer(out).end();
  CHECK(out == "{}");
}

TEST_CASE("json_writer: another library reads the same texts, every character of ASCII in them") {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "caf\xC3\xA9 \xE2\x82\xAC";
  for (std::size_t begin = 0; begin < all.size(); begin += begin < 128 ? 1 : 100) {
    const std::string text = all.substr(begin);
    CHECK(nlohmann::json::parse(written(text)).at("v").get<std::string>() == text);
  }
}

TEST_CASE("json_writer: bytes that are not UTF-8 stay as they are") {
  CHECK(written(std::string("a\xFF\x80z")) == "{\"v\":\"a\xFF\x80z\"}");
}

TEST_CASE("json_writer: numbers are the shortest that read back, and null is NaN") {
  CHECK(written(0.1F) == R"({"v":0.1})");
  CHECK(written(0.1) == R"({"v":0.1})");
  CHECK(written(-0.0) == R"({"v":-0})");
  CHECK(written(std::uint64_t{18446744073709551615U}) == R"({"v":18446744073709551615})");
  CHECK(written(std::numeric_limits<float>::quiet_NaN()) == R"({"v":null})");
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == R"({"v":null})");
  CHECK(written(std::numeric_limits<float>::infinity()) == R"({"v":"0x7f800000"})");
  CHECK(written(std::bit_cast<float>(0xFFC00001U)) == R"({"v":"0xffc00001"})");
  CHECK(written(-std::numeric_limits<double>::infinity()) == R"({"v":"0xfff0000000000000"})");
}
