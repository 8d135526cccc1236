// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/read_dataset.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace bench;

namespace {

std::vector<outthink::labelled_problem> read(const std::string& text) {
  std::istringstream file(text);
  return read_dataset(file, "data.jsonl", [](const std::string& q) { return "Q: " + q; });
}

std::string complaint(const std::string& text) {
  try {
    (void)read(text);
  } catch (const outthink::error& problem) {
    return problem.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kGood = R"({"id": "a", "question": "1+1", "answer": "2"})";

}  // namespace

TEST_CASE("a dataset's lines become problems, with numbers as texts and blank lines left out") {
  const auto problems =
      read(kGood + "\n\n" +
           R"({"id": 7, "question": "2+2", "answer": 4, "difficulty": 3, "x": []})" + "\r\n");
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].id == "a");
  CHECK(problems[0].question.prompt == "Q: 1+1");
  CHECK(problems[0].answer == "2");
  CHECK(problems[0].level == 0);
  CHECK(problems[1].id == "7");
  CHECK(problems[1].answer == "4");
  CHECK(problems[1].level == 3);
}

TEST_CASE("a line that is no JSON is refused with file and line") {
  const std::string text = complaint(kGood + "\n{\"id\": \n");
  CHECK(says(text, "data.jsonl:2: this is no JSON"));
  CHECK(says(complaint("[1, 2]\n"), "data.jsonl:1: an object was expected"));
}

TEST_CASE("a line that lacks a field, or has one of another type, is refused with its name") {
  CHECK(says(complaint(R"({"id": "a", "answer": "2"})"), "data.jsonl:1: the field `question`"));
  CHECK(says(complaint(R"({"id": "a", "question": "1"})"), "the field `answer` is missing"));
  CHECK(says(complaint(R"({"question": "1", "answer": "1"})"), "the field `id` is missing"));
  CHECK(says(complaint(R"({"id": [], "question": "1", "answer": "1"})"), "the field `id` must be"));
  CHECK(says(complaint(R"({"id": 1, "question": "1", "answer": "1", "difficulty": "hard"})"),
             "the field `difficulty` must be a whole number"));
}

TEST_CASE("a repeated id is refused with both lines") {
  CHECK(says(complaint(kGood + "\n\n" + kGood + "\n"),
             "data.jsonl:3: the field `id` repeats 'a' of line 1"));
}

TEST_CASE("invalid UTF-8 is refused with the field that holds it") {
  CHECK(says(complaint(kGood + "\n{\"id\": \"b\", \"question\": \"\xC3\x28\", \"answer\": \"2\"}"),
             "data.jsonl:2: the field `question` holds invalid UTF-8"));
  CHECK(complaint("{\"id\": \"ü\", \"question\": \"日本\", \"answer\": \"€\"}").empty());
}

TEST_CASE("a line of ten megabytes is refused without being kept") {
  const std::string text =
      complaint(kGood + "\n{\"id\": \"b\", \"question\": \"" + std::string(10 << 20, 'x'));
  CHECK(says(text, "data.jsonl:2: the line is longer than 1048576 bytes"));
}

TEST_CASE("an empty dataset and one that is not there are errors") {
  CHECK(says(complaint("\n\n"), "data.jsonl holds no problem"));
  CHECK_THROWS_AS((void)read_dataset("/nowhere/data.jsonl", [](const std::string& q) { return q; }),
                  outthink::error);
}
