// SPDX-License-Identifier: MIT
#include "../archetypes/language_model.hpp"
#include "../support/traces.hpp"
#include <outthink/aggregators/verdict_vote.hpp>
#include <outthink/answers/answer_key.hpp>
#include <outthink/backends/replay.hpp>
#include <outthink/backends/scripted.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/program_agreement.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using outthink::generation_request;
using outthink::node_status;
using outthink::random_stream;
using outthink::score_request;
using outthink::backends::scripted;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::program_agreement;
using outthink::verifiers::program_agreement_options;
using outthink::verifiers::read_program;

namespace {

/// What stands behind the last equals sign.
std::string answer_of(std::string_view solution) {
  const std::size_t at = solution.rfind('=');
  return at == std::string_view::npos ? "" : std::string(solution.substr(at + 1));
}

std::string meaning(std::string_view answer) {
  return outthink::answer_key(answer);
}

/// A machine that knows one instruction.
std::optional<std::string> run(std::string_view program) {
  if (!program.starts_with("print ")) return std::nullopt;
  return std::string(program.substr(6));
}

/// Translates a solution into the program that its first letter stands for.
auto translator() {
  return scripted([](const generation_request& asked, random_stream&) -> std::string {
    const std::string text = asked.trace.text();
    const char kind = text[text.find("Solution:\n") + 10];
    if (kind == 'r') return "Here:\n```\nprint 1/2\n```\n";
    if (kind == 'w') return "```\nprint 3\n```";
    if (kind == 's') return "```\nprint \n```";
    return "I cannot.";
  });
}

}  // namespace

static_assert(outthink::verifier<program_agreement<
                  archetypes::one_word_model, std::optional<std::string> (*)(std::string_view)>>);

TEST_CASE("read_program takes what the last closed fence holds") {
  CHECK(read_program("a\n```python\nx = 1\nprint(x)\n```\nb") == "x = 1\nprint(x)\n");
  CHECK(read_program("```\nfirst\n```\n```\nsecond\n```") == "second\n");
  CHECK(read_program("print(1)") == "print(1)");
  CHECK(read_program("```\nnever closed") == "```\nnever closed");
  CHECK(read_program("```print 1```") == "print 1");
  CHECK(read_program("") == "");
}

TEST_CASE("program_agreement: right if both give one answer, and no verdict without two answers") {
  auto model = translator();
  program_agreement verifier(model, &run, {.answer = &answer_of, .key = &meaning});
  traces all;
  const auto judged = [&](std::string text) {
    const std::vector<score_request> requests{all.request(all.add({text}, node_status::finished))};
    return verifier.answer(requests)[0].scores[0];
  };
  CHECK(judged("r: x = 0.5\n") == 1);     // agrees by meaning
  CHECK(judged("w: x = 0.5") == 0);       // the program says 3
  CHECK(judged("s: x = 0.5") == 0.5F);    // the program prints nothing
  CHECK(judged("n: x = 0.5") == 0.5F);    // there is no program that runs
  CHECK(judged("r: no answer") == 0.5F);  // there is nothing to compare with
}

TEST_CASE("program_agreement compares bytes without a key, but for blanks around them") {
  auto model = translator();
  program_agreement verifier(model, &run, {.answer = &answer_of});
  traces all;
  const std::vector<score_request> requests{
      all.request(all.add({"r= 1/2 \n"}, node_status::finished)),
      all.request(all.add({"r=0.5"}, node_status::finished)), all.request(all.add({"r=1/2"}))};
  const auto verdicts = verifier.answer(requests);
  CHECK(scores_of(verdicts[0]) == std::vector<float>{1});
  CHECK(scores_of(verdicts[1]) == std::vector<float>{0});
  CHECK(verdicts[2].scores[0] != verdicts[2].scores[0]);  // not finished: not judged
  CHECK(verdicts[0].spent.tokens_written > 0);
  CHECK(verdicts[2].spent.tokens_written == 0);
}

// 7 agrees, 7 disagrees, 8 agrees twice: the survivors are 7, 8, 8. A failure to run is no
// mismatch.
TEST_CASE("program_agreement filters a vote, and all vote if none survives") {
  const auto vote = [](const std::vector<std::string>& solutions,
                       const std::vector<std::string>& programs) {
    outthink::backends::replay writer;
    for (const std::string& one : solutions) writer.record("p", {.text = one});
    scripted translate([&](const generation_request& asked, random_stream&) {
      std::size_t which = 0;
      while (asked.trace.text().find(solutions[which]) == std::string::npos) ++which;
      return programs[which];
    });
    program_agreement verifier(translate, &run, {.answer = &answer_of});
    outthink::solve_options options;
    options.answer = &answer_of;
    return outthink::solve("p", writer,
                           outthink::repeated_sampling{.n = static_cast<int>(solutions.size())},
                           verifier, outthink::verdict_vote{1, 1, 0}, options);
  };
  const std::vector<std::string> solutions{"a=7", "b=7", "c=8", "d=8"};
  CHECK(vote(solutions, {"print 7", "print 5", "print 8", "print 8"}).answer == "8");
  CHECK(vote(solutions, {"print 7", "crash", "print 5", "print 8"}).answer == "7");
  CHECK(vote(solutions, {"print 0", "print 0", "print 0", "print 0"}).confidence == 0.5);
}

TEST_CASE("program_agreement needs to know where a solution's answer is") {
  using made = program_agreement<archetypes::one_word_model, decltype(&run)>;
  CHECK_THROWS_AS(made(archetypes::one_word_model("x"), &run, {}), outthink::error);
}
