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
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int kRuns = 41;
std::size_t sink = 0;  // what was computed is looked at, so that it is computed

/// Something that is timed, a number of calls at once, beside the time wanted.
struct timed_row {
  std::string name, wanted;
  int calls;
  std::function<std::size_t()> work;
  std::vector<double> runs{};  // microseconds a call
};

/// Times the rows in turn, as a machine may change its pace, and prints minimum and median.
void print(std::vector<timed_row> rows) {
  for (int run = 0; run < kRuns; ++run) {
    for (timed_row& row : rows) {
      const auto begin = std::chrono::steady_clock::now();
      for (int i = 0; i < row.calls; ++i) sink += row.work();
      const std::chrono::duration<double, std::micro> taken =
          std::chrono::steady_clock::now() - begin;
      row.runs.push_back(taken.count() / row.calls);
    }
  }
  fmt::print("{:<44}{:>12}{:>12}{:>12}\n", "µs", "minimum", "median", "wanted");
  for (timed_row& row : rows) {
    std::sort(row.runs.begin(), row.runs.end());
    fmt::print("{:<44}{:>12.3f}{:>12.3f}{:>12}\n", row.name, row.runs.front(), row.runs[kRuns / 2],
               row.wanted);
  }
}

timed_row key_of(const std::string& name, const std::string& wanted, const std::string& answer) {
  return {"answer_key: " + name, wanted, 1000,
          [answer] { return outthink::answer_key(answer).size(); }};
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
  std::vector<timed_row> rows{
      key_of("42", "0.3", "42"),
      key_of("1,234.5", "0.3", "1,234.5"),
      key_of("6.02e23", "0.3", "6.02e23"),
      key_of("\\frac{1}{2}", "0.3", "\\frac{1}{2}"),
      key_of("intervals and sets, 103 bytes", "2",
             "\\left(-\\infty, \\frac{1}{2}\\right) \\cup \\left[\\frac{3}{4}, \\sqrt{12}\\right) "
             "\\cup \\left(7,\\infty\\right)"),
      key_of("a matrix, 88 bytes", "2",
             "\\begin{pmatrix} 1 & 2 & \\frac{1}{2} \\\\ 3 & 4 & 5 \\\\ -\\sqrt{3} & 0.25 & x+1 "
             "\\end{pmatrix}"),
      key_of("a polynomial, 98 bytes", "2",
             "\\frac{-3+\\sqrt{5}}{2} x^2 + \\frac{1}{\\sqrt{2}} y - "
             "\\dfrac{2}{3}\\left(x+1\\right)^2 + \\frac{\\pi}{4}"),
      key_of("prose, 60 bytes", "2",
             "The answer is not determined by the statement of the problem")};
  std::vector<outthink::candidate> many = samples(10'000);
  rows.push_back({"majority_vote over 10,000 samples, keys too", "3000", 1, [&many] {
                    for (outthink::candidate& one : many)
                      one.key = outthink::answer_key(one.answer);
                    return outthink::majority_vote{}(many).chosen;
                  }});
  rows.push_back({"majority_vote over 10,000 samples with keys", "", 1,
                  [&many] { return outthink::majority_vote{}(many).chosen; }});
  outthink::random_stream random({.key = 1, .place = 2});
  std::vector<float> tokens(32'768);
  for (float& token : tokens) token = static_cast<float>(20 * random.uniform());
  using outthink::confidence_measure;
  for (const auto& [name, measure] :
       {std::pair("trace_confidence, lowest group of 2,048", confidence_measure::lowest_group),
        std::pair("trace_confidence, bottom tenth", confidence_measure::bottom_groups)}) {
    rows.push_back({name, "100", 1, [&tokens, chosen = measure] {
                      return static_cast<std::size_t>(outthink::trace_confidence(tokens, chosen));
                    }});
  }
  print(std::move(rows));
  return sink == 1 ? 1 : 0;
}
