// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/recorded/tables.cpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace bench::recorded;

namespace {

const std::vector<reproduced_table>& all_tables() {
  static const auto tables = reproduced_tables();
  return tables;
}

std::size_t count(origin from) {
  std::size_t found = 0;
  for (const auto& table : all_tables())
    for (const auto& number : table.numbers) found += number.from == from;
  return found;
}

}  // namespace

TEST_CASE("every number from recorded outputs is as published or as recomputed") {
  for (const auto& table : all_tables()) {
    CHECK_FALSE(table.numbers.empty());
    for (const auto& number : table.numbers) {
      INFO(table.title << ": " << number.item << ", " << number.ours << " for " << number.expected);
      CHECK(number.agrees());
    }
  }
  CHECK(mismatches(all_tables()) == 0);
  CHECK(count(origin::published) == 3 + 1 + 3 + 30 + 85 + 48 + 1);
}

TEST_CASE("no two numbers of a table have one name") {
  std::set<std::string> titles;
  for (const auto& table : all_tables()) {
    CHECK(titles.insert(table.title).second);
    std::set<std::string> items;
    for (const auto& number : table.numbers) CHECK(items.insert(number.item).second);
  }
}

TEST_CASE("a number that does not round to the expected one is a mismatch, and says so") {
  std::vector<reproduced_table> tables{
      {"table", "source", "%", {{"close", 33.3333, 33.3, 1}, {"off", 33.36, 33.3, 1}}}};
  CHECK(mismatches(tables) == 1);
  const std::string text = reproduced_text(tables);
  CHECK(text.find("+0.06  MISMATCH") != std::string::npos);
  CHECK(text.find("2 numbers, 0 of them published: 1 do not agree") != std::string::npos);
  tables[0].numbers.pop_back();
  CHECK(mismatches(tables) == 0);
}

TEST_CASE("a report shows ours with the digits of the expected number, a mismatch with all") {
  const auto lines = reproduced_as_json(
      {{"table", "source", "%", {{"close", 33.3333, 33.3, 1}, {"off", 33.36, 33.3, 1}}}});
  REQUIRE(lines.at("published").size() == 2);
  CHECK(lines.at("published").at(0).at("ours") == 33.3);
  CHECK(lines.at("published").at(1).at("ours") == 33.36);
}

// A cascade hands on what the first model is not sure of: here, its only question.
TEST_CASE("a cascade asks the second model where the first one's votes leave doubt") {
  const auto run = [](const char* answers, const char* correct) {
    return nlohmann::json{
        {"answers", answers}, {"correct", correct}, {"tokens", "10 10 10 10 10 10 10 10"}};
  };
  const std::vector<nlohmann::json> questions{
      {{"runs",
        {{"in doubt", run("1 2 1 2 1 2 1 2", "00000000")},
         {"sure", run("7 7 7 7 7 7 7 7", "11111111")},
         {"sure, wrong", run("8 8 8 8 8 8 8 8", "00000000")}}}}};
  aime_run doubting(questions, "in doubt"), sure(questions, "sure"),
      wrong(questions, "sure, wrong");
  // .95 that the leader stays ahead is reached by 4 equal votes: 1 - 2^-5.
  CHECK(cascade(doubting, sure).solved == 1);
  CHECK(cascade(doubting, sure).tokens == 80 + 40);
  CHECK(cascade(wrong, sure).solved == 0);
  CHECK(cascade(wrong, sure).tokens == 40);
}
