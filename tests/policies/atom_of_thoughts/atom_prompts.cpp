// SPDX-License-Identifier: MIT
#include <outthink/policies/atom_of_thoughts/atom_prompts.hpp>

#include <doctest/doctest.h>

#include <string>

TEST_CASE("atom_prompts: independent sub-questions are known with their answers, the others open") {
  const auto parts = outthink::read_sub_questions(
      "1. Apples? | 3\n2. Pears? | 4\n3. How much are #1 and #2? | 7\n");
  const std::string prompt = outthink::atom_prompts{}.contract("Fruit?", "3 + 4 = 7", parts);
  CHECK(prompt.starts_with("Question:\nFruit?\n\nSolution:\n3 + 4 = 7\n"));
  CHECK(prompt.find("stated as known:\n- Apples? 3\n- Pears? 4\n\nStill to be found:\n"
                    "- How much are #1 and #2?\n\n") != std::string::npos);
}

TEST_CASE("atom_prompts: the example of a decomposition is one that is read") {
  const std::string prompt = outthink::atom_prompts{}.decompose("Fruit?", "3 + 4 = 7");
  const auto parts = outthink::read_sub_questions(prompt.substr(prompt.find("example:")));
  CHECK(parts.size() == 3);
  CHECK(outthink::longest_chain(parts) == 2);
}
