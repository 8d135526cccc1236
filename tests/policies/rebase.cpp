// SPDX-License-Identifier: MIT
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/rebase.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::rebase;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

/// Scores a trace by its first letter; letters without a score are far below all others.
auto by_first_letter(std::vector<double> scores) {
  return [scores](std::string_view text) {
    const auto letter = static_cast<std::size_t>(letters_of(text)[0] - 'a');
    return letter < scores.size() ? scores[letter] : -100.0;
  };
}

/// How often each of the first letters was continued in the second round.
std::vector<long> shares(int width, std::vector<double> scores) {
  toy_tree model{.depth = 2, .letters = static_cast<std::uint32_t>(width)};
  scripted_verifier verifier(by_first_letter(scores));
  static_cast<void>(solve("p", model, rebase{.width = width}, verifier, best_score{}));
  std::vector<long> counts;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::string step{static_cast<char>('a' + i), '\n'};
    counts.push_back(std::count(model.prefixes.begin(), model.prefixes.end(), step));
  }
  return counts;
}

}  // namespace

TEST_CASE("rebase shares the width out as the published rule does") {
  CHECK(shares(16, {0.9, 0.7, 0.5, 0.1}) == std::vector<long>{11, 4, 1, 0});
  CHECK(shares(4, {0.9, 0.7, 0.5, 0.1}) == std::vector<long>{3, 1, 0, 0});
}

// Running subtraction in floating point gives (3, 3, 3) here.
TEST_CASE("rebase: equal scores share exactly the width") {
  CHECK(shares(8, {0.5, 0.5, 0.5}) == std::vector<long>{3, 3, 2});
}

TEST_CASE("rebase draws exactly its width a round while nothing has ended") {
  toy_tree model{.depth = 3, .letters = 5};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result = solve("p", model, rebase{.width = 7}, verifier, best_score{});
  CHECK(model.batches == std::vector<std::size_t>{7, 7, 7});
  CHECK(verifier.batches == std::vector<std::size_t>{7, 7, 7});
  CHECK(result.candidates.size() == 7);
}

TEST_CASE("rebase: what has ended takes its part of the width with it") {
  outthink::backends::scripted model(
      [](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        return asked.ordinal == 0 ? "done" : "step " + std::to_string(asked.ordinal) + "\n";
      });
  // Evenly shared: the first of the open ones gets the remainder.
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, rebase{.width = 4, .max_steps = 40}, verifier, best_score{});
  // Round 1: done and 3 open; each continued once, which ends it.
  CHECK(result.spent.model_calls == 7);
  CHECK(result.candidates.size() == 4);
  CHECK(result.candidates[1].solution == "step 1\ndone");
}

TEST_CASE("rebase refuses options out of range") {
  for (const rebase& options :
       {rebase{.width = 0}, rebase{.temperature = 0}, rebase{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("rebase: width and max_steps") != std::string::npos);
  }
}
