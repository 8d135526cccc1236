// SPDX-License-Identifier: MIT
#include "../../support/temporary_folder.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal.hpp>
#include <outthink/runtime/journal/answer_reader.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

using namespace outthink;
using outthink::test::temporary_folder;

namespace {

constexpr auto kIgnore = [](std::string_view, const cost&) {};

void record(journal& file, std::uint64_t key) {
  file.record({.key = {key, key}, .request = "{}"}, std::to_string(key), {.tokens_read = 7});
  file.commit();
}

}  // namespace

TEST_CASE("answer_reader: lists the answers whose keys are whole, and gives each by its id") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  {
    journal file(path);
    for (std::uint64_t key = 5; key <= 7; ++key) record(file, key);
  }
  sqlite::database(path, sqlite::access::write).run("UPDATE answers SET key = x'00' WHERE id = 3");
  detail::answer_reader reader(path);
  std::map<std::int64_t, digest> keys;
  CHECK(reader.each_key([&](const digest& key, std::int64_t id) { keys[id] = key; }) == 3);
  CHECK(keys == std::map<std::int64_t, digest>{{1, {5, 5}}, {2, {6, 6}}});
  CHECK(reader.read(2, {6, 6}, [](std::string_view response, const cost& spent) {
    CHECK(response == "6");
    CHECK(spent.tokens_read == 7);
  }));
  CHECK_FALSE(reader.read(4, {6, 6}, kIgnore));
  CHECK_THROWS_AS(reader.read(1, {6, 6}, kIgnore), error);  // the checksum is over the key, too
}

TEST_CASE("answer_reader: a transaction sees what was committed before it") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  journal file(path);
  record(file, 1);
  detail::answer_reader reader(path);
  CHECK(reader.read(1, {1, 1}, kIgnore));
  record(file, 2);
  CHECK_FALSE(reader.read(2, {2, 2}, kIgnore));
  reader.end_transaction();
  CHECK(reader.read(2, {2, 2}, kIgnore));
}
