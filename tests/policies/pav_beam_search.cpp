// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/pav_beam_search.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using outthink::best_score;
using outthink::pav_beam_search;
using outthink::solve;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(outthink::policy<pav_beam_search, archetypes::fruitless_search>);

// Q = .5 goes to .5 (a rephrasing) and to .6; the best of four tries has .9375 and .9744.
TEST_CASE("pav_beam_search: the effective reward is that of equations 4 and 5") {
  const pav_beam_search options{.alpha = 0.5F, .prover = 4};
  CHECK(options.effective_reward(0.5F, 0.5F) == doctest::Approx(0.5));
  CHECK(options.effective_reward(0.6F, 0.5F) == doctest::Approx(0.6184).epsilon(1e-4));
  CHECK(options.effective_reward(0.9F, 0.9F) == 0.9F);
}

TEST_CASE("pav_beam_search: advantages along a trace add up to what the prover gained") {
  const pav_beam_search options{.alpha = 1, .prover = 4};
  const std::vector<float> q{0.2F, 0.5F, 0.4F, 0.9F};
  float sum = 0;
  for (std::size_t i = 1; i < q.size(); ++i) sum += options.effective_reward(q[i], q[i - 1]) - q[i];
  CHECK(sum == doctest::Approx(std::pow(0.8, 4) - std::pow(0.1, 4)));
}

TEST_CASE("pav_beam_search prefers the step that makes progress to one that stands as high") {
  // After a (.5) and b (.05), all second steps stand at .5: only b's are progress.
  const auto score = [](std::string_view text) {
    const std::string letters = letters_of(text);
    return letters.size() > 1 || letters == "a" ? 0.5 : 0.05;
  };
  for (const float alpha : {0.0F, 0.5F}) {
    toy_tree model{.depth = 3, .letters = 2};
    scripted_verifier verifier(score);
    static_cast<void>(
        solve("p", model, pav_beam_search{.width = 2, .expand = 1, .max_steps = 3, .alpha = alpha},
              verifier, best_score{}));
    REQUIRE(model.prefixes.size() == 6);
    CHECK(model.prefixes[4] == (alpha == 0 ? "a\na\n" : "b\na\n"));
  }
}

TEST_CASE("pav_beam_search keeps the verifier's own scores for the final choice") {
  toy_tree model{.depth = 2, .letters = 4};
  scripted_verifier verifier(
      [](std::string_view text) { return text.ends_with("d") ? 0.75 : 0.25; });
  const auto result =
      solve("p", model, pav_beam_search{.width = 1, .expand = 4}, verifier, best_score{});
  CHECK(result.answer == "a\nd");
  CHECK(result.best().step_scores == std::vector<float>{0.25F, 0.75F});
}

TEST_CASE("pav_beam_search without weight on the advantage is beam search") {
  const auto quality = [](std::string_view text) {
    return static_cast<double>(outthink::hash_text(text) % 1000) / 1000;
  };
  scripted_verifier verifier(quality);
  toy_tree one{.depth = 4, .letters = 5}, other = one;
  const auto plain =
      solve("p", one, outthink::beam_search{.width = 3, .expand = 2}, verifier, best_score{});
  const auto pav = solve("p", other, pav_beam_search{.width = 3, .expand = 2, .alpha = 0}, verifier,
                         best_score{});
  CHECK(one.prefixes == other.prefixes);
  CHECK(plain.answer == pav.answer);
}

TEST_CASE("pav_beam_search leaves traces without a score behind, and does without a verifier") {
  toy_tree model{.depth = 2, .letters = 3};
  scripted_verifier verifier(
      [](std::string_view text) { return letters_of(text)[0] == 'a' ? std::nan("") : 0.1; });
  const auto result =
      solve("p", model, pav_beam_search{.width = 1, .expand = 3}, verifier, best_score{});
  CHECK(result.best().solution[0] == 'b');
  const auto blind =
      solve("p", toy_tree{.depth = 2}, pav_beam_search{}, outthink::no_verifier{}, best_score{});
  CHECK(blind.candidates.size() == 16);
}

TEST_CASE("pav_beam_search refuses options out of range") {
  for (const pav_beam_search& options :
       {pav_beam_search{.width = 0}, pav_beam_search{.expand = 0}, pav_beam_search{.max_steps = 0},
        pav_beam_search{.alpha = -1}, pav_beam_search{.prover = 0}}) {
    const auto result = solve("p", toy_tree{}, options, outthink::no_verifier{}, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("pav_beam_search: counts") != std::string::npos);
  }
}
