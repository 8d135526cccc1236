// SPDX-License-Identifier: MIT
#include <outthink/answers/list_items.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::list_items;
using items = std::vector<std::string>;

TEST_CASE("list_items reads numbered and dashed lists, and nothing around them") {
  CHECK(list_items("Here they are:\n1. Use a heap.\n2) Sort first.\n\nGood luck!") ==
        items{"Use a heap.", "Sort first."});
  CHECK(list_items("- a\n* b\n  - c\r\n") == items{"a", "b", "c"});
  CHECK(list_items("10. tenth\n11. eleventh") == items{"tenth", "eleventh"});
}

TEST_CASE("list_items: an item goes on in the lines behind it, up to an empty one") {
  CHECK(list_items("1. one\n   and a half\n\nnot this\n2.\ntwo\n") ==
        items{"one and a half", "two"});
}

TEST_CASE("list_items: what has no mark, or no text, is no item") {
  CHECK(list_items("").empty());
  CHECK(list_items("no list\n3.14 is pi\n-5 degrees\n*bold*\n12\n.\n--\n").empty());
  CHECK(list_items("1.\n2.   \n\n-\n").empty());
  CHECK(list_items("1.\n2. two\n3.") == items{"two"});
}
