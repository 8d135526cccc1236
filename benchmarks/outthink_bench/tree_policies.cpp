// SPDX-License-Identifier: MIT
// The policies of plans that may go back to any step of their tree.
#include "policies.hpp"
#include <outthink/policies/ab_mcts.hpp>
#include <outthink/policies/best_first_search.hpp>
#include <outthink/policies/depth_first_search.hpp>
#include <outthink/policies/monte_carlo_tree_search.hpp>
#include <outthink/policies/monte_carlo_tree_search/gumbel.hpp>
#include <outthink/policies/monte_carlo_tree_search/uct.hpp>
#include <outthink/policies/rstar.hpp>

#include <string>
#include <vector>

namespace bench {

namespace {

// The models here know one kind of prompt: the problem, then the steps so far.
struct steps_so_far {
  std::string operator()(outthink::rstar_step, const outthink::trace_view& trace) const {
    return trace.text();
  }
};

any_policy make_best_first(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::best_first_search{.expansions = v.count("expansions"),
                                  .expand = v.count("expand"),
                                  .leaves = v.count("leaves"),
                                  .solutions = v.count("solutions"),
                                  .reduction = detail::reduction_of(v, task)});
}

any_policy make_depth_first(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(
      outthink::depth_first_search{.expand = v.count("expand"),
                                   .threshold = v.number("threshold"),
                                   .expansions = v.count("expansions"),
                                   .solutions = v.count("solutions"),
                                   .reduction = detail::reduction_of(v, task)});
}

any_policy make_tree_search(const parameter_values& v, const task_habits& task) {
  using outthink::step_value;
  const std::string value = v.word("value"), select = v.word("select");
  const auto by = [&](auto selection) {
    return any_policy::with_verifier(outthink::monte_carlo_tree_search<decltype(selection)>{
        .simulations = v.count("simulations"),
        .expand = v.count("expand"),
        .leaves = v.count("leaves"),
        .widening = v.number("widening"),
        .value = value == "score"     ? step_value::score
                 : value == "rollout" ? step_value::rollout
                                      : task.tree_value,
        .reduction = detail::reduction_of(v, task),
        .select = selection});
  };
  if (select == "uct") return by(outthink::uct{});
  if (select == "gumbel") return by(outthink::gumbel{.considered = v.count("considered")});
  return by(outthink::puct{});
}

any_policy make_ab_mcts(const parameter_values& v, const task_habits& task) {
  return any_policy::with_verifier(outthink::ab_mcts{.nodes = v.count("nodes"),
                                                     .leaves = v.count("leaves"),
                                                     .reduction = detail::reduction_of(v, task)});
}

any_policy make_rstar(const parameter_values& v, const task_habits&) {
  return any_policy::with_or_without_verifier(
      outthink::rstar<steps_so_far>{.rollouts = v.count("rollouts"),
                                    .steps = v.count("steps"),
                                    .votes = v.count("votes"),
                                    .max_depth = v.count("max_depth")});
}

}  // namespace

std::vector<policy_entry> detail::tree_policies() {
  const parameter reduction = reduction_parameter();
  const parameter expand{"expand", 4, "next steps drawn from each"};
  const parameter expansions{"expansions", 16, "traces continued in all"};
  return {
      {"best_first_search",
       "best-first search",
       "search",
       "expansions",
       "expand",
       {expansions,
        expand,
        {"leaves", 1, "traces continued in one round"},
        {"solutions", 4, "complete solutions after which it stops"},
        reduction},
       &make_best_first},
      {"depth_first_search",
       "depth-first search",
       "search",
       "expansions",
       "expand",
       {expansions,
        expand,
        {"threshold", 0.0, "score up to which a trace is given up"},
        {"solutions", 1, "complete solutions after which it stops"},
        reduction},
       &make_depth_first},
      {"tree_search",
       "tree search",
       "search",
       "simulations",
       "expand",
       {{"simulations", 16, "leaves expanded in all"},
        expand,
        {"leaves", 4, "simulations in one round"},
        {"widening", 0.5, "how fast a node gets more children; 0: never"},
        {"value", "task", "of a new step", {"task", "score", "rollout"}},
        {"select", "puct", "where a simulation goes", {"puct", "uct", "gumbel"}},
        {"considered", 16, "first steps, for gumbel"},
        reduction},
       &make_tree_search},
      {"ab_mcts",
       "AB-MCTS-A",
       "search",
       "nodes",
       "",
       {{"nodes", 64, "steps drawn in all"}, {"leaves", 4, "steps drawn in one round"}, reduction},
       &make_ab_mcts},
      {"rstar",
       "rStar",
       "adaptive",
       "rollouts",
       "votes",
       {{"rollouts", 8, "simulations"},
        {"votes", 8, "solutions drawn for one"},
        {"steps", 2, "next steps drawn of each kind"},
        {"max_depth", 5, "steps of a trace"}},
       &make_rstar}};
}

}  // namespace bench
