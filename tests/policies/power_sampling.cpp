// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/chi_square.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/power_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::power_sampling;
using outthink::random_stream;
using outthink::solve;
using outthink::solve_all;
using outthink::test::letters_of;

static_assert(outthink::policy<power_sampling, archetypes::fruitless_search>);

namespace {

/// What may follow a trace: a text, which goes on if it ends its line, and its probability.
struct continuation {
  std::string text;
  double probability;
};

/// a is followed by a or b alike, b ends.
std::vector<continuation> two_deep(std::string_view solution) {
  if (solution.empty()) return {{"a\n", 0.6}, {"b", 0.4}};
  return {{"a", 0.5}, {"b", 0.5}};
}

/// Up to three letters, then a dot, with what is likely depending on the last letter.
std::vector<continuation> uneven(std::string_view solution) {
  const std::string letters = letters_of(solution);
  if (letters.size() == 3) return {{".", 1.0}};
  if (letters.empty() || letters.back() == 'a') return {{"a\n", 0.5}, {"b\n", 0.2}, {".", 0.3}};
  return {{"a\n", 0.15}, {"b\n", 0.15}, {".", 0.7}};
}

/// All solutions with their probabilities to the power of `alpha`, which sum to 1.
template <class Next>
std::map<std::string, double> powers(const Next& next, double alpha) {
  std::map<std::string, double> all;
  double total = 0;
  const auto walk = [&](const auto& self, const std::string& text, double p) -> void {
    for (const continuation& one : next(text)) {
      const std::string longer = text + one.text;
      if (one.text.ends_with('\n')) {
        self(self, longer, p * one.probability);
      } else {
        total += all[longer] = std::pow(p * one.probability, alpha);
      }
    }
  };
  walk(walk, "", 1);
  for (auto& [text, weight] : all) weight /= total;
  return all;
}

/// Draws from `next` at the temperature that is asked for, with both log-probabilities.
template <class Next>
auto model_of(Next next) {
  return outthink::backends::scripted(
      [next](const generation_request& asked, random_stream& random) {
        const auto choices = next(asked.trace.solution());
        const double power = 1 / static_cast<double>(asked.sampling.temperature);
        double total = 0;
        for (const continuation& one : choices) total += std::pow(one.probability, power);
        const auto drawn = [&](std::size_t i) {
          return std::pow(choices[i].probability, power) / total;
        };
        double left = random.uniform();
        std::size_t i = 0;
        while (i + 1 < choices.size() && left >= drawn(i)) left -= drawn(i++);
        return generation{
            .text = choices[i].text,
            .ended = choices[i].text.ends_with('\n') ? finish::step_end : finish::text_end,
            .logprob = static_cast<float>(std::log(choices[i].probability)),
            .drawn_logprob = static_cast<float>(std::log(drawn(i)))};
      });
}

/// Probability of a deviation at least as large as that of 3,000 solutions, each of a chain and
/// problem of its own, from the model's distribution to the power of `alpha`.
template <class Next>
double fit(const Next& next, double alpha, const power_sampling& policy) {
  auto model = model_of(next);
  std::vector<outthink::problem> problems;
  for (int i = 0; i < 3000; ++i) problems.emplace_back(std::to_string(i));
  std::map<std::string, std::uint64_t> seen;
  for (const auto& result : solve_all(problems, model, policy, no_verifier{}, majority_vote{})) {
    ++seen[result.answer];
  }
  std::vector<std::uint64_t> observed;
  std::vector<double> expected;
  for (const auto& [text, probability] : powers(next, alpha)) {
    observed.push_back(seen[text]);
    expected.push_back(probability);
  }
  return outthink::test::chi_square_fit(observed, expected);
}

}  // namespace

// a -> {aa, ab} with .6 x .5 each, b with .4: p^2 gives b .4706, where a temperature of 1/2 for
// each step gives a .6923: they disagree about what is likeliest.
TEST_CASE("power_sampling: the power of the whole is not a low temperature") {
  const auto exact = powers(&two_deep, 2);
  CHECK(exact.at("b") == doctest::Approx(0.4706).epsilon(1e-4));
}

// False alarm 1e-3 each. What the chains' start leaves after these moves is far below what
// 3,000 solutions show.
TEST_CASE("power_sampling draws from the power of the model's distribution over solutions") {
  for (const float alpha : {0.5F, 2.0F, 4.0F}) {
    const power_sampling policy{.chains = 1, .alpha = alpha, .moves = 20, .max_steps = 2};
    CHECK(fit(&two_deep, static_cast<double>(alpha), policy) > 1e-3);
  }
}

TEST_CASE("power_sampling is exact for solutions of different length") {
  const power_sampling policy{.chains = 1, .alpha = 2, .moves = 20, .max_steps = 4};
  CHECK(fit(&uneven, 2, policy) > 1e-3);
  CHECK(fit(&uneven, 1.8, policy) < 1e-3);  // this many solutions tell powers apart
}

TEST_CASE("power_sampling is exact at whatever temperature endings are drawn") {
  for (const float temperature : {0.5F, 2.0F}) {
    const power_sampling policy{
        .chains = 1, .alpha = 2, .moves = 60, .max_steps = 4, .temperature = temperature};
    CHECK(fit(&uneven, 2, policy) > 1e-3);
  }
  // Without moves it is what the model draws then: something else.
  CHECK(fit(&uneven, 2, {.chains = 1, .moves = 0, .max_steps = 4, .temperature = 0.5F}) < 1e-3);
}

TEST_CASE("power_sampling refuses a model that does not say how it draws, where that matters") {
  outthink::backends::scripted silent(
      [](const generation_request&, random_stream&) { return std::string("x"); });
  const auto run = [&](float temperature) {
    return solve("p", silent, power_sampling{.chains = 1, .temperature = temperature},
                 no_verifier{}, majority_vote{});
  };
  CHECK(run(1).status == outthink::outcome_status::answered);
  const auto refused = run(0.25F);
  CHECK(refused.status == outthink::outcome_status::failed);
  CHECK(refused.message.find("generation::drawn_logprob") != std::string::npos);
}

TEST_CASE("power_sampling with a power of 1 or without moves is the model itself") {
  CHECK(fit(&uneven, 1, {.chains = 1, .alpha = 1, .moves = 5, .max_steps = 4}) > 1e-3);
  CHECK(fit(&uneven, 1, {.chains = 1, .alpha = 4, .moves = 0, .max_steps = 4}) > 1e-3);
}

TEST_CASE("power_sampling draws at temperature 1, whatever the problem's options") {
  bool plain = true;
  outthink::backends::scripted model([&](const generation_request& asked, random_stream&) {
    plain = plain && asked.sampling == outthink::sampling_options{};
    return std::string("x");
  });
  outthink::solve_options options;
  options.sampling = {.temperature = 0.2F, .top_k = 3, .top_p = 0.5F};
  static_cast<void>(solve("p", model, power_sampling{}, no_verifier{}, majority_vote{}, options));
  CHECK(plain);
}

TEST_CASE("power_sampling gives a candidate for each chain, and none for what never ends") {
  const auto four = solve("p", outthink::test::toy_tree{.depth = 3, .random = true},
                          power_sampling{.chains = 4, .moves = 2}, no_verifier{}, majority_vote{});
  CHECK(four.candidates.size() == 4);
  const auto none =
      solve("p", outthink::test::toy_tree{.depth = 9, .random = true},
            power_sampling{.moves = 2, .max_steps = 3}, no_verifier{}, majority_vote{});
  CHECK(none.candidates.empty());
  CHECK(none.status == outthink::outcome_status::answered);
}

TEST_CASE("power_sampling: chains are those of a run with fewer") {
  const auto run = [](int chains) {
    std::vector<std::string> all;
    const auto result =
        solve("p", model_of(&uneven), power_sampling{.chains = chains, .moves = 3, .max_steps = 4},
              no_verifier{}, majority_vote{});
    for (const auto& made : result.candidates) all.push_back(made.solution);
    return all;
  };
  const auto two = run(2), five = run(5);
  CHECK(two == std::vector(five.begin(), five.begin() + 2));
}

TEST_CASE("power_sampling refuses options out of range") {
  for (const power_sampling& options :
       {power_sampling{.chains = 0}, power_sampling{.alpha = -1}, power_sampling{.moves = -1},
        power_sampling{.max_steps = 0}, power_sampling{.temperature = 0}}) {
    const auto result =
        solve("p", outthink::test::toy_tree{}, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("power_sampling: chains and max_steps") != std::string::npos);
  }
}
