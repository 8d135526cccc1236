// SPDX-License-Identifier: MIT
#include <outthink/answers/symbols.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace outthink::answers;

TEST_CASE("names are sorted, and every one is found as it is spelled") {
  CHECK(std::ranges::is_sorted(outthink::answers::detail::names, {}, &named_symbol::name));
  for (const named_symbol& entry : outthink::answers::detail::names) {
    CAPTURE(entry.name);
    if (entry.spelled != spelling::word) CHECK(find_name(entry.name, spelling::command) == &entry);
    if (entry.spelled != spelling::command) CHECK(find_name(entry.name, spelling::word) == &entry);
  }
}

TEST_CASE("a name that is no entry, or spelled otherwise, is not found") {
  CHECK(find_name("", spelling::word) == nullptr);
  CHECK(find_name("frac", spelling::word) == nullptr);
  CHECK(find_name("cm", spelling::command) == nullptr);
  CHECK(find_name("sine", spelling::word) == nullptr);
  CHECK(find_name("\xCF\x80", spelling::word) == nullptr);
  CHECK(find_name("in", spelling::word)->kind == symbol::words);
  CHECK(find_name("in", spelling::command)->kind == symbol::relation);
}

TEST_CASE("characters beyond ASCII are found by their bytes") {
  CHECK(find_character("\xCF\x80 r")->text == "pi");
  CHECK(find_character("\xE2\x88\xAA")->kind == symbol::set_operation);
  CHECK(find_character("\xCF") == nullptr);
  CHECK(find_character("") == nullptr);
}

TEST_CASE("signs are found by their character") {
  CHECK(signs['^'].kind == symbol::power);
  CHECK(signs[')'].kind == symbol::close);
  CHECK(signs['#'].kind == symbol::unknown);
}
