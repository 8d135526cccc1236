// SPDX-License-Identifier: MIT
// Snippets of docs/reference/answers.md.
#include <outthink/answers/answer_key.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace outthink;

TEST_CASE("docs: answers are grouped by meaning") {
  int sample = 0;
  backends::scripted model([&](const generation_request&, random_stream&) {
    const std::vector<std::string> written{"Half: \\boxed{0.5}", "So \\boxed{2}.",
                                           "\\boxed{\\frac{1}{2}}"};
    return written[static_cast<std::size_t>(sample++) % written.size()];
  });
  const problem question = "What is the chance of heads?\n";

  const solve_options options{.answer = &boxed_answer, .key = &answer_key};
  const outcome result =
      solve(question, model, repeated_sampling{.n = 3}, no_verifier{}, majority_vote{}, options);
  CHECK(result.answer == "0.5");  // as the first sample wrote it; two of three agree

  CHECK(result.confidence == doctest::Approx(2.0 / 3));
}

TEST_CASE("docs: percentages and choices") {
  CHECK(answer_key("12.5\\%") == answer_key("1/8"));
  CHECK(answer_key("50\\%", {.percent = answers::percent_sign::unit}) == answer_key("50"));
  CHECK(answer_key("\\textbf{(B)}\\ 12", {.choices = 5}) == "B");
}
