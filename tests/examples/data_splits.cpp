// SPDX-License-Identifier: MIT
// Test problems never touched training.
#include <outthink/core/random_stream.hpp>
#include <outthink/interop/json.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace outthink;

namespace {

const std::string kProblems = OUTTHINK_SOURCE_DIR "/examples/problems/";

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::multiset<std::string> words(const std::string& text) {
  std::multiset<std::string> found;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != '\n') {
      word += c;
    } else if (!word.empty()) {
      found.insert(std::exchange(word, {}));
    }
  }
  return found;
}

std::set<std::multiset<std::string>> puzzles(const std::string& file, std::string_view split) {
  std::set<std::multiset<std::string>> found;
  for (const labelled_problem& p : load_problems(kProblems + file, split)) {
    found.insert(words(p.question.prompt));
  }
  return found;
}

}  // namespace

TEST_CASE("no puzzle of the Game of 24 is in two of training, validation and test") {
  const auto train = puzzles("game24-train.json", {});
  const auto validation = puzzles("game24.json", "validation");
  const auto test = puzzles("game24.json", "test");
  CHECK(test.size() == 100);
  CHECK(validation.size() == 100);
  CHECK(train.size() == 800);
  for (const auto& puzzle : test) {
    CHECK_FALSE(train.contains(puzzle));
    CHECK_FALSE(validation.contains(puzzle));
  }
  for (const auto& puzzle : validation) CHECK_FALSE(train.contains(puzzle));
}

TEST_CASE("the split of chained arithmetic is a hash of the problem, which training respects") {
  const auto problems = load_problems(kProblems + "chained_arithmetic.json");
  std::size_t tests = 0;
  for (const labelled_problem& p : problems) {
    const std::uint64_t part = hash_text(without_line_end(p.question.prompt)) % 10;
    CHECK(part == (p.split == "test" ? 0U : 1U));  // training takes 2 to 9
    tests += p.split == "test" ? 1 : 0;
  }
  CHECK(tests >= 100);
}
