// SPDX-License-Identifier: MIT
#include <outthink/policies/rstar/rstar_step.hpp>

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using outthink::may_follow;
using outthink::rstar_step;

namespace {

const std::vector<rstar_step> kAll{rstar_step::question,   rstar_step::thought,
                                   rstar_step::solution,   rstar_step::subquestion,
                                   rstar_step::new_answer, rstar_step::rephrasing};

std::set<rstar_step> after(rstar_step last) {
  std::set<rstar_step> allowed;
  for (const rstar_step next : kAll)
    if (may_follow(next, last)) allowed.insert(next);
  return allowed;
}

}  // namespace

// The table of the published code: A4 only after a sub-question, A5 only at the problem, thoughts
// are followed by thoughts or the rest, and a solution by nothing.
TEST_CASE("rstar_step: which actions are offered where") {
  using enum rstar_step;
  CHECK(after(question) == std::set{thought, solution, subquestion, rephrasing});
  CHECK(after(rephrasing) == std::set{thought, solution, subquestion});
  CHECK(after(subquestion) == std::set{thought, solution, subquestion, new_answer});
  CHECK(after(new_answer) == std::set{thought, solution, subquestion});
  CHECK(after(thought) == std::set{thought, solution});
  CHECK(after(solution).empty());
}

TEST_CASE("rstar_prompts show the problem and the steps so far, and differ by action") {
  outthink::text_tree tree({.text = "1+1?"});
  const auto step = tree.add_children(tree.root(), 1)[0];
  tree.set_payload(step, {"one and one", 3, 0}, outthink::node_status::open);
  std::set<std::string> prompts;
  for (const rstar_step next : kAll) {
    const std::string prompt = outthink::rstar_prompts{}(next, {tree, step});
    CHECK(prompt.find("1+1?") < prompt.find("one and one"));
    prompts.insert(prompt);
  }
  CHECK(prompts.size() == 5);
  CHECK(outthink::rstar_prompts{}(rstar_step::thought, {tree, tree.root()}).find("so far") ==
        std::string::npos);
}
