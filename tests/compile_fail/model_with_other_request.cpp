// expect: outthink: a language_model's `request` must be outthink::generation_request
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <string>
#include <vector>

struct text_model {
#ifdef OUTTHINK_FIXED
  using request = outthink::generation_request;
#else
  using request = std::string;
#endif
  using response = outthink::generation;
  std::vector<response> answer(std::span<const request> batch) {
    return std::vector<response>(batch.size());
  }
};

void search() {
  static_cast<void>(outthink::solve({"1 2 3 4"}, text_model{}, outthink::repeated_sampling{},
                                    outthink::no_verifier{}, outthink::majority_vote{}));
}
