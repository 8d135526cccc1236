// SPDX-License-Identifier: MIT
#include <outthink/policies/plan_search/plan_search_prompts.hpp>

#include <doctest/doctest.h>

#include <string>

TEST_CASE("plan_search_prompts show the problem, what is known and what was written before") {
  const outthink::plan_search_prompts prompts;
  const auto holds = [](const std::string& prompt, const char* part) {
    return prompt.find(part) != std::string::npos;
  };
  CHECK(prompts.observe("Sort.", {}, 10)
            .starts_with("Problem:\nSort.\n\nWrite a numbered list of at most 10 "));
  const std::string derive = prompts.observe("Sort.", {"It is short.", "It is odd."}, 5);
  CHECK(derive.starts_with("Problem:\nSort.\n\nObservations:\n- It is short.\n- It is odd.\n\n"));
  CHECK(holds(derive, "at most 5 new observations"));
  CHECK(holds(prompts.sketch("Sort.", {"It is odd."}), "- It is odd.\n"));
  CHECK(holds(prompts.criticise("Sort.", "Merge."), "Merge.\n"));
  CHECK(holds(prompts.revise("Sort.", "Merge.", "Too slow."), "Merge.\n\nCritique:\nToo slow.\n"));
  CHECK(holds(prompts.pseudocode("Sort.", "Merge."), "Merge.\n"));
  CHECK(holds(prompts.program("Sort.", "merge(a)"), "Pseudocode:\nmerge(a)\n"));
}
