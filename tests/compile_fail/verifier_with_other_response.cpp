// expect: outthink: a verifier's `response` must be outthink::verdict
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <string>
#include <vector>

struct number_verifier {
  using request = outthink::score_request;
#ifdef OUTTHINK_FIXED
  using response = outthink::verdict;
#else
  using response = float;
#endif
  std::vector<response> answer(std::span<const request> batch) {
    return std::vector<response>(batch.size());
  }
};

void search() {
  outthink::backends::scripted model(
      [](const outthink::generation_request&, outthink::random_stream&) { return std::string(); });
  static_cast<void>(outthink::solve({"1 2 3 4"}, model, outthink::repeated_sampling{},
                                    number_verifier{}, outthink::best_score{}));
}
