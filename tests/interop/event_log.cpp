// SPDX-License-Identifier: MIT
#include "../support/permuted_service.hpp"
#include "../support/scripted_verifier.hpp"
#include "../support/temporary_file.hpp"
#include "../support/toy_tree.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/interop/event_log.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace outthink;
using nlohmann::json;
using outthink::test::content_of;
using outthink::test::temporary_path;

namespace {

std::vector<json> lines_of(const std::string& path) {
  std::vector<json> lines;
  std::istringstream content(content_of(path));
  for (std::string line; std::getline(content, line);) lines.push_back(json::parse(line));
  return lines;
}

}  // namespace

static_assert(event_observer<event_log>);

TEST_CASE("event_log writes the events of a run, a line of JSON each") {
  const temporary_path path("event_log.jsonl");
  test::toy_tree model{.depth = 1};
  no_verifier none;
  const std::vector<problem> problems{"p"};
  {
    event_log log(path.text);
    (void)solve_all(problems, model, repeated_sampling{.n = 1}, none, majority_vote{}, {}, log);
    CHECK(log.complete());
  }
  std::vector<json> lines = lines_of(path.text);
  double latest = 0;
  for (json& line : lines) {
    CHECK(line.at("t").get<double>() >= latest);
    latest = line.at("t").get<double>();
    line.erase("t");
  }
  const json none_spent = usage{};
  json spent = none_spent;
  spent.update({{"tokens", 1}, {"prompt_tokens", 1}, {"model_calls", 1}});
  spent.update({{"flops", 10.0}, {"money", 0.5}});
  const json of_request = {{"problem", 0}, {"service", "model"}, {"request", 1}};
  std::vector<json> expected(6, json::object());
  expected[0] = {{"event", "search_began"}, {"problem", 0}, {"slot", 0}};
  expected[1] = of_request;
  expected[1].update({{"event", "batch_began"}, {"size", 1}});
  expected[2] = of_request;
  expected[2].update({{"event", "request_began"}});
  expected[3] = of_request;
  expected[3].update({{"event", "request_ended"}, {"failed", false}});
  expected[3]["spent"] = {
      {"tokens_read", 1}, {"tokens_written", 1}, {"flops", 10.0}, {"money", 0.5}};
  expected[4] = of_request;
  expected[4].update({{"event", "batch_ended"}, {"size", 1}, {"failed", false}});
  expected[5] = {{"event", "search_ended"}, {"problem", 0},   {"slot", 0},
                 {"status", "answered"},    {"answer", "a"},  {"confidence", 1.0},
                 {"candidates", 1},         {"spent", spent}, {"message", ""}};
  CHECK(lines == expected);
}

TEST_CASE("event_log writes null for what is no number and replaces bytes that are no UTF-8") {
  const temporary_path path("event_log_odd.jsonl");
  outcome odd;
  odd.answer = "\xFF\n";
  odd.confidence = std::numeric_limits<double>::quiet_NaN();
  {
    event_log log(path.text);
    log.on_event({.kind = event_kind::search_ended, .result = &odd});
  }
  const std::vector<json> lines = lines_of(path.text);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("confidence").is_null());
  CHECK(lines[0].at("answer") == "\xEF\xBF\xBD\n");
}
