// SPDX-License-Identifier: MIT
#include "../../support/temporary_folder.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal/writer_lock.hpp>

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

using outthink::errc;
using outthink::error;
using outthink::detail::writer_lock;

namespace {

bool is_free(const std::string& path) {
  try {
    const writer_lock mine(path);
    return true;
  } catch (const error& problem) {
    CHECK(problem.code() == errc::file_in_use);
    CHECK(std::string(problem.what()).find(path) != std::string::npos);
    return false;
  }
}

}  // namespace

TEST_CASE("writer_lock: one writer at a time, in one process too, and the next when it is gone") {
  const outthink::test::temporary_folder folder;
  std::optional<writer_lock> first(std::in_place, folder / "a");
  CHECK_FALSE(is_free(folder / "a"));
  CHECK(is_free(folder / "b"));
  first.reset();
  CHECK_FALSE(std::filesystem::exists(folder / "a-lock"));
  CHECK(is_free(folder / "a"));
}

TEST_CASE("writer_lock: a lock file that is left behind locks nothing") {
  const outthink::test::temporary_folder folder;
  std::ofstream(folder / "a-lock") << "";
  CHECK(is_free(folder / "a"));
}

TEST_CASE("writer_lock: another process is kept out until the first is killed") {
  const outthink::test::temporary_folder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const writer_lock held(folder / "a");
    static_cast<void>(!::write(ready[1], "x", 1));
    for (;;) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_FALSE(is_free(folder / "a"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(is_free(folder / "a"));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("writer_lock: a folder that is not there is an error") {
  const outthink::test::temporary_folder folder;
  try {
    const writer_lock none(folder / "none/a");
    FAIL("locked");
  } catch (const error& problem) {
    CHECK(problem.code() == errc::file_unwritable);
  }
}
