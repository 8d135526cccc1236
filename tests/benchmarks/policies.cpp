// SPDX-License-Identifier: MIT
#include "../../benchmarks/outthink_bench/policies.cpp"  // the other tests link it, too

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace bench;

TEST_CASE("every policy of the list can be made from its usual parameters") {
  std::set<std::string> names;
  for (const policy_entry& one : all_policies()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    nlohmann::json usual = nlohmann::json::object();
    for (const parameter& p : one.parameters) usual[p.name] = p.otherwise;
    CHECK(usual.contains(one.drawn));
    CHECK((one.each.empty() || usual.contains(one.each)));
    CHECK(one.make(parameter_values(usual), {}).needs_verifier() == (one.family == "search"));
  }
}
