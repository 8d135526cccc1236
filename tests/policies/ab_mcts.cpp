// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/concepts/policy.hpp>
#include <outthink/kernels/beta_posterior.hpp>
#include <outthink/policies/ab_mcts.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using outthink::ab_mcts;
using outthink::ab_mcts_of;
using outthink::best_score;
using outthink::own_generator;
using outthink::solve;
using outthink::kernels::beta_posterior;
using outthink::kernels::normal_posterior;
using outthink::test::letters_of;
using outthink::test::scripted_verifier;
using outthink::test::toy_tree;

static_assert(outthink::policy<ab_mcts, archetypes::fruitless_search>);

namespace {

/// The share of steps that are drawn after the problem itself.
double share_of_first_steps(const auto& policy, double first, double later) {
  toy_tree model{.depth = 1000, .letters = 26, .random = true};
  scripted_verifier verifier(
      [=](std::string_view text) { return letters_of(text).size() == 1 ? first : later; });
  static_cast<void>(solve("p", model, policy, verifier, best_score{}));
  const auto wide = std::count(model.prefixes.begin(), model.prefixes.end(), "");
  return static_cast<double>(wide) / static_cast<double>(model.prefixes.size());
}

}  // namespace

// K. Inoue et al. 2025 with the prior m = 0, κ = ν = 1, τ² = .1: after scores .5 and .7 m = .4,
// κ = ν = 3, τ² = .12.
TEST_CASE("ab_mcts: the Gaussian posterior is the published one") {
  normal_posterior belief;
  belief.observe(.5);
  belief.observe(.7);
  CHECK(belief.mean == doctest::Approx(.4));
  CHECK(belief.mean_observations == 3);
  CHECK(belief.freedom == 3);
  CHECK(belief.variance == doctest::Approx(.12));
}

// After one step GEN has observed its score and CONT nothing; after a second one below it GEN has
// .8, CONT and the child .2 besides .8. 4,000 problems against as many draws of the posteriors, 5
// standard errors of the difference.
TEST_CASE("ab_mcts goes wider as often as GEN's posterior exceeds CONT's") {
  constexpr int kProblems = 4000;
  std::vector<outthink::problem> problems;
  for (int i = 0; i < kProblems; ++i) problems.emplace_back(std::to_string(i));
  normal_posterior gen, cont;
  gen.observe(.8);
  outthink::random_stream random({1, 2});
  const auto uniform = [&] { return random.uniform() + 0x1p-54; };
  for (const int nodes : {2, 3}) {
    toy_tree model{.depth = 1000, .letters = 1};
    scripted_verifier verifier(
        [](std::string_view text) { return letters_of(text).size() == 1 ? .8 : .2; });
    std::size_t wider = 0, all = 0;
    for (const auto& result : solve_all(problems, model, ab_mcts{.nodes = nodes}, verifier,
                                        best_score{}, {.max_live = 1})) {
      CHECK(result.spent.model_calls == static_cast<std::size_t>(nodes));
    }
    for (std::size_t i = 0; i < model.prefixes.size(); i += static_cast<std::size_t>(nodes)) {
      const auto at = i + static_cast<std::size_t>(nodes) - 1;
      if (nodes == 3 && model.prefixes[at - 1].empty()) continue;  // one step below the first
      ++all;
      wider += model.prefixes[at].empty() ? 1 : 0;
    }
    if (nodes == 3) cont.observe(.2);
    int expected = 0;
    for (int i = 0; i < kProblems; ++i) {
      const double u = uniform(), v = uniform(), w = uniform(), x = uniform();
      expected += draw(gen, u, v).mean >= draw(cont, w, x).mean ? 1 : 0;
    }
    const double share = static_cast<double>(wider) / static_cast<double>(all);
    const double wanted = static_cast<double>(expected) / kProblems;
    const double error =
        std::sqrt(wanted * (1 - wanted) * (1.0 / kProblems + 1.0 / static_cast<double>(all)));
    CHECK(all > 500);
    CHECK(std::abs(share - wanted) < 5 * error);
  }
}

TEST_CASE("ab_mcts goes wider where first steps score well, deeper where later ones do") {
  CHECK(share_of_first_steps(ab_mcts{.nodes = 300}, 0.9, 0.1) > 0.7);
  CHECK(share_of_first_steps(ab_mcts{.nodes = 300}, 0.1, 0.9) < 0.1);
  const ab_mcts_of<own_generator, beta_posterior> beta{.nodes = 300};
  CHECK(share_of_first_steps(beta, 0.9, 0.1) > 0.7);
  CHECK(share_of_first_steps(beta, 0.1, 0.9) < 0.1);
}

TEST_CASE("ab_mcts draws with the generator whose steps score better") {
  const std::array<outthink::sampling_options, 3> ways{
      {{.temperature = 1}, {.temperature = 2}, {.temperature = 3}}};
  std::array<int, 3> drawn{};
  struct tempered {
    using request = outthink::generation_request;
    using response = outthink::generation;
    std::array<int, 3>* drawn;
    std::vector<response> answer(std::span<const request> requests) const {
      std::vector<response> all;
      for (const request& asked : requests) {
        const int way = static_cast<int>(asked.sampling.temperature);
        ++(*drawn)[static_cast<std::size_t>(way - 1)];
        all.push_back({.text = std::string(1, static_cast<char>('0' + way)) + "\n",
                       .ended = outthink::finish::step_end});
      }
      return all;
    }
  };
  tempered model{&drawn};
  scripted_verifier verifier(
      [](std::string_view text) { return text[text.size() - 2] == '2' ? 0.9 : 0.3; });
  static_cast<void>(solve(
      "p", model,
      ab_mcts_of<outthink::sampling_generators>{.nodes = 200, .leaves = 4, .generators = {ways}},
      verifier, best_score{}));
  CHECK(drawn[0] + drawn[1] + drawn[2] == 200);
  CHECK(drawn[1] > 150);
}

TEST_CASE("ab_mcts takes scores beyond [0, 1] as 0 or 1, and NaN as 0") {
  for (const double odd : {-5.0, 7.0, std::numeric_limits<double>::quiet_NaN()}) {
    toy_tree model{.depth = 4, .letters = 3, .random = true};
    scripted_verifier verifier([odd](std::string_view) { return odd; });
    const auto result =
        solve("p", model, ab_mcts_of<own_generator, beta_posterior>{.nodes = 40, .leaves = 3},
              verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::answered);
    CHECK(result.spent.model_calls == 40);
  }
}

TEST_CASE("ab_mcts refuses options out of range") {
  scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto refused = [&](const auto& options) {
    const auto result = solve("p", toy_tree{}, options, verifier, best_score{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("ab_mcts: ") != std::string::npos);
  };
  refused(ab_mcts{.nodes = 0});
  refused(ab_mcts{.leaves = 0});
  refused(ab_mcts_of<outthink::sampling_generators>{});
}
