// SPDX-License-Identifier: MIT
#include <outthink/interop/json.hpp>

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <limits>
#include <string>

using namespace outthink;

namespace {

struct temporary_file {
  std::string path;
  temporary_file(const std::string& name, const std::string& content)
      : path("outthink_test_" + name) {
    std::ofstream(path) << content;
  }
  ~temporary_file() { std::remove(path.c_str()); }
};

std::string complaint(const std::string& content) {
  const temporary_file file("problems.json", content);
  try {
    (void)load_problems(file.path);
  } catch (const error& problem) {
    CHECK(problem.code() == errc::malformed_file);
    return problem.what();
  }
  return "no error";
}

bool mentions(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("load_problems reads what a file says and leaves the rest at its defaults") {
  const temporary_file file("ok.json", R"({"problems": [
    {"id": "a", "prompt": "1+1\n", "answer": 2, "split": "test", "level": 3},
    {"prompt": "2+2\n", "answer": "four"}]})");
  const auto all = load_problems(file.path);
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == "a");
  CHECK(all[0].question.prompt == "1+1\n");
  CHECK(all[0].answer == "2");
  CHECK(all[0].split == "test");
  CHECK(all[0].level == 3);
  CHECK(all[1].id == "1");
  CHECK(all[1].answer == "four");
  CHECK(load_problems(file.path, "test").size() == 1);
  CHECK(load_problems(file.path, "validation").empty());
}

TEST_CASE("load_problems says what is wrong and where") {
  CHECK(mentions(complaint("{"), "parse error"));
  CHECK(mentions(complaint("[]"), "an array `problems` was expected"));
  CHECK(mentions(complaint(R"({"problems": 3})"), "an array `problems` was expected"));
  CHECK(mentions(complaint(R"({"problems": [{"prompt": "x"}, {"id": "a"}]})"),
                 "problems[1]: `prompt` must be a string"));
  CHECK(mentions(complaint(R"({"problems": [7]})"), "problems[0]: an object was expected"));
  CHECK(mentions(complaint(R"({"problems": [{"prompt": "x", "level": "hard"}]})"),
                 "`level` must be an integer"));
  CHECK(mentions(complaint(R"({"problems": [{"prompt": "x", "split": 5}]})"), "`split`"));
  CHECK(mentions(complaint(R"({"problems": [{"prompt": "x", "id": 5}]})"), "`id`"));
}

TEST_CASE("load_problems names a file that cannot be read") {
  CHECK_THROWS_WITH_AS((void)load_problems("no/such/file.json"),
                       "the file could not be read: no/such/file.json", error);
}

TEST_CASE("an outcome becomes a JSON object, with null for what is not a number") {
  outcome from;
  from.answer = "4";
  from.chosen = 0;
  from.confidence = 0.5;
  from.spent.tokens = 7;
  candidate made;
  made.solution = "2+2=4\n";
  made.answer = "4";
  made.step_ends = {6};
  made.step_scores = {std::numeric_limits<float>::quiet_NaN()};
  from.candidates.push_back(made);
  const nlohmann::json json = nlohmann::json::parse(nlohmann::json(from).dump());
  CHECK(json["answer"] == "4");
  CHECK(json["status"] == "answered");
  CHECK(json["chosen"] == 0);
  CHECK(json["spent"]["tokens"] == 7);
  CHECK(json["candidates"][0]["solution"] == "2+2=4\n");
  CHECK(json["candidates"][0]["step_scores"][0].is_null());
  CHECK(nlohmann::json(outcome{})["chosen"].is_null());
}
