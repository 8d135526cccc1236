// SPDX-License-Identifier: MIT
//
// Runs that are killed at random moments and resumed. OUTTHINK_KILLS says how many are killed.
#include "../../support/permuted_service.hpp"
#include "../../support/same_outcome.hpp"
#include "../../support/temporary_folder.hpp"
#include "recorded.hpp"
#include <outthink/core/random_stream.hpp>
#include <outthink/runtime/journal.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/schema.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace outthink;
using namespace outthink::test;

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

/// How one run goes.
struct plan {
  bool in_any_order = false;
  double commit_seconds = 1e9;
  std::size_t commit_answers = 1;
  std::size_t dies_at = kNever;    ///< kills itself when it is asked so many requests
  std::size_t killed_at = kNever;  ///< is killed from outside when it has told of so many
};

/// What was paid: the place of the stream, and which service.
using payment = std::uint64_t;

payment payment_for(const stream_id& stream, bool scoring) {
  return mix_bits(stream.key, stream.place) ^ (scoring ? 1 : 0);
}

/// The whole program of a run, in a process of its own. Payments are told through `out`.
[[noreturn]] void run_and_exit(const std::string& path, const plan& how, int out) {
  std::size_t paid = 0;
  const auto pay = [&](const stream_id& stream, bool scoring) {
    const payment one = payment_for(stream, scoring);
    if (::write(out, &one, sizeof one) != sizeof one) ::_exit(3);
    if (++paid == how.dies_at) ::raise(SIGKILL);
  };
  paid_model model;
  paid_verifier verifier;
  model.pay = [&](const generation_request& asked) { pay(asked.stream, false); };
  verifier.pay = [&](const score_request& asked) { pay(asked.stream, true); };
  journal file(path, {.commit_seconds = how.commit_seconds, .commit_answers = how.commit_answers});
  bool right = false;
  if (how.in_any_order) {
    permuted_service some_model(model, 4, 1);
    permuted_service some_verifier(verifier, 3, 2);
    journaled kept_model(file, "model", some_model);
    journaled kept_verifier(file, "verifier", some_verifier);
    right = same(run_search(kept_model, kept_verifier, 5), uninterrupted());
  } else {
    right = same(journaled_search(file, model, verifier), uninterrupted());
  }
  file.close();
  ::_exit(right ? 0 : 1);
}

struct ending {
  int status = 0;
  std::vector<payment> paid;
};

ending run(const std::string& path, const plan& how) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    run_and_exit(path, how, ends[1]);
  }
  ::close(ends[1]);
  ending made;
  payment one = 0;
  while (::read(ends[0], &one, sizeof one) == sizeof one) {
    made.paid.push_back(one);
    if (made.paid.size() == how.killed_at) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  ::waitpid(child, &made.status, 0);
  return made;
}

/// What is in the journal; nothing if there is none yet.
std::set<payment> journaled_at(const std::string& path) {
  std::set<payment> kept;
  if (!std::filesystem::exists(path)) return kept;
  sqlite::database file(path, sqlite::access::read);
  if (detail::is_empty(file)) return kept;
  sqlite::statement all =
      file.prepare("SELECT a.request, s.kind FROM answers a JOIN services s ON s.id = a.service");
  while (all.step()) {
    const auto asked = nlohmann::json::parse(all.text(0));
    const stream_id stream{std::stoull(asked.at("key").get<std::string>()),
                           std::stoull(asked.at("place").get<std::string>())};
    kept.insert(payment_for(stream, all.text(1) == "score"));
  }
  return kept;
}

/// Runs until a run comes to its end; gives how many were killed.
std::size_t run_with_kills(const std::string& path, random_stream& random, std::size_t most) {
  std::size_t kills = 0;
  for (;;) {
    plan how{.in_any_order = random.below(2) == 0, .commit_answers = 1 + random.below(20)};
    if (random.below(2) == 0) how.commit_seconds = 0;  // the journal's thread writes beside the run
    const std::size_t moment = 1 + random.below(120);
    if (kills < most) (random.below(2) == 0 ? how.dies_at : how.killed_at) = moment;
    const std::set<payment> before = journaled_at(path);
    const ending end = run(path, how);
    const std::set<payment> distinct(end.paid.begin(), end.paid.end());
    CHECK(distinct.size() == end.paid.size());  // nothing twice in one run
    for (const payment one : end.paid) CHECK_FALSE(before.contains(one));
    if (WIFEXITED(end.status)) {
      CHECK(WEXITSTATUS(end.status) == 0);  // the bits of an uninterrupted run
      return kills;
    }
    REQUIRE(WTERMSIG(end.status) == SIGKILL);
    ++kills;
    // What was committed stays, and nothing is there that was not paid.
    const std::set<payment> after = journaled_at(path);
    for (const payment one : before) CHECK(after.contains(one));
    for (const payment one : after) CHECK((before.contains(one) || distinct.contains(one)));
  }
}

}  // namespace

TEST_CASE(
    "a journaled run that is killed at random moments ends in the same bits, and pays for "
    "nothing that is in the journal") {
  const char* const wanted = std::getenv("OUTTHINK_KILLS");
  const std::size_t kills = wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 12;
  const temporary_folder folder;
  static_cast<void>(uninterrupted());
  const ending whole = run(folder / "whole", {});
  REQUIRE(WEXITSTATUS(whole.status) == 0);
  const std::set<payment> all = journaled_at(folder / "whole");
  CHECK(all.size() == whole.paid.size());

  random_stream random({.key = 2026, .place = kills});
  std::size_t killed = 0;
  for (int number = 0; killed < kills; ++number) {
    const std::string path = folder / std::to_string(number);
    killed += run_with_kills(path, random, std::min<std::size_t>(4, kills - killed));
    CHECK(journaled_at(path) == all);
  }
}

TEST_CASE(
    "a run that is killed between an answer and its commit pays for that answer again, and "
    "for nothing else") {
  const temporary_folder folder;
  const std::string path = folder / "a";
  // Commits after 10 answers; dies while the 36th request is answered. The services answer as they
  // are asked, so that at most as many answers as are under way together are not recorded yet.
  const ending killed = run(path, {.in_any_order = true, .commit_answers = 10, .dies_at = 36});
  REQUIRE(WIFSIGNALED(killed.status));
  REQUIRE(killed.paid.size() == 36);
  const std::set<payment> kept = journaled_at(path);
  CHECK(kept.size() % 10 == 0);
  CHECK(kept.size() >= 20);
  const ending resumed = run(path, {.in_any_order = true, .commit_answers = 10});
  CHECK(WEXITSTATUS(resumed.status) == 0);
  std::set<payment> twice;
  for (const payment one : resumed.paid) {
    for (const payment earlier : killed.paid) {
      if (one == earlier) twice.insert(one);
    }
  }
  CHECK(twice.size() == 36 - kept.size());
}
