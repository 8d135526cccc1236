// SPDX-License-Identifier: MIT
// What normal forms of answers, votes over them, and confidences of traces of 32,768 tokens cost, a
// row each, beside the time wanted.
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/answers/answer_key.hpp>
#include <outthink/core/candidate.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr int kRuns = 41;
std::size_t sink = 0;  // what was computed is looked at, so that it is computed

/// Prints minimum and median of many runs, in microseconds.
template <class Work>
void print_row(std::string_view name, std::string_view wanted, int calls, const Work& work) {
  std::vector<double> runs;
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i) sink += work();
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - begin;
    runs.push_back(taken.count() / calls);
  }
  std::sort(runs.begin(), runs.end());
  fmt::print("{:<44}{:>12.3f}{:>12.3f}{:>12}\n", name, runs.front(), runs[kRuns / 2], wanted);
}

void key_of(std::string_view name, std::string_view wanted, const std::string& answer) {
  print_row(name, wanted, 100, [&answer] { return outthink::answer_key(answer).size(); });
}

/// Answers of many samples to one problem: few values, in many notations.
std::vector<outthink::candidate> samples(std::size_t n) {
  const std::vector<std::string> answers{
      "1/2", "0.5",   "$\\frac{1}{2}$", "0.50",       "50\\%",  "\\dfrac{1}{2}",
      "42",  "1,000", "x = 3",          "2\\sqrt{3}", "(1, 2)", "no solution"};
  outthink::random_stream random({.key = 1, .place = 1});
  std::vector<outthink::candidate> made(n);
  for (outthink::candidate& one : made) {
    const std::uint32_t drawn = random.below(16);
    one.answer = drawn < answers.size() ? answers[drawn] : std::to_string(random.below(1000));
  }
  return made;
}

}  // namespace

int main() {
  fmt::print("{:<44}{:>12}{:>12}{:>12}\n", "µs", "minimum", "median", "wanted");
  key_of("answer_key: 42", "0.3", "42");
  key_of("answer_key: 1,234.5", "0.3", "1,234.5");
  key_of("answer_key: 6.02e23", "0.3", "6.02e23");
  key_of("answer_key: \\frac{1}{2}", "0.3", "\\frac{1}{2}");
  key_of(
      "answer_key: intervals and sets, 103 bytes", "2",
      "\\left(-\\infty, \\frac{1}{2}\\right) \\cup \\left[\\frac{3}{4}, \\sqrt{12}\\right) \\cup "
      "\\left(7,\\infty\\right)");
  key_of("answer_key: a matrix, 88 bytes", "2",
         "\\begin{pmatrix} 1 & 2 & \\frac{1}{2} \\\\ 3 & 4 & 5 \\\\ -\\sqrt{3} & 0.25 & x+1 "
         "\\end{pmatrix}");
  key_of(
      "answer_key: a polynomial, 98 bytes", "2",
      "\\frac{-3+\\sqrt{5}}{2} x^2 + \\frac{1}{\\sqrt{2}} y - \\dfrac{2}{3}\\left(x+1\\right)^2 + "
      "\\frac{\\pi}{4}");
  key_of("answer_key: prose, 60 bytes", "2",
         "The answer is not determined by the statement of the problem");
  std::vector<outthink::candidate> many = samples(10'000);
  print_row("majority_vote over 10,000 samples, keys too", "3000", 1, [&many] {
    for (outthink::candidate& one : many) one.key = outthink::answer_key(one.answer);
    return outthink::majority_vote{}(many).chosen;
  });
  print_row("majority_vote over 10,000 samples with keys", "", 1,
            [&many] { return outthink::majority_vote{}(many).chosen; });
  outthink::random_stream random({.key = 1, .place = 2});
  std::vector<float> tokens(32'768);
  for (float& token : tokens) token = static_cast<float>(20 * random.uniform());
  using outthink::confidence_measure;
  for (const auto& [name, measure] :
       {std::pair("trace_confidence, lowest group of 2,048", confidence_measure::lowest_group),
        std::pair("trace_confidence, bottom tenth", confidence_measure::bottom_groups)}) {
    print_row(name, "100", 1, [&tokens, chosen = measure] {
      return static_cast<std::size_t>(outthink::trace_confidence(tokens, chosen));
    });
  }
  return sink == 1 ? 1 : 0;
}
