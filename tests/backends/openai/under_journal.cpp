// SPDX-License-Identifier: MIT
// A journal keeps single requests, however they went to the server.
#include "../../support/fault_server.hpp"
#include "../../support/same_outcome.hpp"
#include "../../support/temporary_folder.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/outthink.hpp>
#include <outthink/runtime/journaled.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace outthink;
using namespace outthink::test;
using nlohmann::json;

namespace {

/// As many texts as are asked for, each another one.
reaction choices(std::size_t i, const std::string& request) {
  const std::uint64_t n = json::parse(body_of(request)).value("n", 1U);
  json all = json::array();
  for (std::uint64_t k = 0; k < n; ++k) {
    const std::string text = std::to_string(i) + "." + std::to_string(k);
    all.push_back({{"text", text}, {"finish_reason", "length"}});
  }
  const json usage{{"prompt_tokens", 9}, {"completion_tokens", 2 * n}};
  return reply(200, json{{"choices", all}, {"usage", usage}}.dump());
}

std::vector<outcome> solved(journal& file, const std::string& url, int most, int samples) {
  backends::openai server({.url = url, .logprobs = false, .choices = most});
  journaled model(file, "m", server);
  const std::vector<problem> problems{"one", "two"};
  no_verifier none;
  return solve_all(problems, model, repeated_sampling{.n = samples}, none, majority_vote{});
}

}  // namespace

TEST_CASE("under a journal: what was asked together is replayed one by one, and the rest asked") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  fault_server server(&choices);
  const auto first = solved(file, server.url(), 4, 4);
  CHECK(server.requests() == 2);
  for (const int most : {1, 2, 4}) CHECK(same(solved(file, server.url(), most, 4), first));
  CHECK(server.requests() == 2);
  (void)solved(file, server.url(), 4, 7);
  CHECK(server.requests() == 4);
  CHECK(json::parse(body_of(server.request(3)))["n"] == 3);
}
