// SPDX-License-Identifier: MIT
#include "../support/full_outcome.hpp"
#include "../support/same_outcome.hpp"
#include "../support/temporary_file.hpp"
#include <outthink/runtime/outcome_file.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdio>
#include <fstream>
#include <string>

using namespace outthink;
using outthink::test::content_of;
using outthink::test::full_outcome;
using outthink::test::same;
using outthink::test::temporary_path;

namespace {

outcome answered(const std::string& answer) {
  outcome made;
  made.answer = answer;
  return made;
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string complaint(const std::string& path, const std::string& run) {
  try {
    static_cast<void>(outcome_file(path, run).find(1));
  } catch (const error& problem) {
    return problem.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("outcome_file finds in a later run what was kept, in the same bits") {
  const temporary_path path("outcomes");
  {
    outcome_file kept(path.text, "beam");
    CHECK_FALSE(kept.find(1).has_value());
    kept.keep(1, full_outcome());
    CHECK(kept.find(1).has_value());
    kept.keep(2, answered("two"));
    kept.keep(2, answered("again"));
  }
  outcome_file kept(path.text, "beam");
  REQUIRE(kept.find(1).has_value());
  CHECK(same(*kept.find(1), full_outcome()));
  CHECK(kept.find(2)->answer == "two");
  CHECK_FALSE(kept.find(3).has_value());
}

TEST_CASE("outcome_file cut off anywhere keeps its whole outcomes and goes on from there") {
  const temporary_path path("outcomes_cut");
  {
    outcome_file kept(path.text);
    kept.keep(1, answered("one"));
    kept.keep(2, answered("two"));
  }
  const std::string whole = content_of(path.text);
  std::size_t ones = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write(path.text, whole.substr(0, size));
    outcome_file kept(path.text);
    CHECK_FALSE(kept.find(2).has_value());
    if (kept.find(1)) {
      ++ones;
    } else {
      kept.keep(1, answered("one"));
    }
    kept.keep(2, answered("two"));
    CHECK(content_of(path.text) == whole);
  }
  CHECK(ones > 20);
}

TEST_CASE("outcome_file drops an outcome whose bytes have changed, and what follows") {
  const temporary_path path("outcomes_changed");
  {
    outcome_file kept(path.text);
    kept.keep(1, answered("one"));
  }
  std::string content = content_of(path.text);
  content.back() = static_cast<char>(content.back() ^ 1);
  write(path.text, content);
  outcome_file kept(path.text);
  CHECK_FALSE(kept.find(1).has_value());
}

TEST_CASE("outcome_file refuses another run's file, and one that is none, and leaves them alone") {
  const temporary_path path("outcomes_other");
  outcome_file(path.text, "beam").keep(1, answered("one"));
  const std::string whole = content_of(path.text);
  CHECK(complaint(path.text, "best of 4") ==
        "the file's content contradicts its format: " + path.text +
            ": begins with \"outthink outcomes 1: beam\" instead of \"outthink outcomes 1: best of "
            "4\"; remove the file, or name another one");
  CHECK(content_of(path.text) == whole);
  write(path.text, "a letter to my aunt\n");
  CHECK(complaint(path.text, "beam").find("begins with \"a letter to my aunt\"") !=
        std::string::npos);
  CHECK(content_of(path.text) == "a letter to my aunt\n");
}

TEST_CASE("outcome_file says when it cannot be written") {
  CHECK(complaint("/no such folder/outcomes", "").find("could not be written") !=
        std::string::npos);
  if (std::FILE* const full = std::fopen("/dev/full", "w")) {
    std::fclose(full);
    CHECK(std::string::npos != complaint("/dev/full", "").find("No space left"));
  }
}
