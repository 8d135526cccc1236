// SPDX-License-Identifier: MIT
#include <outthink/interop/json.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/game_of_24.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using verifiers::game_of_24;

namespace {

std::size_t legal(std::string_view prompt, std::vector<std::string_view> steps) {
  return game_of_24::legal_steps(prompt, steps);
}

/// Independent solver over small fractions as pairs; writes the first solution it finds.
struct fraction {
  long n, d;
};

std::string spelled(fraction f) {
  return f.d == 1 ? std::to_string(f.n) : std::to_string(f.n) + "/" + std::to_string(f.d);
}

std::optional<fraction> compute(fraction a, char sign, fraction b) {
  fraction r{};
  if (sign == '+') r = {a.n * b.d + b.n * a.d, a.d * b.d};
  if (sign == '-') r = {a.n * b.d - b.n * a.d, a.d * b.d};
  if (sign == '*') r = {a.n * b.n, a.d * b.d};
  if (sign == '/') r = {a.n * b.d, a.d * b.n};
  if (r.d == 0) return std::nullopt;
  if (r.d < 0) r = {-r.n, -r.d};
  const long g = std::gcd(r.n, r.d);
  return fraction{r.n / g, r.d / g};
}

std::optional<std::string> find_solution(const std::vector<fraction>& left) {
  if (left.size() == 1) {
    if (left[0].n == 24 && left[0].d == 1) return std::string();
    return std::nullopt;
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < left.size(); ++j) {
      for (const char sign : {'+', '-', '*', '/'}) {
        if (i == j) continue;
        const auto result = compute(left[i], sign, left[j]);
        if (!result) continue;
        std::vector<fraction> rest{*result};
        std::string line =
            spelled(left[i]) + sign + spelled(left[j]) + "=" + spelled(*result) + ":";
        line += spelled(*result);
        for (std::size_t k = 0; k < left.size(); ++k) {
          if (k == i || k == j) continue;
          rest.push_back(left[k]);
          line.append(" ").append(spelled(left[k]));
        }
        if (const auto tail = find_solution(rest)) return line + "\n" + *tail;
      }
    }
  }
  return std::nullopt;
}

std::vector<fraction> numbers(std::string_view prompt) {
  std::vector<fraction> read;
  long value = 0;
  for (const char c : prompt) {
    if (c >= '0' && c <= '9') {
      value = 10 * value + (c - '0');
    } else {
      read.push_back({value, 1});
      value = 0;
    }
  }
  return read;
}

}  // namespace

TEST_CASE("game_of_24 accepts the legal steps of a solution and only those") {
  const std::string_view prompt = "4 9 10 13\n";
  CHECK(legal(prompt, {"13-9=4:4 4 10\n", "10-4=6:4 6\n", "6*4=24:24\n"}) == 3);
  CHECK(legal(prompt, {"13-9=4:10 4 4\n"}) == 1);
  CHECK(legal(prompt, {"13-9=5:4 5 10\n"}) == 0);
  CHECK(legal(prompt, {"13-8=5:4 5 10\n"}) == 0);
  CHECK(legal(prompt, {"13-9=4:4 10\n"}) == 0);
  CHECK(legal(prompt, {"13-9=4:4 4 10 13\n"}) == 0);
  CHECK(legal(prompt, {"13-9=4:4 4 10\n", "10-4=6:4 6\n", "6-4=2:2\n"}) == 2);
  CHECK(legal(prompt, {"13-9=4:4 4 10\n", "10-4=6:4 6\n", "6-4=24:24\n"}) == 2);
  CHECK(legal(prompt, {"9-13=-4:-4 4 10\n", "4--4=8:8 10\n"}) == 2);
  CHECK(legal(prompt, {"13-9=4\n"}) == 0);
  CHECK(legal(prompt, {""}) == 0);
}

TEST_CASE("game_of_24 computes with exact fractions") {
  const std::string_view prompt = "3 3 8 8\n";
  CHECK(game_of_24::solves(prompt, "8/3=8/3:3 8 8/3\n3-8/3=1/3:8 1/3\n8/1/3=24:24\n"));
  CHECK_FALSE(game_of_24::solves(prompt, "8/3=2:2 3 8\n3*8=24:2 24\n24*1=24:24\n"));
  CHECK(legal("0 1 2 3\n", {"1/0=0:0 2 3\n"}) == 0);
}

TEST_CASE("game_of_24 needs every number to be used and nothing to follow") {
  CHECK_FALSE(game_of_24::solves("4 9 10 13\n", "13-9=4:4 4 10\n10-4=6:4 6\n"));
  CHECK_FALSE(game_of_24::solves("4 9 10 13\n", ""));
  CHECK_FALSE(
      game_of_24::solves("4 9 10 13\n", "13-9=4:4 4 10\n10-4=6:4 6\n6*4=24:24\n24*1=24:24\n"));
}

TEST_CASE("game_of_24 accepts what an independent solver finds for the shipped puzzles") {
  const auto puzzles = load_problems(OUTTHINK_SOURCE_DIR "/examples/problems/game24.json", "test");
  REQUIRE(puzzles.size() == 100);
  for (const labelled_problem& puzzle : puzzles) {
    const auto solution = find_solution(numbers(puzzle.question.prompt));
    REQUIRE(solution.has_value());
    CHECK(game_of_24::solves(puzzle.question.prompt, *solution));
    std::string wrong = *solution;  // another operand in the first step
    wrong[0] = wrong[0] == '9' ? '8' : static_cast<char>(wrong[0] + 1);
    CHECK_FALSE(game_of_24::solves(puzzle.question.prompt, wrong));
  }
}

TEST_CASE("game_of_24 as a verifier scores the steps asked for with 1 or 0") {
  text_tree tree(step_payload{.text = "4 9 10 13\n"});
  node_id at = text_tree::root();
  for (const char* step : {"13-9=4:4 4 10\n", "10-4=7:4 7\n", "7*4=28:28\n"}) {
    at = tree.add_children(at, 1)[0];
    tree.set_payload(at, {.text = step}, node_status::open);
  }
  const step_rule rule;
  const std::array<score_request, 2> requests{score_request{{tree, at}, 0, &rule, {}},
                                              score_request{{tree, at}, 2, &rule, {}}};
  const auto verdicts = game_of_24{}.answer(requests);
  CHECK(verdicts[0].scores.size() == 3);
  CHECK(verdicts[0].scores[0] == 1.0F);
  CHECK(verdicts[0].scores[1] == 0.0F);
  CHECK(verdicts[0].scores[2] == 0.0F);
  CHECK(verdicts[1].scores.size() == 1);
}

TEST_CASE("game_of_24 survives any bytes") {
  const std::vector<std::string_view> odd{"=",       ":",
                                          "=:",      "999999999999999999999+1=1:1",
                                          "1/0=1:1", "\xff\xfe=1:1",
                                          "13-9=4:", "13-9=4:99999999999999999999"};
  for (const std::string_view step : odd) CHECK(legal("4 9 10 13\n", {step}) == 0);
  CHECK(legal("", {"1+1=2:2\n"}) == 0);
}
