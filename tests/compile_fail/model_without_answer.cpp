// expect: outthink: a language_model needs `answer(std::span<const generation_request>)`
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <vector>

struct silent_model {
  using request = outthink::generation_request;
  using response = outthink::generation;
#ifdef OUTTHINK_FIXED
  std::vector<response> answer(std::span<const request> batch) {
    return std::vector<response>(batch.size());
  }
#endif
};

void search() {
  static_cast<void>(outthink::solve({"1 2 3 4"}, silent_model{}, outthink::repeated_sampling{},
                                    outthink::no_verifier{}, outthink::majority_vote{}));
}
