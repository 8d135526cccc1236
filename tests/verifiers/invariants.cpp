// SPDX-License-Identifier: MIT
// What holds for every verifier, alone or composed.
#include "../support/markov_model.hpp"
#include "../support/same_outcome.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/beam_search.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/token_confidence.hpp>
#include <outthink/verifiers/cascade.hpp>
#include <outthink/verifiers/confidence.hpp>
#include <outthink/verifiers/critique_model.hpp>
#include <outthink/verifiers/ensemble.hpp>
#include <outthink/verifiers/generative_verifier.hpp>
#include <outthink/verifiers/inverse_perplexity.hpp>
#include <outthink/verifiers/memo.hpp>
#include <outthink/verifiers/process_advantage.hpp>
#include <outthink/verifiers/program_agreement.hpp>
#include <outthink/verifiers/rollout_value.hpp>
#include <outthink/verifiers/rule.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using outthink::test::toy_tree;

namespace {

// A judge that draws: its replies depend on the stream alone.
auto drawing_judge() {
  return backends::scripted([](const generation_request&, random_stream& random) {
    const std::uint32_t number = random.below(4);
    return std::string(number % 2 == 0 ? "yes, step " : "no, step ") + std::to_string(number);
  });
}

std::vector<outcome> results(auto& verifier, const auto& policy, std::size_t max_batch,
                             std::size_t max_live) {
  const std::vector<problem> problems{"p", "q", "r"};
  toy_tree model{.depth = 3, .letters = 3, .random = true};
  solve_options options;
  options.seed = 11;
  options.max_batch = max_batch;
  options.max_live = max_live;
  return solve_all(problems, model, policy, verifier, best_score{}, options);
}

/// `make()` gives a fresh verifier: outcomes must not depend on how its requests were batched.
template <class Make>
void check_batches(Make make, bool charges_in_order = false) {
  const auto check = [&](const auto& policy) {
    auto first = make();
    const std::vector<outcome> expected = results(first, policy, 512, 256);
    for (const std::size_t max_batch : {std::size_t{1}, std::size_t{3}, std::size_t{512}}) {
      for (const std::size_t max_live : {std::size_t{1}, std::size_t{2}}) {
        auto verifier = make();
        std::vector<outcome> again = results(verifier, policy, max_batch, max_live);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          if (charges_in_order) again[i].spent = expected[i].spent;
          CHECK(test::same(again[i], expected[i]));
          CHECK(expected[i].status == outcome_status::answered);
        }
      }
    }
  };
  check(beam_search{.width = 2, .expand = 3});
  check(repeated_sampling{.n = 5});
}

}  // namespace

TEST_CASE("the outcome of a search does not depend on how a verifier's requests are batched") {
  auto judge = drawing_judge();
  toy_tree model{.depth = 3, .letters = 3, .random = true};
  test::markov_model reader;
  const auto ends_in_a = [](std::string_view, std::string_view text) {
    return text.ends_with('a');
  };
  const auto check = [](const trace_view& trace) {
    return static_cast<double>(trace.solution().size() % 3) / 3;
  };
  const auto rollouts = [&] { return verifiers::rollout_value(model, ends_in_a, {.rollouts = 4}); };
  SUBCASE("rule") {
    check_batches([&] { return verifiers::rule(check); });
  }
  SUBCASE("generative_verifier") {
    check_batches([&] { return verifiers::generative_verifier(judge); });
  }
  SUBCASE("critique_model") {
    check_batches([&] { return verifiers::critique_model(judge, {.critiques = 3}); });
  }
  SUBCASE("rollout_value") {
    check_batches(rollouts);
  }
  SUBCASE("process_advantage") {
    check_batches([&] { return verifiers::process_advantage(rollouts()); });
  }
  SUBCASE("confidence") {
    check_batches(
        [&] { return verifiers::confidence(reader, token_confidence{}, token_reduction{}); });
  }
  SUBCASE("inverse_perplexity") {
    check_batches([] { return verifiers::inverse_perplexity{}; });
  }
  SUBCASE("program_agreement") {
    check_batches([&] {
      const auto run = [](std::string_view program) {
        return program.starts_with("yes") ? std::optional<std::string>("a") : std::nullopt;
      };
      return verifiers::program_agreement(judge, run, {.answer = &whole_solution});
    });
  }
  SUBCASE("ensemble") {
    check_batches([&] {
      return verifiers::ensemble(verifiers::combination::product_of_experts,
                                 verifiers::generative_verifier(judge), rollouts());
    });
  }
  SUBCASE("cascade") {
    check_batches([&] { return verifiers::cascade(verifiers::rule(check), rollouts()); });
  }
  SUBCASE("memo") {
    check_batches([&] { return verifiers::memo{verifiers::rule(check)}; }, true);
  }
}
