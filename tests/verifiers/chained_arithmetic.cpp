// SPDX-License-Identifier: MIT
#include <outthink/interop/json.hpp>
#include <outthink/outthink.hpp>
#include <outthink/verifiers/chained_arithmetic.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using verifiers::chained_arithmetic;

namespace {

std::size_t right(std::string_view prompt, std::vector<std::string_view> steps) {
  return chained_arithmetic::right_steps(prompt, steps);
}

}  // namespace

TEST_CASE("chained_arithmetic evaluates from left to right without precedence") {
  CHECK(chained_arithmetic::evaluate("57+38-21*3\n") == 222);
  CHECK(chained_arithmetic::evaluate("5") == 5);
  CHECK_FALSE(chained_arithmetic::evaluate("").has_value());
  CHECK_FALSE(chained_arithmetic::evaluate("5+\n").has_value());
  CHECK_FALSE(chained_arithmetic::evaluate("5/3\n").has_value());
  CHECK_FALSE(chained_arithmetic::evaluate("5+99999999999999999999\n").has_value());
}

TEST_CASE("chained_arithmetic accepts direct steps in order") {
  CHECK(right("57+38-21*3\n", {"57+38=95\n", "95-21=74\n", "74*3=222\n"}) == 3);
  CHECK(right("57+38-21*3\n", {"57+38=95\n", "95-21=75\n", "75*3=225\n"}) == 1);
  CHECK(right("57+38-21*3\n", {"57-21=36\n"}) == 0);
  CHECK(right("57+38-21*3\n", {"38+57=95\n"}) == 0);
  CHECK(right("57+38\n", {"57+38=95\n", "95+1=96\n"}) == 1);
}

TEST_CASE("chained_arithmetic accepts operands split in either order, and nothing in between") {
  CHECK(right("57+38\n", {"57+30=87\n", "87+8=95\n"}) == 2);
  CHECK(right("57+38\n", {"57+8=65\n", "65+30=95\n"}) == 2);
  CHECK(right("500-347\n", {"500-47=453\n", "453-300=153\n"}) == 2);
  CHECK(right("57+38\n", {"57+20=77\n"}) == 0);
  CHECK(right("57+38-21\n", {"57+30=87\n", "87-21=66\n"}) == 1);
  CHECK(right("57+30\n", {"57+30=87\n"}) == 1);
  CHECK(right("57+30\n", {"57+0=57\n"}) == 0);
}

TEST_CASE("chained_arithmetic accepts products split in either order") {
  CHECK(right("847*7\n", {"800*7=5600\n", "47*7=329\n", "5600+329=5929\n"}) == 3);
  CHECK(right("847*7\n", {"47*7=329\n", "800*7=5600\n", "329+5600=5929\n"}) == 3);
  CHECK(right("847*7\n", {"47*7=329\n", "800*7=5600\n", "5600+329=5929\n"}) == 2);
  CHECK(right("847*7\n", {"800*7=5600\n", "5600+329=5929\n"}) == 1);
  CHECK(right("847*7+1\n", {"800*7=5600\n", "47*7=329\n", "5600+329=5929\n", "5929+1=5930\n"}) ==
        4);
  CHECK(right("80*7\n", {"80*7=560\n"}) == 1);
  CHECK(right("847*7\n", {"800*7=5600\n", "40*7=280\n"}) == 1);
}

TEST_CASE("chained_arithmetic reads the answer after the last equals sign") {
  CHECK(chained_arithmetic::answer_of("57+38=95\n95-21=74\n") == "74");
  CHECK(chained_arithmetic::answer_of("57+38=95") == "95");
  CHECK(chained_arithmetic::answer_of("no idea\n").empty());
  CHECK(chained_arithmetic::answer_of("").empty());
}

TEST_CASE("chained_arithmetic agrees with the answers of the shipped problems") {
  const auto problems =
      load_problems(OUTTHINK_SOURCE_DIR "/examples/problems/chained_arithmetic.json");
  REQUIRE(problems.size() >= 100);
  for (const labelled_problem& p : problems) {
    const auto value = chained_arithmetic::evaluate(p.question.prompt);
    REQUIRE(value.has_value());
    CHECK(std::to_string(*value) == p.answer);
  }
}

TEST_CASE("chained_arithmetic survives any bytes") {
  for (const std::string_view step : {"", "\n", "=", "57+38=", "57+38", "+38=95", "57+38=95x",
                                      "\xff", "57 + 38 = 95", "999999999999999999999999+1=1"}) {
    CHECK(right("57+38\n", {step}) == 0);
  }
}

TEST_CASE("chained_arithmetic as a verifier scores the steps asked for with 1 or 0") {
  text_tree tree(step_payload{.text = "57+38-21\n"});
  node_id at = text_tree::root();
  for (const char* step : {"57+38=95\n", "95-21=73\n"}) {
    at = tree.add_children(at, 1)[0];
    tree.set_payload(at, {.text = step}, node_status::open);
  }
  const step_rule rule;
  const std::array<score_request, 1> requests{score_request{{tree, at}, 0, &rule, {}}};
  const auto verdicts = chained_arithmetic{}.answer(requests);
  REQUIRE(verdicts[0].scores.size() == 2);
  CHECK(verdicts[0].scores[0] == 1.0F);
  CHECK(verdicts[0].scores[1] == 0.0F);
}
