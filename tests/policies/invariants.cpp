// SPDX-License-Identifier: MIT
// What holds for every policy: budgets, and that an outcome depends on problem, options and seed
// alone.
#include "../archetypes/toolbox.hpp"
#include "../support/ask_tell.hpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/gen_select.hpp>
#include <outthink/aggregators/knockout.hpp>
#include <outthink/aggregators/round_robin.hpp>
#include <outthink/aggregators/swiss.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/backends/scripted_comparer.hpp>
#include <outthink/core/when_all.hpp>
#include <outthink/policies/ab_mcts.hpp>
#include <outthink/policies/adaptive_sampling.hpp>
#include <outthink/policies/atom_of_thoughts.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/best_first_search.hpp>
#include <outthink/policies/budget_forcing.hpp>
#include <outthink/policies/compute_optimal.hpp>
#include <outthink/policies/depth_first_search.hpp>
#include <outthink/policies/dvts.hpp>
#include <outthink/policies/environment_search.hpp>
#include <outthink/policies/ets.hpp>
#include <outthink/policies/llm_compiler.hpp>
#include <outthink/policies/lookahead_search.hpp>
#include <outthink/policies/meds3.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/monte_carlo_tree_search/gumbel.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/policies/multi_armed_bandit.hpp>
#include <outthink/policies/mutual_consistency.hpp>
#include <outthink/policies/particle_filter.hpp>
#include <outthink/policies/particle_filter/particle_gibbs.hpp>
#include <outthink/policies/pav_beam_search.hpp>
#include <outthink/policies/plan_search.hpp>
#include <outthink/policies/power_sampling.hpp>
#include <outthink/policies/proof_search.hpp>
#include <outthink/policies/rebase.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/policies/rewoo.hpp>
#include <outthink/policies/rstar.hpp>
#include <outthink/policies/sequential_revisions.hpp>
#include <outthink/policies/speculative_rejection.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/stopping/adaptive_consistency.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using outthink::outcome;
using outthink::outcome_status;
using outthink::problem;
using outthink::solve_all;
using outthink::solve_options;
using outthink::weighted_vote;
using outthink::test::same;
using outthink::test::toy_tree;

namespace {

/// Three beams side by side, each in a branch of its own, the last after a coin is tossed.
struct nested {
  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const outthink::beam_search beam{.width = 2, .expand = 2};
    auto first = s.branch(), second = s.branch(), third = s.branch();
    std::vector<outthink::task<outthink::candidate_nodes>> tasks;
    tasks.push_back(beam(first));
    tasks.push_back(beam(second));
    if (s.random().below(2) == 0) tasks.push_back(beam(third));
    const auto results = co_await outthink::when_all(std::move(tasks));
    outthink::candidate_nodes all;
    for (const auto& nodes : results) all.insert(all.end(), nodes.begin(), nodes.end());
    co_return all;
  }
};

/// Judges that err.
struct judges {
  struct picker {
    using request = outthink::choice_request;
    using response = outthink::choice;
    static std::vector<response> answer(std::span<const request> batch) {
      std::vector<response> made;
      for (const request& asked : batch) {
        const auto texts = static_cast<std::uint32_t>(asked.texts.size());
        made.push_back({.chosen = outthink::random_stream(asked.stream).below(texts)});
      }
      return made;
    }
  };

  outthink::backends::scripted_comparer<double (*)(const outthink::comparison_request&,
                                                   outthink::random_stream&)>
      comparer{[](const outthink::comparison_request&, outthink::random_stream& random) {
        return random.uniform();
      }};
  picker chooser;
};

/// A world in which the letters of an action are written down; any word of four is a solution.
struct four_letters {
  using state = std::string;
  using request = outthink::action_request<state>;
  using response = outthink::observation<state>;

  static state start(std::string_view) { return {}; }

  static std::vector<response> answer(std::span<const request> asked) {
    std::vector<response> all;
    for (const request& one : asked) {
      const std::string word = one.from + one.action;
      const auto now = word.size() < 4 ? outthink::situation::open : outthink::situation::done;
      all.push_back({.to = word, .now = now, .spent = {.money = 0}});
    }
    return all;
  }
};

/// Calls `check` with every policy.
void for_each_policy(auto check) {
  SUBCASE("repeated_sampling") {
    check(outthink::repeated_sampling{.n = 9});
  }
  SUBCASE("adaptive_sampling") {
    check(outthink::adaptive_sampling{.stop = outthink::adaptive_consistency{.confidence = 0.8}});
  }
  SUBCASE("beam_search") {
    check(outthink::beam_search{.width = 3, .expand = 3});
  }
  SUBCASE("beam_search, refilled") {
    check(outthink::beam_search{.width = 3, .expand = 2, .ended = outthink::ended_beams::refill});
  }
  SUBCASE("beam_search, places occupied") {
    check(outthink::beam_search{.width = 3, .expand = 2, .ended = outthink::ended_beams::occupy});
  }
  SUBCASE("value_guided_beam") {
    check(outthink::value_guided_beam(6, 3));
  }
  SUBCASE("pav_beam_search") {
    check(outthink::pav_beam_search{.width = 3, .expand = 2});
  }
  SUBCASE("dvts") {
    check(outthink::dvts{.subtrees = 3, .expand = 2});
  }
  SUBCASE("rebase") {
    check(outthink::rebase{.width = 6});
  }
  SUBCASE("lookahead_search") {
    check(outthink::lookahead_search{.width = 2, .expand = 2, .lookahead = 1});
  }
  SUBCASE("best_first_search") {
    check(outthink::best_first_search{.expansions = 12, .expand = 2, .leaves = 2});
  }
  SUBCASE("particle_filter") {
    check(outthink::particle_filter{.particles = 6});
  }
  SUBCASE("depth_first_search") {
    check(outthink::depth_first_search{.expand = 2, .expansions = 9, .solutions = 3});
  }
  SUBCASE("sequential_revisions") {
    check(outthink::sequential_revisions<>{.chains = 2, .length = 3});
  }
  SUBCASE("budget_forcing") {
    check(outthink::budget_forcing{.samples = 3});
  }
  SUBCASE("power_sampling") {
    check(outthink::power_sampling{.chains = 3, .moves = 2});
  }
  SUBCASE("compute_optimal") {
    const outthink::repeated_sampling few{.n = 2};
    check(outthink::compute_optimal(outthink::bins_by_score{{0.5}}, {1, 0},
                                    std::tuple{few, outthink::beam_search{.width = 2}}, 3));
  }
  SUBCASE("speculative_rejection") {
    check(outthink::speculative_rejection{.samples = 6, .reject = 0.3F});
  }
  SUBCASE("tree_search") {
    check(outthink::tree_search{.simulations = 12, .expand = 2});
  }
  SUBCASE("monte_carlo_tree_search, uct, rollouts") {
    check(outthink::monte_carlo_tree_search<outthink::uct>{
        .simulations = 6, .expand = 2, .value = outthink::step_value::rollout});
  }
  SUBCASE("monte_carlo_tree_search, gumbel, max") {
    check(outthink::monte_carlo_tree_search<outthink::gumbel>{.simulations = 12,
                                                              .expand = 2,
                                                              .backup = outthink::value_backup::max,
                                                              .select = {.considered = 3}});
  }
  SUBCASE("environment_search") {
    four_letters world;
    check(outthink::environment_search<four_letters>{
        .world = &world, .proposals = 3, .branching = 2, .expansions = 4});
  }
  SUBCASE("proof_search") {
    four_letters world;
    check(outthink::proof_search<four_letters>{.world = &world, .tactics = 2});
  }
  SUBCASE("ab_mcts") {
    check(outthink::ab_mcts{.nodes = 1000, .leaves = 8});
  }
  SUBCASE("multi_armed_bandit") {
    check(outthink::multi_armed_bandit<>{.pulls = 9});
  }
  SUBCASE("mutual_consistency") {
    toy_tree second{.depth = 4, .letters = 3, .random = true};
    check(outthink::mutual_consistency<outthink::repeated_sampling, toy_tree>{
        .base = {.n = 7}, .second = &second, .completions = 2});
  }
  SUBCASE("rstar") {
    check(outthink::rstar<>{.rollouts = 4, .steps = 2, .votes = 3, .max_depth = 3});
  }
  SUBCASE("meds3") {
    check(outthink::meds3<>{.nodes = 20, .expand = 2, .finish_at = 0.6F});
  }
  SUBCASE("plan_search") {
    check(outthink::plan_search<>{.layers = 1});
  }
  SUBCASE("atom_of_thoughts") {
    check(outthink::atom_of_thoughts<>{});
  }
  archetypes::echo tools("say");
  SUBCASE("rewoo") {
    check(outthink::rewoo<archetypes::echo>{.tools = &tools, .plans = 2});
  }
  SUBCASE("llm_compiler") {
    check(outthink::llm_compiler<archetypes::echo>{.tools = &tools, .streamed = true});
  }
  SUBCASE("particle_gibbs") {
    check(outthink::particle_gibbs{.sweeps = 2, .particles = 4});
  }
  SUBCASE("ets") {
    check(outthink::ets{.width = 6, .node_cost = 0.5F});
  }
  SUBCASE("policies side by side") {
    check(nested{});
  }
  judges judge;
  using judge_type = decltype(judge.comparer);
  SUBCASE("knockout") {
    check(outthink::knockout<outthink::repeated_sampling, judge_type>{{.n = 7}, judge.comparer});
  }
  SUBCASE("swiss") {
    check(outthink::swiss<outthink::repeated_sampling, judge_type>{{.n = 7}, judge.comparer, 3});
  }
  SUBCASE("round_robin of a beam") {
    check(outthink::round_robin<outthink::beam_search, judge_type>{{.width = 2, .expand = 2},
                                                                   judge.comparer});
  }
  SUBCASE("gen_select") {
    check(outthink::gen_select<outthink::repeated_sampling, judges::picker>{
        {.n = 7}, judge.chooser, 3});
  }
}

double quality(std::string_view text) {
  return static_cast<double>(outthink::hash_text(text) % 1000) / 1000;
}

std::vector<problem> questions() {
  std::vector<problem> all;
  for (int i = 0; i < 12; ++i) all.emplace_back("question " + std::to_string(i));
  return all;
}

std::vector<outcome> run(const auto& policy, const std::vector<problem>& problems,
                         const solve_options& options) {
  toy_tree model{.depth = 4, .letters = 3, .random = true};
  outthink::test::scripted_verifier verifier(quality);
  return solve_all(problems, model, policy, verifier, weighted_vote{}, options);
}

}  // namespace

TEST_CASE("every policy: the same seed gives the same bits, another seed others") {
  for_each_policy([](const auto& policy) {
    solve_options options;
    const auto once = run(policy, questions(), options);
    CHECK(same(once, run(policy, questions(), options)));
    for (const outcome& result : once) {
      CHECK(result.status == outcome_status::answered);
      CHECK(result.has_answer());
    }
    options.seed = 1;
    CHECK_FALSE(same(once, run(policy, questions(), options)));
  });
}

TEST_CASE("every policy: outcomes do not depend on batches, live searches or company") {
  for_each_policy([](const auto& policy) {
    const std::vector<problem> problems = questions();
    const auto expected = run(policy, problems, {});
    for (const std::size_t max_batch : {1U, 7U, 64U}) {
      for (const std::size_t max_live : {1U, 3U, 100U}) {
        solve_options options;
        options.max_batch = max_batch;
        options.max_live = max_live;
        CHECK(same(run(policy, problems, options), expected));
      }
    }
    std::vector<problem> reversed(problems.rbegin(), problems.rend());
    auto backwards = run(policy, reversed, {});
    std::reverse(backwards.begin(), backwards.end());
    CHECK(same(backwards, expected));
    for (std::size_t i = 0; i < problems.size(); i += 5) {
      CHECK(same(run(policy, {problems[i]}, {}), std::span(expected).subspan(i, 1)));
    }
  });
}

TEST_CASE("every policy: outcomes do not depend on the order in which answers come") {
  for_each_policy([](const auto& policy) {
    const std::vector<problem> problems = questions();
    for (const std::uint64_t shuffle : {1U, 2U, 3U, 4U, 5U, 6U}) {
      toy_tree model{.depth = 4, .letters = 3, .random = true};
      outthink::test::scripted_verifier verifier(quality);
      solve_options options;
      if (shuffle > 3) options.limits.verifier_calls = 5;  // ends amid what is finished
      const auto expected = run(policy, problems, options);
      options.max_batch = 3;
      options.max_live = 5;
      CHECK(same(outthink::test::solve_out_of_order(problems, model, policy, verifier,
                                                    weighted_vote{}, options, shuffle),
                 expected));
    }
  });
}

TEST_CASE("every policy: what one problem spends never exceeds its budget") {
  for_each_policy([](const auto& policy) {
    const auto unlimited = run(policy, questions(), {});
    for (const std::uint64_t limit : {0U, 1U, 5U, 9U, 17U, 40U, 10'000U}) {
      for (const int what : {0, 1, 2, 3}) {
        solve_options options;
        (what == 0   ? options.limits.tokens
         : what == 1 ? options.limits.model_calls
         : what == 2 ? options.limits.verifier_calls
                     : options.limits.other_calls) = limit;
        const auto results = run(policy, questions(), options);
        for (std::size_t i = 0; i < results.size(); ++i) {
          const outcome& result = results[i];
          CHECK(result.spent.tokens <= options.limits.tokens);
          CHECK(result.spent.model_calls <= options.limits.model_calls);
          CHECK(result.spent.verifier_calls <= options.limits.verifier_calls);
          CHECK(result.spent.other_calls <= options.limits.other_calls);
          CHECK(result.failure == nullptr);
          if (limit == 0 && what < 3) CHECK(result.status == outcome_status::budget_spent);
          if (limit == 10'000) CHECK(same(result, unlimited[i]));
          const auto choice = weighted_vote{}(result.candidates);
          CHECK(choice.chosen == result.chosen);  // the best so far
        }
      }
    }
  });
}

TEST_CASE("every policy: a budget of FLOPs or money ends the search before its next round") {
  for_each_policy([](const auto& policy) {
    for (const bool money : {false, true}) {
      solve_options options;
      (money ? options.limits.money : options.limits.flops) = 0;
      for (const outcome& result : run(policy, questions(), options)) {
        CHECK(result.status == outcome_status::budget_spent);
        CHECK(result.spent.model_calls == 0);
      }
    }
  });
}

TEST_CASE("every policy: the outcome's usage is what the services were asked") {
  for_each_policy([](const auto& policy) {
    toy_tree model{.depth = 4, .letters = 3, .random = true};
    outthink::test::scripted_verifier verifier(quality);
    const std::vector<problem> problems = questions();
    outthink::usage total;
    for (const outcome& result : solve_all(problems, model, policy, verifier, weighted_vote{})) {
      total += result.spent;
    }
    std::size_t calls = 0, scorings = 0;
    for (const std::size_t size : model.batches) calls += size;
    if constexpr (requires { policy.second->batches; }) {  // another model's calls count as well
      for (const std::size_t size : policy.second->batches) calls += size;
    }
    for (const std::size_t size : verifier.batches) scorings += size;
    CHECK(total.model_calls == calls);
    CHECK(total.verifier_calls == scorings);
    CHECK(total.money == doctest::Approx(0.5 * static_cast<double>(calls)));
  });
}
