// SPDX-License-Identifier: MIT
#include "../support/traces.hpp"
#include <outthink/verifiers/judged_steps.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

using outthink::judgement;
using outthink::node_id;
using outthink::node_status;
using outthink::score_request;
using outthink::verdict;
using outthink::test::scores_of;
using outthink::test::traces;
using outthink::verifiers::judged_steps;
using outthink::verifiers::detail::give_scores;
using outthink::verifiers::detail::judged_prefixes;
using outthink::verifiers::detail::score_from;

namespace {

std::vector<std::string> judged(const std::vector<score_request>& requests, judged_steps which) {
  std::vector<std::string> texts;
  for (const auto& part : judged_prefixes(requests, which)) {
    texts.push_back(std::to_string(part.request) + part.trace.solution());
  }
  return texts;
}

}  // namespace

TEST_CASE("judged_prefixes are those of every step asked for, of the last, or of solutions") {
  traces all;
  const node_id open = all.add({"a", "b", "c"});
  const node_id whole = all.add({"x", "y"}, node_status::finished);
  const std::vector<score_request> requests{all.request(open, 1), all.request(whole),
                                            all.request(all.tree.root())};
  using strings = std::vector<std::string>;
  CHECK(judged(requests, judged_steps::every) == strings{"0ab", "0abc", "1x", "1xy"});
  CHECK(judged(requests, judged_steps::last) == strings{"0abc", "1xy"});
  CHECK(judged(requests, judged_steps::solution) == strings{"1xy"});
}

TEST_CASE("a judged prefix has one stream, whichever trace it is asked with") {
  traces all;
  const node_id first = all.add({"a"});
  const node_id second = all.add_below(first, {"b"});
  const std::vector<score_request> requests{all.request(second), all.request(first)};
  const auto parts = judged_prefixes(requests, judged_steps::every);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].stream == parts[2].stream);
  CHECK_FALSE(parts[0].stream == parts[1].stream);
}

TEST_CASE("give_scores puts NaN before the judged steps and leaves a failure without scores") {
  traces all;
  const std::vector<score_request> requests{all.request(all.add({"a", "b", "c"})),
                                            all.request(all.add({"d"})),
                                            all.request(all.add({"e", "f"}))};
  const auto parts = judged_prefixes(requests, judged_steps::last);
  std::vector<verdict> verdicts(3);
  verdicts[1].failure = "lost";
  give_scores(requests, parts, std::vector<float>{1, 2, 3}, verdicts);
  const auto first = scores_of(verdicts[0]), last = scores_of(verdicts[2]);
  REQUIRE(first.size() == 3);
  CHECK(first[0] != first[0]);
  CHECK(first[1] != first[1]);
  CHECK(first[2] == 1);
  CHECK(verdicts[1].scores.empty());
  REQUIRE(last.size() == 2);
  CHECK(last[0] != last[0]);
  CHECK(last[1] == 3);
}

TEST_CASE("score_from takes judgements, truth values and numbers") {
  CHECK(score_from(judgement::uncertain) == 0.5F);
  CHECK(score_from(true) == 1.0F);
  CHECK(score_from(0.25) == 0.25F);
}
