// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/knockout.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/generative_comparer.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using outthink::comparison;
using outthink::comparison_request;
using outthink::generation;
using outthink::generation_request;
using outthink::random_stream;
using outthink::backends::scripted;
using outthink::verifiers::generative_comparer;
using outthink::verifiers::read_preference;

static_assert(outthink::comparer<generative_comparer<archetypes::one_word_model>>);
static_assert(outthink::comparer<generative_comparer<archetypes::one_word_model&>>);

namespace {

/// Replies with the i-th of some texts to the i-th vote, and counts what it costs.
auto replies(std::vector<std::string> texts) {
  return scripted([texts](const generation_request& asked, random_stream&) {
    generation made;
    made.text = texts[asked.ordinal % texts.size()];
    made.spent = {.tokens_read = 10, .tokens_written = 5, .flops = 2, .money = 0.25};
    return made;
  });
}

std::vector<comparison> compare(auto& judge, std::string_view first, std::string_view second) {
  const std::vector<comparison_request> asked{{.problem = "p", .first = first, .second = second}};
  return judge.answer(asked);
}

}  // namespace

TEST_CASE("read_preference takes the last mark of a reply") {
  CHECK(read_preference("[[A]]") == 1);
  CHECK(read_preference("A is short. My verdict: [[B]].") == 0);
  CHECK(read_preference("not [[A]], not [[B]]: [[C]]") == 0.5F);
  for (const std::string_view silent : {"", "A", "[A]", "[[D]]", "[[A]", "[[a]]"}) {
    CHECK(std::isnan(read_preference(silent)));
  }
}

TEST_CASE("generative_comparer gives the mean of the votes; silence is a tie") {
  auto model = replies({"[[A]]", "[[A]]", "[[B]]", "[[C]]", "hm"});
  generative_comparer judge(model, {.votes = 5});
  const auto said = compare(judge, "x", "y");
  CHECK(said[0].first_wins == doctest::Approx((1 + 1 + 0 + 0.5 + 0.5) / 5));
  CHECK(said[0].spent == outthink::cost{50, 25, 10, 1.25});
  CHECK(said[0].failure.empty());
}

TEST_CASE("generative_comparer's question shows the problem and both texts, in their order") {
  const std::string prompt = outthink::verifiers::ask_which_is_better(
      {.problem = "1+1=", .first = "two", .second = "three"});
  CHECK(prompt.find("1+1=") < prompt.find("Solution A:\ntwo"));
  CHECK(prompt.find("Solution A:\ntwo") < prompt.find("Solution B:\nthree"));
}

TEST_CASE("generative_comparer takes another question and another reading") {
  scripted model(
      [](const generation_request& asked, random_stream&) { return asked.trace.text(); });
  const auto prompt = [](const comparison_request& asked) {
    return std::string(asked.first) + "|" + std::string(asked.second);
  };
  generative_comparer judge(
      model, {.read = [](std::string_view reply) { return reply == "x|y" ? 0.75F : 0.25F; }},
      prompt);
  CHECK(compare(judge, "x", "y")[0].first_wins == 0.75F);
  CHECK(compare(judge, "y", "x")[0].first_wins == 0.25F);
}

TEST_CASE("generative_comparer: a reply that fails fails its comparison alone") {
  scripted model([](const generation_request& asked, random_stream&) {
    generation made{.text = "[[B]]"};
    if (asked.trace.text().find("bad") == std::string::npos) return made;
    made.ended = outthink::finish::failed;
    made.text = "down";
    return made;
  });
  generative_comparer judge(model);
  const std::vector<comparison_request> asked{{.problem = "p", .first = "a", .second = "b"},
                                              {.problem = "p", .first = "bad", .second = "b"}};
  const auto said = judge.answer(asked);
  CHECK(said[0].failure.empty());
  CHECK(said[0].first_wins == 0);
  CHECK(said[1].failure == "language model: down");
}

// A judge who always says A knows nothing: asked both ways round, every match is a draw, which the
// earlier solution wins. One who sees a length finds the longest of eight.
TEST_CASE("generative_comparer decides tournaments") {
  scripted writer([](const generation_request& asked, random_stream&) {
    return std::string(1 + asked.ordinal * 3 % 8, 'x');
  });
  const auto winner = [&](auto& judge) {
    const outthink::knockout<outthink::repeated_sampling, std::remove_reference_t<decltype(judge)>>
        policy{{.n = 8}, judge};
    return outthink::solve("p", writer, policy, outthink::no_verifier{}, outthink::best_score{})
        .answer;
  };
  auto stubborn = replies({"[[A]]"});
  generative_comparer by_position(stubborn);
  CHECK(winner(by_position) == "x");
  scripted measuring([](const generation_request& asked, random_stream&) {
    const std::string text = asked.trace.text();
    const auto a = text.find("Solution A:\n") + 12, b = text.find("Solution B:\n") + 12;
    return std::string(text.find('\n', a) - a > text.find('\n', b) - b ? "[[A]]" : "[[B]]");
  });
  generative_comparer by_length(measuring);
  CHECK(winner(by_length) == "xxxxxxxx");
}

TEST_CASE("generative_comparer needs a vote") {
  CHECK_THROWS_AS(generative_comparer(archetypes::one_word_model("yes"), {.votes = 0}),
                  outthink::error);
}
