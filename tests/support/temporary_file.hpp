// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace outthink::test {

/// A path in the working folder, whose file is removed in the end.
struct temporary_path {
  std::string text;

  explicit temporary_path(const std::string& name) : text("outthink_test_" + name) {}
  temporary_path(const temporary_path&) = delete;
  temporary_path& operator=(const temporary_path&) = delete;
  ~temporary_path() { std::remove(text.c_str()); }
};

/// All bytes of a file; none if it is not there.
inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace outthink::test
