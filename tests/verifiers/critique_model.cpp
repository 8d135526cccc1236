// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include "../support/traces.hpp"
#include <outthink/backends/scripted.hpp>
#include <outthink/verifiers/critique_model.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using outthink::generation_request;
using outthink::judgement;
using outthink::random_stream;
using outthink::score_request;
using outthink::backends::scripted;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::critique_model;

namespace {

auto critics(std::vector<std::string> texts) {
  return scripted([texts](const generation_request& asked, random_stream&) {
    return texts[asked.ordinal % texts.size()];
  });
}

}  // namespace

static_assert(outthink::verifier<critique_model<archetypes::one_word_model>>);

TEST_CASE("critique_model: steps before the first error score 1, it and those behind it 0") {
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a\n", "b\n", "c\n", "d"}))};
  auto finds = critics({"the third is off: 2"});
  CHECK(scores_of(critique_model(finds).answer(requests)[0]) == std::vector<float>{1, 1, 0, 0});
  auto begins = critics({"0"});
  CHECK(scores_of(critique_model(begins).answer(requests)[0]) == std::vector<float>(4, 0));
  auto praises = critics({"nothing: -1"});
  CHECK(scores_of(critique_model(praises).answer(requests)[0]) == std::vector<float>(4, 1));
}

TEST_CASE("critique_model: several critiques score the share whose first error lies behind") {
  auto model = critics({"1", "-1", "3", "no idea", "17"});  // the last two are no verdicts
  critique_model verifier(model, {.critiques = 5});
  traces all;
  const auto node = all.add({"a", "b", "c", "d"});
  const std::vector<score_request> requests{all.request(node), all.request(node, 2)};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1, 2.0F / 3, 2.0F / 3, 1.0F / 3});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{2.0F / 3, 1.0F / 3});
  CHECK(verdicts[0].spent.tokens_written == 1 + 2 + 1 + 7 + 2);
}

TEST_CASE("critique_model abstains where no critique says anything") {
  auto model = critics({"hm", "4", "-2"});
  critique_model verifier(model, {.critiques = 3});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c", "d"}))};
  for (const float score : scores_of(verifier.answer(requests)[0])) CHECK(score != score);
}

TEST_CASE("critique_model gives the critiques themselves to whoever revises the solution") {
  auto model = critics({"b is wrong: 1", "fine: -1", "?"});
  critique_model verifier(model, {.critiques = 3});
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b"}))};
  const auto critiques = verifier.critiques(requests);
  REQUIRE(critiques.size() == 3);
  CHECK(critiques[0].verdict == judgement::wrong);
  CHECK(critiques[0].first_error == 1);
  CHECK(critiques[0].text == "b is wrong: 1");
  CHECK(critiques[1].verdict == judgement::right);
  CHECK(critiques[1].first_error == 2);
  CHECK(critiques[2].verdict == judgement::uncertain);
}

TEST_CASE("critique_model's own question numbers the steps from 0") {
  traces all("1+1+1=");
  const auto node = all.add({"1+1=2\n", "2+1=3"});
  const std::string prompt = outthink::verifiers::ask_first_error({all.tree, node});
  CHECK(prompt.find("1+1+1=\n\nSolution:\n[0] 1+1=2\n[1] 2+1=3\n") != std::string::npos);
}

TEST_CASE("critique_model: a reply that fails fails its trace alone") {
  scripted model([](const generation_request& asked, random_stream&) {
    outthink::generation made;
    made.text = "-1";
    if (asked.trace.text().find("bad") == std::string::npos) return made;
    made.ended = outthink::finish::failed;
    return made;
  });
  critique_model verifier(model);
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"bad"})),
                                            all.request(all.add({"good"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK_FALSE(verdicts[0].failure.empty());
  CHECK(scores_of(verdicts[1]) == std::vector<float>{1});
}

TEST_CASE("critique_model needs a critique") {
  CHECK_THROWS_AS(critique_model(archetypes::one_word_model("-1"), {.critiques = 0}),
                  outthink::error);
}
