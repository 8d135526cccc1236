// SPDX-License-Identifier: MIT
#include "../support/same_outcome.hpp"
#include "../support/temporary_folder.hpp"
#include "journal/recorded.hpp"
#include <outthink/core/error.hpp>
#include <outthink/runtime/journal.hpp>
#include <outthink/runtime/journal/database.hpp>

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace outthink;
using namespace outthink::test;

namespace {

/// The error of an action, as code and text.
struct refusal {
  errc code = errc::invalid_argument;
  std::string text = "none";

  [[nodiscard]] bool says(std::string_view part) const {
    return text.find(part) != std::string::npos;
  }
};

template <class Action>
refusal refusal_of(Action action) {
  try {
    action();
  } catch (const error& problem) {
    return {problem.code(), problem.what()};
  }
  return {};
}

refusal refusal_to_open(const std::string& path, const journal_options& options = {}) {
  return refusal_of([&] { const journal file(path, options); });
}

std::size_t failed(const std::vector<outcome>& outcomes, std::string_view part) {
  std::size_t count = 0;
  for (const outcome& one : outcomes) {
    const bool is =
        one.status == outcome_status::failed && one.message.find(part) != std::string::npos;
    count += is ? 1 : 0;
  }
  return count;
}

/// A limit on how long files may become, which stands for a full disk.
class file_limit {
 public:
  explicit file_limit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  file_limit(const file_limit&) = delete;
  file_limit& operator=(const file_limit&) = delete;
  ~file_limit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

/// Answers `count` short requests with 1000 bytes each; gives the number that were asked.
std::size_t answer_many(const std::string& path, std::size_t count) {
  journal file(path, {.commit_answers = 10});
  struct writer {
    using request = generation_request;
    using response = generation;
    std::size_t asked = 0;
    std::vector<generation> answer(std::span<const generation_request> batch) {
      asked += batch.size();
      std::vector<generation> answers(batch.size());
      for (generation& one : answers) one.text.assign(1000, 'x');
      return answers;
    }
  } inner;
  journaled kept(file, "writer", inner);
  const text_tree tree(step_payload{.text = "p"});
  const step_rule rule;
  for (std::size_t i = 0; i < count; ++i) {
    const generation_request asked{{tree, tree.root()}, &rule, extent::solution, 9, {}, {1, i}, 0};
    static_cast<void>(kept.answer({&asked, 1}));
  }
  file.close();
  return inner.asked;
}

}  // namespace

TEST_CASE("journal: options out of range are refused") {
  const temporary_folder folder;
  CHECK(refusal_to_open(folder / "a", {.commit_seconds = -1}).says("commit_seconds"));
  CHECK(refusal_to_open(folder / "a", {.commit_seconds = std::numeric_limits<double>::quiet_NaN()})
            .says("commit_seconds"));
  CHECK(refusal_to_open(folder / "a", {.commit_answers = 0}).says("commit_answers"));
}

TEST_CASE("journal: once closed it is one plain file that says which runs there were") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  {
    journal file(path, {.run = "first"});
    CHECK(file.path() == path);
    paid_model model;
    paid_verifier verifier;
    static_cast<void>(journaled_search(file, model, verifier));
    CHECK(file.recorded() == model.asked + verifier.asked);
    CHECK(file.size() == file.recorded());
    CHECK(file.replayed() == 0);
    file.close();
    file.close();  // a second time does nothing
    CHECK(refusal_of([&] { file.require_writable(); }).says("closed"));
  }
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(folder.path())) {
    ++files;
  }
  CHECK(files == 1);
  {
    journal file(path, {.run = "second"});
    paid_model model;
    paid_verifier verifier;
    CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
    CHECK(model.asked + verifier.asked == 0);
    CHECK(file.replayed() == file.size());
  }
  sqlite::database read(path, sqlite::access::read);
  CHECK(read.integer("SELECT count(*) FROM runs WHERE ended > started AND name = 'first' AND "
                     "replayed = 0") == 1);
  CHECK(read.integer("SELECT count(*) FROM runs WHERE name = 'second' AND replayed = "
                     "(SELECT count(*) FROM answers)") == 1);
  CHECK(read.integer("SELECT count(*) FROM services") == 2);
  CHECK(read.integer("SELECT count(*) FROM answers WHERE NOT json_valid(request)") == 0);
  // What the outcomes were charged is what the columns add up to.
  std::uint64_t tokens = 0;
  for (const outcome& one : uninterrupted()) tokens += one.spent.tokens;
  CHECK(static_cast<std::uint64_t>(
            read.integer("SELECT sum(tokens_written) FROM answers JOIN services s ON s.id = "
                         "service WHERE s.kind = 'generation'")) == tokens);
}

TEST_CASE("journal: a second run on the same file gets a clear error, in another process too") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  {
    const journal file(path);
    const refusal second = refusal_to_open(path);
    CHECK(second.code == errc::file_in_use);
    CHECK(second.says(path));
    CHECK(second.says("another run is writing to this journal"));
    const pid_t child = ::fork();
    if (child == 0) ::_exit(refusal_to_open(path).code == errc::file_in_use ? 7 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 7);
    CHECK(refusal_to_open(path, {.read_only = true}).says("none"));
  }
  CHECK(refusal_to_open(path).says("none"));
}

TEST_CASE("journal: while it is written, readers see what is committed") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  journal file(path, {.commit_seconds = 1e9, .commit_answers = 1'000'000});
  paid_model model;
  paid_verifier verifier;
  static_cast<void>(journaled_search(file, model, verifier));  // synchronous: committed
  const journal reader(path, {.read_only = true});
  CHECK(reader.size() == file.size());
  file.record({.key = {1, 2}, .request = "{}"}, "{}", {});
  CHECK(journal(path, {.read_only = true}).size() == reader.size());
  file.commit();
  CHECK(journal(path, {.read_only = true}).size() == reader.size() + 1);
}

TEST_CASE("journal: answers are committed together, by number or by time") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  const auto committed = [&] { return journal(path, {.read_only = true}).size(); };
  {
    journal file(path, {.commit_seconds = 1e9, .commit_answers = 3});
    for (std::uint64_t i = 1; i <= 7; ++i) {
      file.record({.key = {i, i}, .request = "{}"}, "{}", {});
      CHECK(committed() == i / 3 * 3);
    }
  }
  CHECK(committed() == 7);  // the last ones by the end of the run
  journal file(path, {.commit_seconds = 0.001});
  file.record({.key = {9, 9}, .request = "{}"}, "{}", {});
  while (committed() < 8) std::this_thread::yield();  // nobody has to call the journal for it
}

TEST_CASE("journal: an answer of this run is found, committed or not") {
  const temporary_folder folder;
  journal file(folder / "a.db", {.commit_seconds = 1e9});
  const auto answer_to = [&](std::uint64_t key) {
    std::string answer = "none";
    file.find({key, key}, [&](std::string_view text, const cost&) { answer = text; });
    return answer;
  };
  for (std::uint64_t key = 1; key <= 3; ++key) {
    CHECK(answer_to(key) == "none");
    file.record({.key = {key, key}, .request = "{}"}, std::to_string(key), {});
    if (key == 2) file.commit();
    CHECK(answer_to(key) == std::to_string(key));
    CHECK(answer_to(1) == "1");
  }
  CHECK(file.replayed() == 6);
}

TEST_CASE("journal: replays the answers of other journals without copying them") {
  const temporary_folder folder;
  {
    journal half(folder / "model.db");
    paid_model model;
    paid_verifier verifier;
    journaled kept_model(half, "model", model);
    static_cast<void>(run_search(kept_model, verifier));
    journal rest(folder / "verifier.db");
    journaled kept_verifier(rest, "verifier", verifier);
    static_cast<void>(run_search(model, kept_verifier));
  }
  for (const bool read_only : {false, true}) {
    const std::string own = folder / (read_only ? "verifier.db" : "own.db");
    journal file(own, {.read_only = read_only});
    const std::size_t before = file.size();
    file.also_replay(folder / "model.db");
    if (!read_only) file.also_replay(folder / "verifier.db");
    CHECK(file.size() > before);
    paid_model model;
    paid_verifier verifier;
    CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
    CHECK(model.asked + verifier.asked == 0);
    CHECK(file.replayed() == file.size());
    CHECK(file.recorded() == 0);
  }
  CHECK(journal(folder / "own.db", {.read_only = true}).size() == 0);
  journal file(folder / "own.db");
  CHECK(refusal_of([&] { file.also_replay(folder / "missing"); }).code == errc::file_unreadable);
}

TEST_CASE("journal: costs that are no numbers, infinite or a negative zero come back") {
  const temporary_folder folder;
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<cost> costs{{.flops = -0.0, .money = std::nan("")},
                                {.flops = infinity, .money = -infinity},
                                {.tokens_read = 0xFFFFFFFF, .tokens_written = 0xFFFFFFFF},
                                {.flops = 1e300, .money = 0.1}};
  {
    journal file(folder / "a.db");
    for (std::uint64_t i = 0; i < costs.size(); ++i) {
      file.record({.key = {i, 1}, .request = "{}"}, "{}", costs[i]);
    }
  }
  journal file(folder / "a.db", {.read_only = true});
  for (std::uint64_t i = 0; i < costs.size(); ++i) {
    CHECK(file.find({i, 1}, [&](std::string_view, const cost& spent) {
      CHECK(spent.tokens_read == costs[i].tokens_read);
      CHECK(spent.tokens_written == costs[i].tokens_written);
      CHECK(spent.flops == costs[i].flops);
      CHECK((spent.money == costs[i].money || (std::isnan(spent.money) && i == 0)));
    }));
  }
}

TEST_CASE("journal: opened for reading it replays, and refuses what is not there") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  CHECK(refusal_to_open(path, {.read_only = true}).code == errc::file_unreadable);
  record_run(path);
  const auto written = std::filesystem::last_write_time(path);
  journal file(path, {.read_only = true});
  paid_model model;
  paid_verifier verifier;
  CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
  CHECK(model.asked + verifier.asked == 0);
  journaled other(file, "another model", model);
  journaled kept(file, "verifier", verifier);
  CHECK(failed(run_search(other, kept), path + ": no such request is in this journal") == 6);
  CHECK(model.asked == 0);
  CHECK(std::filesystem::last_write_time(path) == written);
}

TEST_CASE("journal: a file or a folder that may not be written is a clear error") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  record_run(path);
  const uid_t me = ::geteuid();
  const auto as_anyone = [&](auto action) {  // permissions do not bind the superuser
    if (me == 0) static_cast<void>(!::seteuid(65534));
    const refusal got = refusal_of(action);
    if (me == 0) static_cast<void>(!::seteuid(me));
    return got;
  };
  ::chmod(folder.path().c_str(), 0777);
  ::chmod(path.c_str(), 0444);
  const refusal file = as_anyone([&] { const journal opened(path); });
  CHECK(file.code == errc::file_unwritable);
  CHECK(file.says(path + ": the journal is read-only"));
  ::chmod(folder.path().c_str(), 0555);
  const refusal in_folder = as_anyone([&] { const journal opened(path); });
  CHECK(in_folder.code == errc::file_unwritable);
  CHECK(in_folder.says(path + "-lock: Permission denied"));
  CHECK(as_anyone([&] {
          journal opened(path, {.read_only = true});
          paid_model model;
          paid_verifier verifier;
          CHECK(same(journaled_search(opened, model, verifier), uninterrupted()));
          CHECK(model.asked == 0);
        }).says("none"));
  ::chmod(folder.path().c_str(), 0777);
}

TEST_CASE("journal: a full disk is a clear error, loses nothing written and stops the payments") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  std::size_t asked = 0;
  {
    const file_limit limit(1'200'000);
    const refusal full = refusal_of([&] { answer_many(path, 1000); });
    CHECK(full.code == errc::file_unwritable);
    CHECK(full.says(path));
  }
  const std::size_t kept = journal(path, {.read_only = true}).size();
  CHECK(kept > 20);
  asked = answer_many(path, 1000);
  CHECK(asked == 1000 - kept);

  // A search whose journal fills up: its outcomes say so, and nobody is asked for nothing.
  paid_model model;
  paid_verifier verifier;
  const std::string second = folder / "b.db";
  {
    journal file(second);
    journaled kept_model(file, "model", model);
    journaled kept_verifier(file, "verifier", verifier);
    const file_limit limit(1);
    CHECK(failed(run_search(kept_model, kept_verifier), "the file could not be written") == 6);
    CHECK(refusal_of([&] { file.close(); }).code == errc::file_unwritable);
  }
  CHECK(model.asked == 16);  // the batch that could not be kept
  journal file(second);
  CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
}

TEST_CASE("journal: on a file system that is full, what was committed stays") {
  const temporary_folder folder;
  if (::mount("none", folder.path().c_str(), "tmpfs", 0, "size=1600k") != 0) {
    MESSAGE("left out: this user may not mount a small file system");
    return;
  }
  const std::string path = folder / "a.db";
  const refusal full = refusal_of([&] { answer_many(path, 1000); });
  CHECK(full.code == errc::file_unwritable);
  CHECK(full.says("free some room"));
  CHECK(::mount("none", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=64m") == 0);
  const std::size_t kept = journal(path, {.read_only = true}).size();
  CHECK(kept > 20);
  CHECK(answer_many(path, 1000) == 1000 - kept);
  CHECK(::umount(folder.path().c_str()) == 0);
}

TEST_CASE("journal: what is no journal, or another version's, is refused and left alone") {
  const temporary_folder folder;
  const auto content = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  std::ofstream(folder / "text") << std::string(3000, 'x');
  CHECK(refusal_to_open(folder / "text").code == errc::malformed_file);
  CHECK(content(folder / "text") == std::string(3000, 'x'));

  sqlite::database(folder / "mine", sqlite::access::write).run("CREATE TABLE mine(a)");
  const std::string mine = content(folder / "mine");
  for (const bool read_only : {false, true}) {
    const refusal other = refusal_to_open(folder / "mine", {.read_only = read_only});
    CHECK(other.code == errc::malformed_file);
    CHECK(other.says("this is no journal"));
  }
  CHECK(content(folder / "mine") == mine);

  record_run(folder / "a.db");
  sqlite::database(folder / "a.db", sqlite::access::write).run("PRAGMA user_version = 7");
  const std::string newer = content(folder / "a.db");
  CHECK(refusal_to_open(folder / "a.db").says("version 7"));
  CHECK(refusal_to_open(folder / "a.db", {.read_only = true}).says("version 7"));
  CHECK(content(folder / "a.db") == newer);
}

TEST_CASE("journal: an answer that is damaged is found out, and is not replayed") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  record_run(path);
  const std::string id = "(SELECT min(id) FROM answers WHERE service = 1)";
  for (const std::string change :
       {"response = replace(response, 'a', 'b') || ''", "tokens_written = tokens_written + 1",
        "money = money * 2", "request = request || ' '"}) {
    CAPTURE(change);
    std::filesystem::copy_file(path, folder / "b.db",
                               std::filesystem::copy_options::overwrite_existing);
    {
      sqlite::database edited(folder / "b.db", sqlite::access::write);
      edited.run("UPDATE answers SET " + change + " WHERE id = " + id);
      if (change.starts_with("response")) {
        edited.run("UPDATE answers SET response = ' ' || response WHERE id = " + id);
      }
    }
    journal file(folder / "b.db");
    paid_model model;
    paid_verifier verifier;
    CHECK(failed(journaled_search(file, model, verifier), "answer 1 is damaged") == 1);
    CHECK(model.asked == 0);
  }
}
