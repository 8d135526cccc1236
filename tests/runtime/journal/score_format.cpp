// SPDX-License-Identifier: MIT
#include "formats.hpp"
#include <outthink/core/search_tree.hpp>
#include <outthink/runtime/journal/score_format.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

using namespace outthink;
using test::read_back;
using test::written;

static_assert(record_format<score_format, score_request, verdict>);

TEST_CASE("score_format: a request is JSON with all that the trace's texts do not say") {
  text_tree tree(step_payload{.text = "p"});
  const step_rule rule{.delimiter = ";"};
  const score_request asked{{tree, tree.root()}, 2, &rule, {.key = 1, .place = 3}};
  const auto open = nlohmann::json::parse(written(score_format{}, asked));
  CHECK(open == nlohmann::json{{"from", 2},
                               {"finished", false},
                               {"delimiter", ";"},
                               {"stops", nlohmann::json::array()},
                               {"step_tokens", 256},
                               {"solution_tokens", 4096},
                               {"key", "1"},
                               {"place", "3"}});
  tree.set_status(tree.root(), node_status::finished);
  CHECK(nlohmann::json::parse(written(score_format{}, asked)).at("finished") == true);
}

TEST_CASE("score_format: scores read back to the bit, those that are no numbers too") {
  verdict answer;
  for (const float score :
       {0.1F, -0.0F, std::numeric_limits<float>::denorm_min(), std::nanf(""), -std::nanf(""),
        std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    answer.scores.push_back(score);
  }
  const verdict read = read_back(score_format{}, answer);
  REQUIRE(read.scores.size() == answer.scores.size());
  for (std::size_t i = 0; i < read.scores.size(); ++i) {
    CHECK(std::bit_cast<std::uint32_t>(read.scores[i]) ==
          std::bit_cast<std::uint32_t>(answer.scores[i]));
  }
  CHECK(read_back(score_format{}, verdict{}).scores.empty());
}

TEST_CASE("score_format: a failure is no answer") {
  verdict failed;
  CHECK(score_format::answered(failed));
  failed.failure = "no";
  CHECK_FALSE(score_format::answered(failed));
}
