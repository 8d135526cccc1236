// SPDX-License-Identifier: MIT
// The other tests of plans link what is defined here.
#include "../../benchmarks/outthink_bench/policies.cpp"

#include "../../benchmarks/outthink_bench/sampling_policies.cpp"
#include "../../benchmarks/outthink_bench/step_policies.cpp"
#include "../../benchmarks/outthink_bench/tree_policies.cpp"
#include "../support/same_outcome.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/runtime/solve.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>
#include <string_view>

using namespace bench;
using outthink::extent;
using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::random_stream;

namespace {

nlohmann::json usual_parameters(const policy_entry& of) {
  nlohmann::json usual = nlohmann::json::object();
  for (const parameter& p : of.parameters) usual[p.name] = p.otherwise;
  return usual;
}

/// Writes "a\n" seven times of ten, else "b\n", and then "x", which ends the solution.
auto two_steps() {
  return outthink::backends::scripted([](const generation_request& asked, random_stream& random) {
    generation written;
    const std::string so_far = asked.trace.text();
    if (!so_far.ends_with("a\n") && !so_far.ends_with("b\n")) {
      const bool is_a = random.uniform() < 0.7;
      written.text = is_a ? "a\n" : "b\n";
      written.logprob = std::log(is_a ? 0.7F : 0.3F);
      written.ended = finish::step_end;
      if (asked.until == extent::step) return written;
    }
    written.text += "x";
    written.ended = finish::text_end;
    return written;
  });
}

outthink::outcome solution_by(const any_policy& policy) {
  auto writes = two_steps();
  outthink::any_language_model model(writes);
  outthink::test::scripted_verifier likes_a(
      [](std::string_view text) { return text.starts_with("a") ? 0.9 : 0.1; });
  outthink::any_verifier verifier(likes_a);
  return solve(outthink::problem("problem "), model, policy, verifier, outthink::best_score{});
}

}  // namespace

TEST_CASE("every policy of the list can be made from its usual parameters") {
  std::set<std::string> names;
  for (const policy_entry& one : all_policies()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    const nlohmann::json usual = usual_parameters(one);
    CHECK(usual.contains(one.drawn));
    CHECK((one.each.empty() || usual.contains(one.each)));
    CHECK(one.make(parameter_values(usual), {}).needs_verifier() == (one.family == "search"));
  }
}

TEST_CASE("every policy of the list finds what its model mostly writes and its verifier likes") {
  for (const policy_entry& one : all_policies()) {
    INFO(one.name);
    const outthink::outcome found =
        solution_by(one.make(parameter_values(usual_parameters(one)), {}));
    CHECK(found.message == "");
    CHECK(found.answer == "a\nx");
  }
}

TEST_CASE("words choose the rule by which sampling stops, and where a tree search goes") {
  const auto named = [](std::string_view policy, const char* parameter, const char* word) {
    for (const policy_entry& one : all_policies()) {
      if (one.name != policy) continue;
      nlohmann::json values = usual_parameters(one);
      values[parameter] = word;
      return solution_by(one.make(parameter_values(values), {}));
    }
    return outthink::outcome();
  };
  using outthink::test::same;
  const auto stops_by = [&](const char* word, auto rule) {
    CHECK(same(named("adaptive_sampling", "stop", word),
               solution_by(any_policy::with_verifier(
                   outthink::adaptive_sampling<decltype(rule)>{rule, 4, 64}))));
  };
  stops_by("adaptive_consistency", outthink::adaptive_consistency{});
  stops_by("early_stopping_consistency", outthink::early_stopping_consistency{});
  stops_by("best_of_infinity", outthink::best_of_infinity{});
  const auto goes_by = [&](const char* word, auto selection) {
    CHECK(same(named("tree_search", "select", word),
               solution_by(
                   any_policy::with_verifier(outthink::monte_carlo_tree_search<decltype(selection)>{
                       .simulations = 16, .expand = 4, .select = selection}))));
  };
  goes_by("puct", outthink::puct{});
  goes_by("uct", outthink::uct{});
  goes_by("gumbel", outthink::gumbel{});
}
