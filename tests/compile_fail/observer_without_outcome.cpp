// expect: outthink: an observer needs `on_batch(const progress&)` and `on_outcome(std::size_t,
// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <cstddef>
#include <string>

struct batch_counter {
  int batches = 0;
  void on_batch(const outthink::progress&) { ++batches; }
#ifdef OUTTHINK_FIXED
  void on_outcome(std::size_t, const outthink::outcome&) {}
#endif
};

void search() {
  outthink::backends::scripted model(
      [](const outthink::generation_request&, outthink::random_stream&) { return std::string(); });
  static_cast<void>(outthink::solve({"1 2 3 4"}, model, outthink::repeated_sampling{},
                                    outthink::no_verifier{}, outthink::majority_vote{}, {},
                                    batch_counter{}));
}
