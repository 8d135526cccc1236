// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/lookahead_search.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::lookahead_search;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::same;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

namespace {

double quality(std::string_view text) {
  return static_cast<double>(outthink::hash_text(text) % 1000) / 1000;
}

}  // namespace

TEST_CASE("lookahead_search without lookahead is beam search") {
  for (int seed = 0; seed < 20; ++seed) {
    outthink::solve_options options;
    options.seed = static_cast<std::uint64_t>(seed);
    toy_tree model{.depth = 4, .letters = 3, .random = true};
    scripted_verifier verifier(quality);
    const auto ahead = solve("p", model, lookahead_search{.width = 3, .expand = 2, .lookahead = 0},
                             verifier, best_score{}, options);
    const auto beam = solve("p", model, outthink::beam_search{.width = 3, .expand = 2}, verifier,
                            best_score{}, options);
    CHECK(same(ahead, beam));
  }
}

// A trap: only what begins with b can end well, which its first step does not show.
TEST_CASE("lookahead_search sees what the first step hides") {
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    if (letters.size() < 3) return letters[0] == 'a' ? 0.9 : 0.1;
    return letters[0] == 'b' ? 1.0 : 0.0;
  };
  for (const int lookahead : {0, 1, 2, 5}) {
    toy_tree model{.depth = 3, .letters = 2};
    scripted_verifier verifier(score);
    const auto result =
        solve("p", model, lookahead_search{.width = 1, .expand = 2, .lookahead = lookahead},
              verifier, best_score{});
    CHECK(letters_of(result.answer)[0] == (lookahead >= 2 ? 'b' : 'a'));
  }
}

TEST_CASE("lookahead_search decodes greedily ahead, and goes on from the step itself") {
  std::vector<float> temperatures;
  std::vector<std::size_t> depths;
  outthink::backends::scripted model(
      [&](const outthink::generation_request& asked, outthink::random_stream&) -> std::string {
        temperatures.push_back(asked.sampling.temperature);
        depths.push_back(asked.trace.steps());
        return asked.trace.steps() < 2 ? "step\n" : "end";
      });
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  outthink::solve_options options;
  options.sampling.temperature = 0.75F;
  const auto result = solve("p", model, lookahead_search{.width = 1, .expand = 1, .lookahead = 2},
                            verifier, best_score{}, options);
  CHECK(depths == std::vector<std::size_t>{0, 1, 2, 1, 2, 2});
  CHECK(temperatures == std::vector<float>{0.75F, 0, 0, 0.75F, 0, 0.75F});
  REQUIRE(result.candidates.size() == 1);
  CHECK(result.candidates[0].solution == "step\nstep\nend");
}

TEST_CASE("lookahead_search costs N(k + 1) generations a round while nothing ends") {
  toy_tree model{.depth = 10, .letters = 16};
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model, lookahead_search{.width = 2, .expand = 4, .lookahead = 3, .max_steps = 2},
            verifier, best_score{});
  CHECK(result.spent.model_calls == 2 * 8 * 4);
  CHECK(result.spent.verifier_calls == 2 * 8);
}

TEST_CASE("lookahead_search refuses options out of range") {
  for (const lookahead_search& options :
       {lookahead_search{.width = 0}, lookahead_search{.expand = 0},
        lookahead_search{.lookahead = -1}, lookahead_search{.max_steps = 0}}) {
    scripted_verifier verifier([](std::string_view) { return 0.5; });
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("lookahead_search: ") != std::string::npos);
  }
}
