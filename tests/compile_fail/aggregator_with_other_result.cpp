// expect: outthink: an aggregator needs `decision operator()(std::span<const candidate>) const`
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <span>
#include <string>

struct first_answer {
#ifdef OUTTHINK_FIXED
  outthink::decision operator()(std::span<const outthink::candidate> candidates) const {
    return {candidates.empty() ? outthink::outcome::none : 0, 0.5};
  }
#else
  std::string operator()(std::span<const outthink::candidate> candidates) const {
    return candidates.empty() ? std::string() : candidates.front().answer;
  }
#endif
};

void search() {
  outthink::backends::scripted model(
      [](const outthink::generation_request&, outthink::random_stream&) { return std::string(); });
  static_cast<void>(outthink::solve({"1 2 3 4"}, model, outthink::repeated_sampling{},
                                    outthink::no_verifier{}, first_answer{}));
}
