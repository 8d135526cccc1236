// SPDX-License-Identifier: MIT
// The promise: an outcome is a function of problem, options and seed; the same bits whatever the
// batch size, the threads, the memory, the order and the company of the problems.
#include "../support/sanitized.hpp"
#include <outthink/backends/transformer.hpp>
#include <outthink/interop/json.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// How a run is carried out; nothing of it may show in the outcomes.
struct circumstances {
  std::size_t max_batch = 512;
  std::size_t max_live = 256;
  int threads = 1;
  std::size_t rows = 128;
  std::size_t cache_tokens = 65536;
};

std::vector<problem> questions(const std::string& file, std::size_t count) {
  std::vector<problem> some;
  const auto all = load_problems(OUTTHINK_SOURCE_DIR "/examples/problems/" + file, "validation");
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count].question);
  return some;
}

struct models {
  decoder<backends::transformer> policy;
  verifiers::value_model<backends::transformer> value;

  models(const std::string& task, const circumstances& how)
      : policy(backends::transformer::load(path(task, "policy"), {.threads = how.threads}),
               decoder_options{.rows = how.rows, .cache_tokens = how.cache_tokens}),
        value(backends::transformer::load(path(task, "value"), {.threads = how.threads}),
              verifiers::value_model_options{.score_end = task == "arithmetic",
                                             .cache_tokens = how.cache_tokens}) {}

  static std::string path(const std::string& task, const std::string& role) {
    return OUTTHINK_SOURCE_DIR "/examples/models/" + task + "-" + role + ".gguf";
  }
};

/// All that a user sees of an outcome but its wall time, exactly.
std::string bits(const outcome& from) {
  nlohmann::json seen = from;
  seen.erase("seconds");
  // Models write any bytes: what is no UTF-8 is replaced here and compared below.
  std::string text = seen.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const candidate& c : from.candidates) {
    text += c.solution;
    for (const float score : c.step_scores)
      text.append(" ").append(std::to_string(std::bit_cast<std::uint32_t>(score)));
  }
  return text;
}

template <class Policy, class Aggregator>
std::vector<std::string> run(const std::string& task, std::span<const problem> problems,
                             const Policy& policy, const Aggregator& aggregate,
                             const circumstances& how) {
  models loaded(task, how);
  const solve_options options{.seed = 7, .max_batch = how.max_batch, .max_live = how.max_live};
  std::vector<std::string> seen;
  for (const outcome& o :
       solve_all(problems, loaded.policy, policy, loaded.value, aggregate, options)) {
    REQUIRE(o.status == outcome_status::answered);
    seen.push_back(bits(o));
  }
  return seen;
}

template <class Policy, class Aggregator>
void check(const std::string& task, const std::string& file, const Policy& policy,
           const Aggregator& aggregate) {
  const std::vector<problem> problems = questions(file, 2);
  const auto expected = run(task, problems, policy, aggregate, {});
  CHECK(run(task, problems, policy, aggregate,
            {.max_batch = 7, .threads = 2, .rows = 7, .cache_tokens = 64}) == expected);
  if (test::sanitized) return;
  CHECK(run(task, problems, policy, aggregate, {.max_batch = 1}) == expected);
  CHECK(run(task, problems, policy, aggregate, {.max_batch = 64, .threads = 2}) == expected);
  CHECK(run(task, problems, policy, aggregate, {.max_live = 1, .cache_tokens = 64}) == expected);
  auto reversed =
      run(task, std::vector<problem>(problems.rbegin(), problems.rend()), policy, aggregate, {});
  std::reverse(reversed.begin(), reversed.end());
  CHECK(reversed == expected);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const auto alone = run(task, std::span(problems).subspan(i, 1), policy, aggregate, {});
    CHECK(alone.front() == expected[i]);
  }
}

template <class Policy, class Aggregator>
void check_both_tasks(const Policy& policy, const Aggregator& aggregate) {
  check("game24", "game24.json", policy, aggregate);
  if (test::sanitized) return;
  check("arithmetic", "chained_arithmetic.json", policy, aggregate);
}

}  // namespace

TEST_CASE("repeated_sampling gives the same bits under all circumstances") {
  check_both_tasks(repeated_sampling{.n = 8}, weighted_vote{});
}

TEST_CASE("beam_search gives the same bits under all circumstances") {
  check_both_tasks(beam_search{.width = 2, .expand = 4}, best_score{});
}

TEST_CASE("dvts gives the same bits under all circumstances") {
  check_both_tasks(dvts{.subtrees = 2, .expand = 4}, majority_vote{});
}

TEST_CASE("tree_search gives the same bits under all circumstances") {
  check_both_tasks(tree_search{.simulations = 8}, best_score{});
}
