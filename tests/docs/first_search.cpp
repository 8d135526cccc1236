// SPDX-License-Identifier: MIT
// The first program of docs/tutorials/first-search.md; `programs.cpp` runs it.
#include <outthink/outthink.hpp>

#include <iostream>
#include <string>

using namespace outthink;

namespace docs_first_search {

int main() {
  // 1. A stand-in for a model: it is right six times out of ten.
  backends::scripted model{[](const generation_request&, random_stream& random) {
    return std::string(random.uniform() < 0.6 ? "42" : "54");
  }};

  // 2. Sample 25 answers and let them vote.
  const outcome result = solve("What is six times seven?\n", model, repeated_sampling{.n = 25},
                               no_verifier{}, majority_vote{});

  // 3. What became of it.
  std::cout << result.answer << ": " << 100 * result.confidence << " % of "
            << result.candidates.size() << " samples\n";
  return result.has_answer() ? 0 : 1;
}

}  // namespace docs_first_search
