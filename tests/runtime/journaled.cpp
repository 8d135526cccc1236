// SPDX-License-Identifier: MIT
#include "../archetypes/record_format.hpp"
#include "../archetypes/service.hpp"
#include "../support/permuted_service.hpp"
#include "../support/same_outcome.hpp"
#include "../support/temporary_folder.hpp"
#include "journal/recorded.hpp"
#include <outthink/backends/scripted_comparer.hpp>
#include <outthink/concepts/asynchronous_service.hpp>
#include <outthink/core/error.hpp>
#include <outthink/runtime/journaled.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace outthink;
using namespace outthink::test;

static_assert(language_model<journaled<paid_model&>> && verifier<journaled<paid_verifier&>>);
static_assert(!asynchronous_service<journaled<paid_model&>>);
static_assert(asynchronous_service<journaled<permuted_service<paid_model>>>);
static_assert(service<journaled<archetypes::text_measure, archetypes::measure_format>>);

namespace {

/// A request that owns what it points to.
struct whole_request {
  text_tree tree{step_payload{.text = "p"}};
  step_rule rule;
  generation_request asked{{tree, tree.root()}, &rule, extent::step, 9, {}, {1, 2}, 0};

  whole_request() = default;
  whole_request(const whole_request&) = delete;

  void add(std::string_view step) {
    const node_id child = tree.add_children(asked.trace.node(), 1)[0];
    tree.set_payload(child, {.text = step}, node_status::open);
    asked.trace = {tree, child};
  }
};

}  // namespace

TEST_CASE("journaled: a search with a journal has the bits of one without, and so has its replay") {
  const temporary_folder folder;
  const std::string path = folder / "a.db";
  for (const bool again : {false, true}) {
    journal file(path);
    paid_model model;
    paid_verifier verifier;
    CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
    CHECK((model.asked == 0) == again);
    CHECK((verifier.asked == 0) == again);
  }
}

TEST_CASE("journaled: the same for services that answer in any order, however they are committed") {
  const temporary_folder folder;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const std::string path = folder / std::to_string(seed);
    for (const bool again : {false, true}) {
      journal file(path, {.commit_seconds = seed % 2 == 0 ? 1e9 : 0, .commit_answers = 1 + seed});
      paid_model model;
      paid_verifier verifier;
      permuted_service some_model(model, 1 + seed % 5, seed);
      permuted_service some_verifier(verifier, 3, seed + 100);
      journaled kept_model(file, "model", some_model);
      journaled kept_verifier(file, "verifier", some_verifier);
      CHECK(same(run_search(kept_model, kept_verifier, 1 + seed), uninterrupted()));
      CHECK((model.asked == 0) == again);
      CHECK((verifier.asked == 0) == again);
      CHECK(kept_model.inner().most_under_way <= 1 + seed % 5);
    }
    // Whichever way it was recorded, it replays the other way.
    journal file(path, {.read_only = true});
    paid_model model;
    paid_verifier verifier;
    CHECK(same(journaled_search(file, model, verifier), uninterrupted()));
    CHECK(model.asked == 0);
  }
}

TEST_CASE("journaled: a generation request that differs in any field is asked anew") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_model model;
  journaled kept(file, "model", model);
  const auto ask = [&](auto change) {
    for (const bool again : {false, true}) {
      whole_request one;
      change(one);
      const std::size_t before = model.asked;
      static_cast<void>(kept.answer({&one.asked, 1}));
      CHECK(model.asked - before == (again ? 0 : 1));
    }
  };
  ask([](whole_request&) {});
  ask([](whole_request& r) { r.asked.until = extent::solution; });
  ask([](whole_request& r) { r.asked.max_tokens = 8; });
  ask([](whole_request& r) { r.asked.sampling.temperature = 0.5F; });
  ask([](whole_request& r) { r.asked.sampling.top_k = 1; });
  ask([](whole_request& r) { r.asked.sampling.top_p = 0.5F; });
  ask([](whole_request& r) { r.asked.stream.key = 2; });
  ask([](whole_request& r) { r.asked.stream.place = 1; });
  ask([](whole_request& r) { r.asked.ordinal = 1; });
  ask([](whole_request& r) { r.rule.delimiter = ";"; });
  ask([](whole_request& r) { r.rule.max_tokens = 7; });
  ask([](whole_request& r) { r.rule.max_total_tokens = 7; });
  ask([](whole_request& r) { r.rule.stops = {"."}; });
  ask([](whole_request& r) { r.rule.stops = {".", ""}; });
  ask([](whole_request& r) { r.add("a"); });
  ask([](whole_request& r) { r.add("b"); });
  ask([](whole_request& r) { r.add("a"), r.add("b"); });
  ask([](whole_request& r) { r.add("ab"); });
  CHECK(file.size() == 18);

  journaled renamed(file, "model 2", model);
  whole_request one;
  static_cast<void>(renamed.answer({&one.asked, 1}));
  CHECK(file.size() == 19);
}

TEST_CASE("journaled: a scoring request that differs in any field is asked anew") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_verifier verifier;
  journaled kept(file, "verifier", verifier);
  const auto ask = [&](auto change) {
    for (const bool again : {false, true}) {
      whole_request whole;
      whole.add("a");
      score_request one{whole.asked.trace, 0, &whole.rule, {1, 2}};
      change(whole, one);
      const std::size_t before = verifier.asked;
      static_cast<void>(kept.answer({&one, 1}));
      CHECK(verifier.asked - before == (again ? 0 : 1));
    }
  };
  ask([](whole_request&, score_request&) {});
  ask([](whole_request&, score_request& r) { r.from = 1; });
  ask([](whole_request&, score_request& r) { r.stream.key = 2; });
  ask([](whole_request&, score_request& r) { r.stream.place = 1; });
  ask([](whole_request& w, score_request&) { w.rule.delimiter = ";"; });
  ask([](whole_request& w, score_request& r) {
    w.tree.set_status(r.trace.node(), node_status::finished);
  });
  ask([](whole_request& w, score_request& r) { w.add("b"), r.trace = w.asked.trace; });
  CHECK(file.size() == 7);
}

TEST_CASE("journaled: a comparer is asked once for the same two texts in the same order") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  std::size_t asked = 0;
  backends::scripted_comparer compare([&](const comparison_request& one, random_stream&) {
    ++asked;
    return one.first == "a" ? 0.25 : 0.75;
  });
  journaled kept(file, "judge", compare);
  const std::vector<comparison_request> some{{"p", "a", "b"}, {"p", "b", "a"}, {"p", "a", "b"}};
  for (int run = 0; run < 2; ++run) {
    const std::vector<comparison> answers = kept.answer(some);
    CHECK(answers[0].first_wins == 0.25F);
    CHECK(answers[1].first_wins == 0.75F);
    CHECK(answers[2].first_wins == 0.25F);
    CHECK(asked == 2);  // what is asked twice in a batch is asked once
  }
}

TEST_CASE("journaled: a service of your own needs a format of its own") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  const std::vector<std::string> texts{"abc", "", "abc", "de"};
  {
    journaled kept(file, "ruler", archetypes::text_measure(2), archetypes::measure_format{});
    CHECK(kept.answer(texts) == std::vector<long>{6, 0, 6, 4});
    CHECK(file.size() == 3);
  }
  // A service that would answer otherwise is not asked.
  journaled kept(file, "ruler", archetypes::text_measure(5), archetypes::measure_format{});
  CHECK(kept.answer(texts) == std::vector<long>{6, 0, 6, 4});
}

TEST_CASE("journaled: an answer that says that there is none is passed on and not kept") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  journaled kept(file, "ruler", archetypes::text_measure(-1), archetypes::measure_format{});
  const std::vector<std::string> texts{"abc", ""};
  CHECK(kept.answer(texts) == std::vector<long>{-3, 0});
  CHECK(file.size() == 1);  // the empty text's
}

TEST_CASE("journaled: equal requests that are under way together are asked once") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_model model;
  permuted_service some(model, 4, 1);
  journaled kept(file, "model", some);
  whole_request one, other;
  other.asked.ordinal = 1;
  kept.submit(10, one.asked);
  kept.submit(11, one.asked);
  kept.submit(12, other.asked);
  kept.submit(13, one.asked);
  CHECK(model.asked == 2);
  CHECK(kept.capacity() == 2);
  std::vector<completion<generation>> done;
  while (done.size() < 4) kept.wait(done, 1);
  std::array<std::string, 4> texts;
  for (const auto& [tag, answer] : done) texts.at(tag - 10) = answer.text;
  CHECK(texts[0] == texts[1]);
  CHECK(texts[0] == texts[3]);
  CHECK(texts[0] == kept.answer({&one.asked, 1})[0].text);
  CHECK(texts[2] == kept.answer({&other.asked, 1})[0].text);
  CHECK(model.asked == 2);
}

TEST_CASE("journaled: what was given up can be asked again") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_model model;
  permuted_service some(model, 4, 1);
  journaled kept(file, "model", some);
  whole_request one;
  kept.submit(1, one.asked);
  kept.submit(2, one.asked);
  kept.abandon();
  CHECK(some.abandoned == 1);
  std::vector<completion<generation>> done;
  kept.wait(done, 1);
  CHECK(done.empty());
  CHECK(kept.answer({&one.asked, 1}).size() == 1);
  CHECK(model.asked == 2);
}

TEST_CASE("journaled: waits as long as it may, and not at all where an answer is there") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_model model;
  permuted_service some(model, 4, 3);
  journaled kept(file, "model", some);
  whole_request one, two;
  two.asked.ordinal = 1;
  kept.submit(1, one.asked);
  std::vector<completion<generation>> done;
  kept.wait(done, 1000);
  REQUIRE(done.size() == 1);
  kept.submit(2, two.asked);
  kept.wait(done, 1000);
  REQUIRE(done.size() == 2);
  CHECK(some.longest_wait == 1000);
  some.longest_wait = 0;
  kept.submit(3, one.asked);  // is there: no wait at all
  kept.submit(4, two.asked);
  kept.wait(done, 1000);
  CHECK(done.size() == 4);
  CHECK(some.longest_wait == 0);
}

TEST_CASE("journaled: what the service throws is passed on, and nothing is kept of it") {
  const temporary_folder folder;
  journal file(folder / "a.db");
  paid_model model;
  model.pay = [](const generation_request& asked) {
    if (asked.ordinal == 1) throw std::runtime_error("no money");
  };
  journaled kept(file, "model", model);
  whole_request one;
  one.asked.ordinal = 1;
  CHECK_THROWS_WITH(static_cast<void>(kept.answer({&one.asked, 1})), "no money");
  permuted_service some(model, 4, 3);
  journaled kept_too(file, "model", some);
  CHECK_THROWS_WITH(kept_too.submit(1, one.asked), "no money");
  std::vector<completion<generation>> done;
  kept_too.wait(done, 1);
  CHECK(done.empty());
  CHECK(file.size() == 0);
}
