// SPDX-License-Identifier: MIT
#include "../archetypes/search.hpp"
#include "../support/scripted_verifier.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/budget_forcing.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using outthink::budget_forcing;
using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::majority_vote;
using outthink::no_verifier;
using outthink::random_stream;
using outthink::solve;

static_assert(outthink::policy<budget_forcing, archetypes::fruitless_search>);

namespace {

/// Thinks in stretches of `stretch` tokens, a dot each, ended by </think> or by the end of the
/// text; once its thinking is closed it answers with what it read.
struct thinker {
  using request = generation_request;
  using response = generation;

  std::uint32_t stretch = 10;
  bool writes_end = true;
  std::vector<std::string> read{};
  std::vector<std::uint32_t> limits{};

  std::vector<generation> answer(std::span<const generation_request> asked) {
    std::vector<generation> all;
    for (const generation_request& one : asked) {
      read.push_back(one.trace.solution());
      limits.push_back(one.max_tokens);
      all.push_back(read.back().find("</think>") == std::string::npos ? thought(one)
                                                                      : generation{.text = "42"});
    }
    return all;
  }

 private:
  [[nodiscard]] generation thought(const generation_request& asked) const {
    const std::uint32_t tokens = std::min(stretch, asked.max_tokens);
    generation made{.text = std::string(tokens, '.'), .spent = {.tokens_written = tokens}};
    if (tokens < stretch) {
      made.ended = finish::length;
    } else if (writes_end) {
      made.text += "</think>";
    }
    return made;
  }
};

const std::string ten(10, '.');

}  // namespace

// A model that stops at 10 tokens each time, two ends ignored, a cap of 25: two continuations, and
// the thinking is cut at 25 with the inserted tokens counted.
TEST_CASE("budget_forcing ignores ends, and cuts at the cap with what it inserted counted") {
  for (const bool writes_end : {true, false}) {
    thinker model{.writes_end = writes_end};
    const auto result = solve("p", model, budget_forcing{.waits = 2, .max_thinking = 25},
                              no_verifier{}, majority_vote{});
    const std::string thoughts = ten + "Wait" + ten + "Wait" + "..." + "</think>\nFinal Answer:";
    CHECK(model.read ==
          std::vector<std::string>{"", ten + "Wait", ten + "Wait" + ten + "Wait", thoughts});
    CHECK(model.limits == std::vector<std::uint32_t>{25, 14, 3, 4096});
    CHECK(result.answer == thoughts + "42");
    CHECK(result.spent.model_calls == 4);
    CHECK(result.spent.tokens == 23);
  }
}

TEST_CASE("budget_forcing lets an end stand once it was ignored often enough") {
  thinker model;
  const auto result = solve("p", model, budget_forcing{.waits = 1}, no_verifier{}, majority_vote{});
  CHECK(result.answer == ten + "Wait" + ten + "</think>42");
}

TEST_CASE("budget_forcing closes the thinking of a model that just ends its text") {
  thinker model{.writes_end = false};
  const auto result = solve("p", model, budget_forcing{.waits = 0}, no_verifier{}, majority_vote{});
  CHECK(result.answer == ten + "</think>42");
}

TEST_CASE("budget_forcing lets an end stand that is late enough") {
  for (const std::uint32_t enough : {10U, 11U, 21U, 22U}) {
    thinker model;
    const auto result = solve("p", model, budget_forcing{.waits = 9, .min_thinking = enough},
                              no_verifier{}, majority_vote{});
    // 10 tokens, then 10 + 1 + 10, then 10 + 1 + 10 + 1 + 10.
    const auto stretches = enough <= 10 ? 1 : enough <= 21 ? 2 : 3;
    CHECK(std::count(result.answer.begin(), result.answer.end(), '.') == 10 * stretches);
  }
}

TEST_CASE("budget_forcing does not put in what leaves no room to think on") {
  thinker model;
  const auto result = solve("p", model, budget_forcing{.waits = 9, .max_thinking = 11},
                            no_verifier{}, majority_vote{});
  CHECK(result.answer == ten + "</think>42");
}

TEST_CASE("budget_forcing draws several samples side by side, each thinking as long as it does") {
  std::vector<std::size_t> rounds;
  outthink::backends::scripted model([](const generation_request& asked, random_stream&) {
    const std::string read = asked.trace.solution();
    if (read.find("</think>") != std::string::npos) return generation{.text = "!"};
    const auto tokens = 3 + asked.ordinal;
    if (asked.max_tokens < tokens) return generation{.text = "~", .ended = finish::length};
    return generation{.text = std::string(tokens, static_cast<char>('a' + asked.ordinal)),
                      .spent = {.tokens_written = tokens}};
  });
  outthink::test::scripted_verifier verifier([](std::string_view) { return 0.5; });
  const auto result =
      solve("p", model,
            budget_forcing{.samples = 2, .waits = 1, .max_thinking = 6, .forced_answer = " so"},
            verifier, majority_vote{});
  REQUIRE(result.candidates.size() == 2);
  CHECK(result.candidates[0].solution == "aaaWait~</think> so!");
  CHECK(result.candidates[1].solution == "bbbbWait~</think> so!");
  CHECK(verifier.batches == std::vector<std::size_t>{2});
  CHECK(result.candidates[0].step_scores.size() == 3);
}

TEST_CASE("budget_forcing refuses options out of range") {
  for (const budget_forcing& options :
       {budget_forcing{.samples = 0}, budget_forcing{.waits = -1},
        budget_forcing{.max_thinking = 0}, budget_forcing{.wait = ""},
        budget_forcing{.end_of_thinking = ""}}) {
    const auto result = solve("p", thinker{}, options, no_verifier{}, majority_vote{});
    CHECK(result.status == outthink::outcome_status::failed);
    CHECK(result.message.find("budget_forcing: ") != std::string::npos);
  }
}
