// SPDX-License-Identifier: MIT
#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/journal/json_reader.hpp>
#include <outthink/runtime/journal/json_writer.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

using outthink::json_reader;
using outthink::json_writer;

TEST_CASE("json_reader gives back the bits that json_writer was given") {
  outthink::random_stream random({.key = 1, .place = 0});
  for (int run = 0; run < 2000; ++run) {
    std::string text;
    for (std::uint32_t i = random.below(20); i > 0; --i) {
      text += static_cast<char>(random.below(run % 2 == 0 ? 256 : 64));
    }
    const auto single = std::bit_cast<float>(random.next());
    const auto wide = std::bit_cast<double>(std::uint64_t{random.next()} << 32 | random.next());
    const std::vector<float> list(random.below(4), single);
    const std::uint64_t whole = std::uint64_t{random.next()} << 32 | random.next();

    std::string out;
    json_writer writer(out);
    writer.member("text", text).member("single", single).member("wide", wide).list("list", list);
    writer.member("whole", whole).list("texts", std::vector<std::string>{text, "", text});
    writer.member("truth", run % 2 == 0);
    writer.end();

    json_reader in(out);
    CHECK(in.text("text") == text);
    CHECK(std::bit_cast<std::uint32_t>(in.number<float>("single")) ==
          std::bit_cast<std::uint32_t>(single));
    CHECK(std::bit_cast<std::uint64_t>(in.number<double>("wide")) ==
          std::bit_cast<std::uint64_t>(wide));
    std::size_t count = 0;
    in.numbers<float>("list", [&](float one) {
      ++count;
      CHECK(std::bit_cast<std::uint32_t>(one) == std::bit_cast<std::uint32_t>(single));
    });
    CHECK(count == list.size());
    CHECK(in.number<std::uint64_t>("whole") == whole);
    std::vector<std::string> texts;
    in.texts("texts", [&](std::string one) { texts.push_back(one); });
    CHECK(texts == std::vector<std::string>{text, "", text});
    CHECK(in.truth("truth") == (run % 2 == 0));
    CHECK_NOTHROW(in.end());
  }
}

TEST_CASE("json_reader refuses what json_writer does not write, and says where") {
  const auto refused = [](std::string_view text) {
    json_reader in(text);
    try {
      static_cast<void>(in.text("a"));
      static_cast<void>(in.number<int>("b"));
      in.end();
    } catch (const outthink::error& problem) {
      CHECK(problem.code() == outthink::errc::malformed_file);
      return std::string(problem.what());
    }
    return std::string("nothing");
  };
  CHECK(refused(R"({"a":"x","b":1})") == "nothing");
  for (const std::string_view text :
       {"", "{", "[]", R"({"a":"x)", R"({"a":"x"})", R"({"b":1,"a":"x"})", R"({"a": "x","b":1})",
        R"({"a":"x","b":1}})", R"({"a":"x","b":1)", R"({"a":"\q","b":1})", R"({"a":"\u0","b":1})",
        R"({"a":"\u00g0","b":1})", R"({"a":"\u0100","b":1})", R"({"a":"\)", R"({"a":3,"b":1})",
        R"({"a":"x","b":"1"})", R"({"a":"x","b":99999999999})", R"({"a":"x","b":null})"}) {
    CAPTURE(text);
    CHECK(refused(text) != "nothing");
  }
  CHECK(refused(R"({"a":"x","c":1})").find("b was expected at byte 10") != std::string::npos);
}

TEST_CASE("json_reader says whether the next member has a name, for those that may be left out") {
  json_reader in(R"({"a":1,"ab":"x"})");
  CHECK(in.next_is("a"));
  CHECK_FALSE(in.next_is("ab"));
  CHECK(in.number<int>("a") == 1);
  CHECK_FALSE(in.next_is("a"));
  CHECK(in.next_is("ab"));
  CHECK(in.text("ab") == "x");
  CHECK_FALSE(in.next_is("ab"));
  in.end();
  CHECK_FALSE(json_reader("{}").next_is("a"));
  CHECK_FALSE(json_reader("").next_is(""));
}
