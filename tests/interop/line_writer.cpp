// SPDX-License-Identifier: MIT
#include "../support/temporary_file.hpp"
#include <outthink/interop/line_writer.hpp>

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

using namespace outthink;
using outthink::test::content_of;
using outthink::test::temporary_path;

TEST_CASE("line_writer writes at once, then once a second of the run, and the rest at the end") {
  const temporary_path path("line_writer.txt");
  {
    line_writer lines(path.text);
    lines.write("a\n", 0);
    CHECK(content_of(path.text) == "a\n");
    lines.write("b\n", 0.5);
    lines.write("c\n", 0.9);
    CHECK(content_of(path.text) == "a\n");
    lines.write("d\n", 1.0);
    CHECK(content_of(path.text) == "a\nb\nc\nd\n");
    lines.write("e\n", 1.5);
    lines.flush();
    CHECK(content_of(path.text) == "a\nb\nc\nd\ne\n");
    lines.write("f\n", 1.6);
    CHECK(lines.complete());
  }
  CHECK(content_of(path.text) == "a\nb\nc\nd\ne\nf\n");
}

TEST_CASE("line_writer writes a full piece early, and the piece ends where a line ends") {
  const temporary_path path("line_writer_piece.txt");
  line_writer lines(path.text);
  lines.write("first\n", 0);
  const std::string line(999, 'x');
  for (int i = 0; i < 100; ++i) lines.write(line + '\n', 0.1);
  CHECK(content_of(path.text).size() == 6 + 66 * 1000);  // 66,000 is the first past 65,536
}

TEST_CASE("line_writer says which file it cannot make, and when it could not write all") {
  try {
    line_writer lines("/no such folder/x");
    CHECK(false);
  } catch (const error& problem) {
    CHECK(problem.code() == errc::file_unwritable);
    CHECK(std::string(problem.what()).find("/no such folder/x: ") != std::string::npos);
  }
  if (std::FILE* const full = std::fopen("/dev/full", "w")) {
    std::fclose(full);
    line_writer lines("/dev/full");
    lines.write("lost\n", 0);
    CHECK_FALSE(lines.complete());
  }
}
