// SPDX-License-Identifier: MIT
#include <outthink/interop/progress_line.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace outthink;

namespace {

progress at(std::size_t done, std::size_t total, double seconds, std::uint64_t tokens,
            double money = 0) {
  progress now;
  now.done = done;
  now.total = total;
  now.seconds = seconds;
  now.spent.tokens = tokens;
  now.spent.money = money;
  return now;
}

outcome answered(const std::string& answer, double confidence) {
  outcome made;
  made.answer = answer;
  made.confidence = confidence;
  made.candidates.resize(1);
  made.chosen = 0;
  return made;
}

}  // namespace

TEST_CASE("progress_line says problems, rate, time left, tokens, cost and the surest answer") {
  best_so_far best;
  CHECK(progress_line(at(0, 30, 0, 0), best) == "0/30  -:-- left  0 tokens");
  CHECK(progress_line(at(0, 30, 2, 500), best) == "0/30  -:-- left  500 tokens (250/s)");
  best.note(answered("24", 0.75));
  CHECK(progress_line(at(12, 30, 8, 45230, 1.25), best) ==
        "12/30  1.50/s  0:12 left  45k tokens (5.7k/s)  cost 1.25  best 0.75 24");
  CHECK(progress_line(at(30, 30, 75.2, 1234567), {}) ==
        "30/30  0.40/s  in 1:16  1.2M tokens (16k/s)");
  CHECK(progress_line(at(1, 100000, 20, 0), {}).find("  555:33:00 left") == std::string::npos);
  CHECK(progress_line(at(1, 10000, 1, 0), {}).find("  2:46:39 left") != std::string::npos);
}

TEST_CASE("best_so_far keeps the surest answer, of equals the first, and nothing without answer") {
  best_so_far best;
  outcome none;
  none.confidence = 1;
  best.note(none);
  CHECK(best.answer.empty());
  best.note(answered("a", std::numeric_limits<double>::quiet_NaN()));
  CHECK(best.answer.empty());
  best.note(answered("b", 0.5));
  best.note(answered("c", 0.5));
  CHECK(best.answer == "b");
  best.note(answered("d", 0.6));
  CHECK(best.answer == "d");
}

TEST_CASE("numbers and times are short") {
  CHECK(detail::short_number(999.4) == "999");
  CHECK(detail::short_number(999.6) == "1.0k");
  CHECK(detail::short_number(9940) == "9.9k");
  CHECK(detail::short_number(9960) == "10k");
  CHECK(detail::short_number(2e18) == "2000P");
  CHECK(detail::clock_text(0) == "0:00");
  CHECK(detail::clock_text(59.1) == "1:00");
  CHECK(detail::clock_text(3725) == "1:02:05");
  CHECK(detail::clock_text(std::numeric_limits<double>::infinity()) == "-:--");
}

TEST_CASE("an answer is shown on one line of printable characters, cut to twenty") {
  CHECK(detail::plain_excerpt("a\nb\x1B", 20) == "a?b?");
  CHECK(detail::plain_excerpt("twenty characters...", 20) == "twenty characters...");
  CHECK(detail::plain_excerpt("twenty-one characters", 20) == "twenty-one charac...");
}
