// SPDX-License-Identifier: MIT
#include <outthink/answers/number_literal.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace outthink::answers;

namespace {

number_literal read(std::string_view text, comma rule = comma::separates_thousands) {
  number_literal made;
  read_number(text, rule, made);
  return made;
}

std::string value_of(std::string_view text) {
  const number_literal number = read(text);
  if (number.length != text.size() || !number.exact) return "no number";
  std::array<char, longest_number> out;
  return {out.data(), print(number.value, out.data())};
}

}  // namespace

TEST_CASE("read_number reads decimals exactly") {
  CHECK(value_of("0") == "0");
  CHECK(value_of("007") == "7");
  CHECK(value_of("12.50") == "25/2");
  CHECK(value_of(".125") == "1/8");
  CHECK(value_of("5.") == "5");
  CHECK(value_of("123456789012345678") == "123456789012345678");
  CHECK(value_of("0.000000000000000001") == "1/1000000000000000000");
}

TEST_CASE("read_number reads scientific notation") {
  CHECK(value_of("5e-1") == "1/2");
  CHECK(value_of("1.5E+3") == "1500");
  CHECK(value_of("6.02e23") == "301*2^22*5^21");
  CHECK(read("2e").length == 1);
  CHECK(read("2e+").length == 1);
  CHECK(read("2e1234567").length == 1);
}

TEST_CASE("read_number reads thousands, however they are separated") {
  for (const char* text :
       {"1,234,567", "1{,}234{,}567", "1\\,234\\,567", "1,\\!234,\\!567", "1 234 567",
        "1\xC2\xA0"
        "234\xE2\x80\xAF"
        "567"}) {
    CAPTURE(text);
    CHECK(value_of(text) == "1234567");
  }
  CHECK(value_of("12,345.5") == "24691/2");
}

TEST_CASE("read_number ends at a comma that separates no thousands") {
  CHECK(read("1,2").length == 1);
  CHECK(read("1,2345").length == 1);
  CHECK(read("1234,567").length == 4);
  CHECK(read("0,123").length == 1);
  CHECK(read("1,234", comma::ends_number).length == 1);
  CHECK(read("1{,}234", comma::ends_number).length == 7);
}

TEST_CASE("read_number reads repeating decimals") {
  CHECK(value_of("0.\\overline{3}") == "1/3");
  CHECK(value_of("0.1\\overline{6}") == "1/6");
  CHECK(value_of("2.\\bar{142857}") == "15/7");
  CHECK(read("0.\\overline{3").length == 2);
  CHECK(read("3\\overline{3}").length == 1);
}

TEST_CASE("read_number keeps the digits of a number that does not fit") {
  const number_literal number = read("12,345,678,901,234,567,890,100");
  CHECK(number.length == 30);
  CHECK_FALSE(number.exact);
  CHECK(std::string_view(number.digits.data(), number.count) == "123456789012345678901");
  CHECK(number.exponent == 2);
  CHECK(read(std::string(64, '7')).length == 64);
  CHECK(read(std::string(65, '7')).length == 0);
  CHECK(read("1" + std::string(300, '0')).exact);
}

TEST_CASE("read_number finds no number where there is none") {
  for (const char* text : {"", ".", "-1", "x", "e5", ",000"}) CHECK(read(text).length == 0);
}
