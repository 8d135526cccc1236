// SPDX-License-Identifier: MIT
// Snippets of docs/reference/aggregators.md.
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// The different words of a text, sorted.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ') words.emplace_back();
    if (c != ' ') words.back() += c;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::vector<candidate> texts(const std::vector<std::string>& answers) {
  std::vector<candidate> made(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) made[i].answer = answers[i];
  return made;
}

}  // namespace

TEST_CASE("docs: consensus of free texts") {
  const std::vector<candidate> summaries =
      texts({"the cat slept", "the cat sat on the mat", "a dog sat", "the cat sat"});

  // Free texts seldom repeat: the one that shares most words with the others is chosen.
  const auto shared_words = [](const candidate& a, const candidate& b) {
    const auto mine = words_of(a.answer), theirs = words_of(b.answer);
    std::vector<std::string> both;
    std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                          std::back_inserter(both));
    return 2.0 * static_cast<double>(both.size()) /
           static_cast<double>(mine.size() + theirs.size());
  };
  const decision made = consensus{shared_words}(summaries);

  CHECK(summaries[made.chosen].answer == "the cat sat");
}
