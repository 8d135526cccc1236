// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/nearest_name.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bench;

TEST_CASE("edit_distance counts insertions, losses, replacements and swapped neighbours") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);  // the textbook pair
  CHECK(edit_distance("bema", "beam") == 1);
  CHECK(edit_distance("ca", "abc") == 3);  // 2 if what was swapped could be edited again
}

TEST_CASE("nearest_name takes the fewest edits, and the first of equals") {
  const std::vector<std::string> names{"beam_search", "dvts", "rebase"};
  CHECK(nearest_name("baem_search", names) == "beam_search");
  CHECK(nearest_name("rebates", names) == "rebase");
  CHECK(nearest_name("xxxx", std::vector<std::string>{"ab", "cd"}) == "ab");
  CHECK(nearest_name("anything", {}).empty());
}

TEST_CASE("unknown_name says where, what was meant and what there is") {
  const std::vector<std::string> names{"seeds", "tasks"};
  const std::string text = unknown_name("plan.json", "key", "seed", names).what();
  CHECK(text.find("plan.json: there is no key 'seed'; did you mean 'seeds'?") != std::string::npos);
  CHECK(text.find("seeds, tasks") != std::string::npos);
}
