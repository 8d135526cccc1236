// SPDX-License-Identifier: MIT
#include "../../support/same_outcome.hpp"
#include "../../support/temporary_folder.hpp"
#include "recorded.hpp"
#include <outthink/core/error.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/journal.hpp>
#include <outthink/runtime/journal/salvage.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>

using namespace outthink;
using namespace outthink::test;

namespace {

constexpr std::size_t kPage = 16384;

/// A file's bytes, changed and written to another.
std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Salvages a damaged journal and resumes from what was saved; gives the number of answers saved.
std::size_t salvage_and_resume(const std::string& damaged, const std::string& to,
                               std::size_t whole) {
  std::filesystem::remove(to);
  const salvaged_journal saved = salvage_journal(damaged, to);
  paid_model model;
  paid_verifier verifier;
  journal file(to);
  CHECK(file.size() == saved.answers);
  CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
  CHECK(model.asked + verifier.asked == whole - saved.answers);  // what was lost, and only that
  return saved.answers;
}

}  // namespace

TEST_CASE("salvage_journal copies all of a journal that is whole") {
  const temporary_folder folder;
  const std::size_t whole = record_run(folder / "a");
  CHECK(salvage_and_resume(folder / "a", folder / "b", whole) == whole);
}

TEST_CASE("salvage_journal: a journal cut short anywhere is detected, and what is left is saved") {
  const temporary_folder folder;
  const std::size_t whole = record_run(folder / "a");
  const std::string bytes = read_file(folder / "a");
  REQUIRE(bytes.size() > 8 * kPage);
  std::size_t last = 0;
  for (std::size_t pages = bytes.size() / kPage - 1; pages > 6; --pages) {
    write_file(folder / "cut", bytes.substr(0, pages * kPage - 17));
    CHECK_THROWS_AS(journal(folder / "cut", {.read_only = true}), error);
    const std::size_t saved = salvage_and_resume(folder / "cut", folder / "b", whole);
    CHECK(saved < whole);
    last = std::max(last, saved);
  }
  CHECK(last > whole / 2);
}

TEST_CASE("salvage_journal: a page of noise costs what stood on it, and nothing wrong comes back") {
  const temporary_folder folder;
  const std::size_t whole = record_run(folder / "a");
  const std::string bytes = read_file(folder / "a");
  random_stream random({.key = 4, .place = 2});
  for (std::size_t page = 1; page < bytes.size() / kPage; ++page) {
    CAPTURE(page);
    std::string noisy = bytes;
    const bool is_leaf = bytes[page * kPage] == 0x0D;
    for (std::size_t i = 0; i < kPage; ++i) {
      noisy[page * kPage + i] = static_cast<char>(random.below(256));
    }
    write_file(folder / "noisy", noisy);
    std::size_t saved = 0;
    try {
      saved = salvage_and_resume(folder / "noisy", folder / "b", whole);
    } catch (const error& problem) {  // a table's first page, of which SQLite finds the others
      CHECK(problem.code() == errc::malformed_file);
      continue;
    }
    if (is_leaf) CHECK(saved + 80 >= whole);  // a row takes more than two hundred bytes
  }
}

TEST_CASE(
    "salvage_journal: a journal whose beginning is lost, and a file that is there, are errors") {
  const temporary_folder folder;
  record_run(folder / "a");
  std::string bytes = read_file(folder / "a");
  bytes.replace(0, 50, 50, 'x');
  write_file(folder / "lost", bytes);
  CHECK_THROWS_AS(salvage_journal(folder / "lost", folder / "b"), error);
  CHECK_THROWS_AS(salvage_journal(folder / "a", folder / "lost"), error);
  CHECK(read_file(folder / "lost") == bytes);
}
