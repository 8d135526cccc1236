// expect: outthink: a language_model needs `using request = outthink::generation_request;
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <vector>

struct nameless_model {
#ifdef OUTTHINK_FIXED
  using request = outthink::generation_request;
  using response = outthink::generation;
#endif
  std::vector<outthink::generation> answer(std::span<const outthink::generation_request> batch) {
    return std::vector<outthink::generation>(batch.size());
  }
};

void search() {
  static_cast<void>(outthink::solve({"1 2 3 4"}, nameless_model{}, outthink::repeated_sampling{},
                                    outthink::no_verifier{}, outthink::majority_vote{}));
}
