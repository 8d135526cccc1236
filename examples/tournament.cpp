// SPDX-License-Identifier: MIT
// Tournaments: which of eight drafts is best, by a judge who compares two and errs.
#include <outthink/aggregators/knockout.hpp>
#include <outthink/aggregators/round_robin.hpp>
#include <outthink/backends/scripted_comparer.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>

using namespace outthink;

namespace {

// How good a draft is; nobody but the judge sees it.
double quality(std::string_view draft) {
  return draft.back() - '0';
}

}  // namespace

int main() {
  // 1. Eight drafts, the second the best. A real model would write them.
  backends::scripted model([](const generation_request& asked, random_stream&) {
    return "draft " + std::to_string((asked.ordinal * 5 + 2) % 8);
  });

  // 2. The judge prefers the better one, the more surely the better it is, and leans to the first.
  backends::scripted_comparer judge([](const comparison_request& asked, random_stream& random) {
    const double ahead = quality(asked.first) - quality(asked.second) + 0.5;
    return random.uniform() < 1 / (1 + std::exp(-ahead)) ? 1.0 : 0.0;
  });

  // 3. A knockout asks little, a round robin ranks all. Both ask every pair both ways round.
  const knockout<repeated_sampling, decltype(judge)> cup{{.n = 8}, judge, 4};
  const round_robin<repeated_sampling, decltype(judge)> league{{.n = 8}, judge, 4};
  for (const outcome& one : {solve("Write.", model, cup, no_verifier{}, best_score{}),
                             solve("Write.", model, league, no_verifier{}, best_score{})}) {
    fmt::print("{} after {} comparisons:", one.answer, one.spent.other_calls);
    for (const candidate& draft : one.candidates)
      fmt::print(" {}:{:.2f}", draft.solution.back(), draft.step_scores.back());
    fmt::print("\n");
  }
}
