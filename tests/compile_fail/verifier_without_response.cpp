// expect: outthink: a verifier needs `using request = outthink::score_request;
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <string>
#include <vector>

struct mute_verifier {
  using request = outthink::score_request;
#ifdef OUTTHINK_FIXED
  using response = outthink::verdict;
#endif
  std::vector<outthink::verdict> answer(std::span<const request> batch) {
    return std::vector<outthink::verdict>(batch.size());
  }
};

void search() {
  outthink::backends::scripted model(
      [](const outthink::generation_request&, outthink::random_stream&) { return std::string(); });
  static_cast<void>(outthink::solve({"1 2 3 4"}, model, outthink::repeated_sampling{},
                                    mute_verifier{}, outthink::best_score{}));
}
