// SPDX-License-Identifier: MIT
// Runs the program that the tutorial shows, and compares what it prints with what the page says.
#include <doctest/doctest.h>

#include <iostream>
#include <sstream>

namespace docs_first_search {
int main();
}

TEST_CASE("docs: the first program prints what the tutorial says") {
  std::ostringstream printed;
  std::streambuf* const before = std::cout.rdbuf(printed.rdbuf());
  const int code = docs_first_search::main();
  std::cout.rdbuf(before);
  CHECK(code == 0);
  CHECK(printed.str() == "42: 64 % of 25 samples\n");
}
