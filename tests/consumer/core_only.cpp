// SPDX-License-Identifier: MIT
#include <outthink/outthink.hpp>

#include <string>

int main() {
  outthink::backends::scripted model([](const outthink::generation_request&,
                                        outthink::random_stream&) { return std::string("ok"); });
  const outthink::outcome result =
      outthink::solve(outthink::problem{"say ok"}, model, outthink::repeated_sampling{.n = 3},
                      outthink::no_verifier{}, outthink::majority_vote{});
  return result.answer == "ok" ? 0 : 1;
}
