// SPDX-License-Identifier: MIT
#include "../support/chi_square.hpp"
#include "../support/markov_model.hpp"
#include "../support/same_outcome.hpp"
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/policies/repeated_sampling.hpp>
#include <outthink/runtime/solve.hpp>
#include <outthink/sampling/decoder.hpp>
#include <outthink/verifiers/no_verifier.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using outthink::decoder;
using outthink::decoder_options;
using outthink::extent;
using outthink::finish;
using outthink::generation;
using outthink::generation_request;
using outthink::node_id;
using outthink::node_status;
using outthink::outcome;
using outthink::solve_options;
using outthink::test::chi_square_fit;
using outthink::test::chi_square_same;
using outthink::test::markov_model;

namespace {

/// n solutions, each grown step by step.
struct step_by_step {
  int n = 1;

  outthink::task<outthink::candidate_nodes> operator()(outthink::search auto& s) const {
    const auto first = co_await s.extend(s.root(), n);
    outthink::frontier open = s.retire(first);
    while (!open.empty()) {
      const auto next = co_await s.extend(open, 1);
      open = s.retire(next);
    }
    co_return s.candidates();
  }
};

/// Requests to a decoder, made by hand: a tree with one problem.
struct asking {
  outthink::text_tree tree{outthink::step_payload{.text = "?"}};
  outthink::step_rule rule{};

  node_id step(node_id parent, const std::string& text) {
    const node_id node = tree.add_children(parent, 1)[0];
    tree.set_payload(node, {text, 1, 0}, node_status::open);
    return node;
  }
  [[nodiscard]] generation_request request(node_id node, extent until, std::uint32_t ordinal = 0,
                                           std::uint32_t max_tokens = 1'000) const {
    return {.trace = {tree, node},
            .rule = &rule,
            .until = until,
            .max_tokens = max_tokens,
            .sampling = {},
            .stream = {.key = 77, .place = outthink::mix_bits(tree.place(node), ordinal)},
            .ordinal = ordinal};
  }
  /// The first `count` continuations of `node`.
  [[nodiscard]] std::vector<generation_request> requests(node_id node, extent until,
                                                         std::uint32_t count) const {
    std::vector<generation_request> all;
    for (std::uint32_t i = 0; i < count; ++i) all.push_back(request(node, until, i));
    return all;
  }
};

/// A token of which holds the end of a line and the letter after it.
struct wordy_model : markov_model {
  [[nodiscard]] std::string_view text_of(outthink::token_id token) const {
    return token == kLine ? std::string_view("\nb") : markov_model::text_of(token);
  }
};

outcome run(markov_model& model, const auto& policy, const solve_options& options = {},
            decoder_options memory = {}) {
  decoder<markov_model&> language(model, memory);
  return outthink::solve("?", language, policy, outthink::no_verifier{}, outthink::majority_vote{},
                         options);
}

/// How often each of the 40 solutions of at most three characters came up, and all others.
struct histogram {
  std::vector<std::string> solutions{""};
  std::map<std::string, std::size_t> cell_of;

  histogram() {
    for (std::size_t i = 0; solutions[i].size() < 3; ++i) {
      for (const char c : {'a', 'b', '\n'}) solutions.push_back(solutions[i] + c);
    }
    for (std::size_t i = 0; i < solutions.size(); ++i) cell_of[solutions[i]] = i;
  }
  [[nodiscard]] std::vector<std::uint64_t> count(const outcome& result) const {
    std::vector<std::uint64_t> cells(solutions.size() + 1);
    for (const auto& made : result.candidates) {
      const auto found = cell_of.find(made.solution);
      ++cells[found == cell_of.end() ? solutions.size() : found->second];
    }
    return cells;
  }
  [[nodiscard]] std::vector<double> expected(const markov_model& model) const {
    std::vector<double> cells;
    double rest = 1;
    for (const std::string& solution : solutions) {
      cells.push_back(model.probability(solution));
      rest -= cells.back();
    }
    cells.push_back(rest);
    return cells;
  }
};

/// What follows the first line: nothing, a, b or the end of another line.
std::vector<std::uint64_t> after_first_line(const outcome& result) {
  std::vector<std::uint64_t> cells(4);
  for (const auto& made : result.candidates) {
    const std::size_t end = made.solution.find('\n');
    if (end == std::string::npos) continue;
    const char next = end + 1 < made.solution.size() ? made.solution[end + 1] : ' ';
    ++cells[next == ' ' ? 0 : next == 'a' ? 1 : next == 'b' ? 2 : 3];
  }
  return cells;
}

// Had the seeds been drawn at random, each check against it would fail once in 10^6.
constexpr double kFalseAlarms = 1e-6;
constexpr int kSolutions = 8'000;

}  // namespace

static_assert(outthink::language_model<decoder<markov_model>>);
static_assert(outthink::language_model<decoder<markov_model&>>);

TEST_CASE("decoder draws whole solutions with the model's probabilities") {
  markov_model model;
  const histogram cells;
  const outcome result = run(model, outthink::repeated_sampling{.n = kSolutions});
  REQUIRE(result.candidates.size() == kSolutions);
  CHECK(chi_square_fit(cells.count(result), cells.expected(model)) > kFalseAlarms);
}

TEST_CASE("decoder draws solutions with the same probabilities step by step") {
  markov_model model;
  const histogram cells;
  const outcome result = run(model, step_by_step{kSolutions});
  REQUIRE(result.candidates.size() == kSolutions);
  CHECK(chi_square_fit(cells.count(result), cells.expected(model)) > kFalseAlarms);
}

TEST_CASE("decoder: sampling options act alike on whole solutions and step by step") {
  markov_model model;
  solve_options options;
  SUBCASE("top 2, where the end of the text is one of the two after a line") {
    model.after_line = {.4, .35, .15, .1};
    options.sampling.top_k = 2;
  }
  SUBCASE("the top 70 percent") {
    model.after_line = {.4, .35, .15, .1};
    options.sampling.top_p = .7F;
  }
  SUBCASE("temperature 2") {
    options.sampling.temperature = 2;
  }
  const histogram cells;
  const outcome whole = run(model, outthink::repeated_sampling{.n = 4'000}, options);
  options.seed = 1;
  const outcome steps = run(model, step_by_step{4'000}, options);
  CHECK(chi_square_same(cells.count(whole), cells.count(steps)) > kFalseAlarms);
  CHECK(chi_square_same(after_first_line(whole), after_first_line(steps)) > kFalseAlarms);
}

TEST_CASE("decoder ends steps with the token that completes the delimiter") {
  markov_model model;
  decoder<markov_model&> language(model);
  asking ask;
  const auto requests = ask.requests(ask.tree.root(), extent::step, 200);
  int ends = 0, goes_on = 0;
  for (const generation& made : language.answer(requests)) {
    CHECK(made.text.size() == made.spent.tokens_written);
    if (made.ended == finish::step_end) {
      ++goes_on;
      CHECK(made.text.find('\n') == made.text.size() - 1);
    } else {
      ++ends;
      CHECK(made.ended == finish::text_end);
      CHECK(made.text.find('\n') >= made.text.size() - (made.text.empty() ? 0 : 1));
    }
  }
  CHECK(ends > 0);
  CHECK(goes_on > 0);
}

TEST_CASE("decoder takes delimiters of several tokens") {
  markov_model model;
  model.after_line.line = .6;
  model.after_line.end = .05;
  decoder<markov_model&> language(model);
  asking ask;
  ask.rule.delimiter = "\n\n";
  const auto requests = ask.requests(ask.tree.root(), extent::step, 100);
  int whole_steps = 0;
  for (const generation& made : language.answer(requests)) {
    const std::size_t found = made.text.find("\n\n");
    if (made.ended != finish::step_end) continue;
    CHECK(found + 2 == made.text.size());
    ++whole_steps;
  }
  CHECK(whole_steps > 0);
}

TEST_CASE("decoder says that a step was the last if the text ends right after it") {
  markov_model model;
  model.after_line = {1, 0, 0, 0};
  const outcome result = run(model, step_by_step{50});
  REQUIRE(result.candidates.size() == 50);
  for (const auto& made : result.candidates) CHECK(made.steps() <= 1);
}

TEST_CASE("decoder never ends the text at the first token after a step") {
  markov_model model;
  model.after_line.end = .999;
  model.after_line.a = .0005;
  model.after_line.b = .0003;
  model.after_line.line = .0002;
  decoder<markov_model&> language(model);
  asking ask;
  const node_id node = ask.step(ask.tree.root(), "a\n");
  const auto requests = ask.requests(node, extent::step, 50);
  for (const generation& made : language.answer(requests)) CHECK_FALSE(made.text.empty());
}

TEST_CASE("decoder stops at max_tokens and says so") {
  markov_model model;
  model.after_start.end = model.after_a.end = model.after_b.end = model.after_line.end = 1e-9;
  decoder<markov_model&> language(model);
  asking ask;
  ask.rule.delimiter.clear();
  for (const std::uint32_t limit : {1U, 2U, 7U}) {
    const generation_request asked = ask.request(ask.tree.root(), extent::solution, 0, limit);
    const generation made = language.answer(std::span(&asked, 1))[0];
    CHECK(made.ended == finish::length);
    CHECK(made.spent.tokens_written == limit);
    CHECK(made.text.size() == limit);
  }
}

TEST_CASE("decoder ends at the model's context, and refuses a prompt that fills it") {
  markov_model model;
  model.after_start.end = model.after_a.end = model.after_b.end = model.after_line.end = 1e-9;
  model.context = 10;  // the begin marker, "?", and 8 more
  decoder<markov_model&> language(model);
  asking ask;
  ask.rule.delimiter.clear();
  const generation_request asked = ask.request(ask.tree.root(), extent::solution);
  const generation made = language.answer(std::span(&asked, 1))[0];
  CHECK(made.ended == finish::length);
  CHECK(made.text.size() == 8);

  const generation_request full =
      ask.request(ask.step(ask.tree.root(), "aaaaaaaa"), extent::solution);
  try {
    static_cast<void>(language.answer(std::span(&full, 1)));
    FAIL("it did not throw");
  } catch (const outthink::error& problem) {
    CHECK(problem.code() == outthink::errc::context_full);
  }
}

TEST_CASE("decoder ends a solution with a stop text and keeps it") {
  markov_model model;
  solve_options options;
  options.steps.stops = {"bb"};
  for (const bool whole : {true, false}) {
    const outcome result = whole ? run(model, outthink::repeated_sampling{.n = 300}, options)
                                 : run(model, step_by_step{300}, options);
    int stopped = 0;
    for (const auto& made : result.candidates) {
      const std::size_t found = made.solution.find("bb");
      if (found == std::string::npos) continue;
      CHECK(found + 2 == made.solution.size());
      ++stopped;
    }
    CHECK(stopped > 0);
  }
}

TEST_CASE("decoder cuts a token behind the delimiter that it holds, and draws the rest anew") {
  wordy_model model;
  decoder<wordy_model&> language(model);
  asking ask;
  const auto requests = ask.requests(ask.tree.root(), extent::step, 200);
  int steps = 0;
  for (const generation& made : language.answer(requests)) {
    if (made.ended != finish::step_end) continue;
    ++steps;
    CHECK(made.text.find('\n') == made.text.size() - 1);
    CHECK(made.spent.tokens_written == made.text.size());
  }
  CHECK(steps > 50);
  const generation_request more = ask.request(ask.step(ask.tree.root(), "a\n"), extent::step);
  CHECK_FALSE(language.answer(std::span(&more, 1))[0].text.empty());
}

TEST_CASE("decoder leaves a token whole where the solution goes on behind its delimiter") {
  wordy_model model;
  model.after_line.a = 1;
  model.after_line.b = model.after_line.line = model.after_line.end = 0;
  decoder<wordy_model&> language(model);
  asking ask;
  const auto requests = ask.requests(ask.tree.root(), extent::solution, 100);
  int lines = 0;
  for (const generation& made : language.answer(requests)) {
    for (std::size_t at = 0; (at = made.text.find('\n', at)) != std::string::npos; ++at) {
      CHECK(made.text.substr(at, 3) == "\nba");
      ++lines;
    }
  }
  CHECK(lines > 20);
}

TEST_CASE("decoder cuts a token behind the stop text that ends first in it") {
  wordy_model model;
  decoder<wordy_model&> language(model);
  asking ask;
  ask.rule.stops = {"\nb", "\n"};
  ask.rule.delimiter = "b";
  for (const extent until : {extent::step, extent::solution}) {
    const auto requests = ask.requests(ask.tree.root(), until, 100);
    int stopped = 0;
    for (const generation& made : language.answer(requests)) {
      const std::size_t found = made.text.find('\n');
      if (found == std::string::npos) continue;
      ++stopped;
      CHECK(made.ended == finish::text_end);
      CHECK(found + 1 == made.text.size());
    }
    CHECK(stopped > 10);
  }
}

TEST_CASE("decoder: greedy decoding gives the same text and cost step by step and at once") {
  markov_model model;
  model.after_a = {.1, .2, .3, .4};
  model.after_b = {.4, .3, .2, .1};
  model.after_line = {.2, .1, .5, .2};
  model.reads_history = true;
  solve_options options;
  options.sampling = outthink::greedy;
  options.steps.max_total_tokens = 200;
  const outcome whole = run(model, outthink::repeated_sampling{.n = 1}, options);
  const outcome steps = run(model, step_by_step{1}, options);
  REQUIRE(whole.candidates.size() == 1);
  REQUIRE(steps.candidates.size() == 1);
  CHECK(whole.candidates[0].steps() > 1);
  CHECK(whole.answer == steps.answer);
  CHECK(whole.candidates[0].step_ends == steps.candidates[0].step_ends);
  CHECK(whole.candidates[0].logprob == doctest::Approx(steps.candidates[0].logprob).epsilon(1e-6));
  CHECK(whole.spent.tokens == steps.spent.tokens);
  CHECK(whole.spent.prompt_tokens == steps.spent.prompt_tokens);
  CHECK(whole.spent.flops == doctest::Approx(steps.spent.flops));
}

TEST_CASE("decoder reports the model's own log-probability of the tokens, however they are drawn") {
  markov_model model;
  solve_options options;
  SUBCASE("drawn from the model") {}
  SUBCASE("drawn from less") {
    options.sampling = {.temperature = .5F, .top_k = 2, .top_p = .9F};
  }
  for (const bool whole : {true, false}) {
    const outcome result = whole ? run(model, outthink::repeated_sampling{.n = 30}, options)
                                 : run(model, step_by_step{30}, options);
    for (const auto& made : result.candidates) {
      const auto last = made.solution.empty()         ? markov_model::kStart
                        : made.solution.back() == 'a' ? markov_model::kA
                        : made.solution.back() == 'b' ? markov_model::kB
                                                      : markov_model::kLine;
      const double expected = std::log(model.probability(made.solution) / model.after(last).end);
      CHECK(made.logprob == doctest::Approx(expected).epsilon(1e-5));
    }
  }
}

TEST_CASE("decoder says with which probability it drew, where a temperature alone changes that") {
  markov_model model;
  decoder<markov_model&> language(model);
  const asking ask;
  auto requests = ask.requests(ask.tree.root(), extent::step, 40);
  for (generation_request& asked : requests) asked.sampling = {.temperature = 0.5F};
  for (const generation& made : language.answer(requests)) {
    double expected = 0;
    auto last = markov_model::kStart;
    for (const char c : made.text) {
      const auto& p = model.after(last);
      const double squares = p.end * p.end + p.a * p.a + p.b * p.b + p.line * p.line;
      const double own = c == 'a' ? p.a : c == 'b' ? p.b : p.line;
      expected += std::log(own * own / squares);
      last = c == 'a' ? markov_model::kA : c == 'b' ? markov_model::kB : markov_model::kLine;
    }
    CHECK(made.drawn_logprob == doctest::Approx(expected).epsilon(1e-5));
  }
  requests.erase(requests.begin() + 4, requests.end());
  requests[0].sampling = {};
  requests[1].sampling = {.temperature = 0.5F, .top_k = 2};
  requests[2].sampling = {.temperature = 0.5F, .top_p = 0.9F};
  requests[3].sampling = outthink::greedy;
  for (const generation& made : language.answer(requests)) {
    if (!made.text.empty()) CHECK(made.drawn_logprob != made.drawn_logprob);
  }
}

TEST_CASE("decoder: a sampler that overwrites logits changes neither tokens nor log-probability") {
  const auto overwriting = [](std::span<float> logits, const outthink::sampling_options& options,
                              double uniform) {
    const auto token = outthink::default_sampler{}(logits, options, uniform);
    for (float& z : logits) z = 0;
    return token;
  };
  markov_model model;
  model.reads_history = true;
  decoder<markov_model&> reading(model);
  decoder writing(model, {}, overwriting);
  asking ask;
  const node_id node = ask.step(ask.tree.root(), "ab\n");
  std::vector<generation_request> requests;
  for (std::uint32_t i = 0; i < 40; ++i) {
    requests.push_back(ask.request(ask.tree.root(), extent::step, i));
    requests.push_back(ask.request(node, extent::solution, i));
  }
  const auto expected = reading.answer(requests);
  const auto found = writing.answer(requests);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].text == expected[i].text);
    CHECK(found[i].logprob == expected[i].logprob);
  }
}

TEST_CASE("decoder gives the same bits whatever it has room for and whatever it is asked with") {
  markov_model model;
  model.reads_history = true;
  asking ask;
  std::vector<generation_request> requests;
  const node_id a = ask.step(ask.tree.root(), "ab\n"), b = ask.step(a, "b\n");
  for (std::uint32_t i = 0; i < 12; ++i) {
    requests.push_back(ask.request(ask.tree.root(), extent::solution, i));
    requests.push_back(ask.request(a, extent::step, i));
    requests.push_back(ask.request(b, extent::solution, i, 5));
  }
  const auto all = [&](decoder_options memory, std::size_t at_a_time) {
    markov_model own = model;
    decoder<markov_model&> language(own, memory);
    std::vector<generation> answers;
    for (std::size_t i = 0; i < requests.size(); i += at_a_time) {
      const std::size_t count = std::min(at_a_time, requests.size() - i);
      for (generation& made : language.answer(std::span(requests).subspan(i, count))) {
        answers.push_back(std::move(made));
      }
    }
    return answers;
  };
  const std::vector<generation> expected = all({}, requests.size());
  for (const std::size_t rows : {1U, 3U, 100U}) {
    for (const std::size_t cache : {0U, 16U, 100'000U}) {
      for (const std::size_t at_a_time : {1U, 5U, 36U}) {
        const std::vector<generation> answers = all({rows, cache}, at_a_time);
        REQUIRE(answers.size() == expected.size());
        for (std::size_t i = 0; i < answers.size(); ++i) {
          CHECK(answers[i].text == expected[i].text);
          CHECK(answers[i].ended == expected[i].ended);
          CHECK(answers[i].logprob == expected[i].logprob);
          CHECK(answers[i].spent == expected[i].spent);
        }
      }
    }
  }
}

TEST_CASE("decoder charges for the problem once, with its first continuation") {
  markov_model model;
  const outcome result = run(model, outthink::repeated_sampling{.n = 20});
  CHECK(result.spent.prompt_tokens == 2);  // the begin marker and "?"
  std::uint64_t written = 0;
  for (const auto& made : result.candidates) written += made.solution.size();
  CHECK(result.spent.tokens == written);
}

TEST_CASE("decoder evaluates a shared problem once and never more rows than it may") {
  markov_model model;
  static_cast<void>(run(model, outthink::repeated_sampling{.n = 64}, {}, {.rows = 16}));
  REQUIRE(model.batches.size() > 1);
  CHECK(model.batches[0] == 1);
  CHECK(*std::max_element(model.batches.begin(), model.batches.end()) <= 16);
  CHECK(*std::max_element(model.batches.begin(), model.batches.end()) > 8);
}

TEST_CASE("decoder computes texts once as long as they agree") {
  markov_model model;
  const outcome result = run(model, outthink::repeated_sampling{.n = 64}, {}, {.rows = 64});
  std::set<std::string> beginnings;
  for (const auto& made : result.candidates) {
    for (std::size_t end = 1; end <= made.solution.size(); ++end) {
      beginnings.insert(made.solution.substr(0, end));
    }
  }
  CHECK(model.tokens_read == 2 + beginnings.size());  // the begin marker and "?"
}

TEST_CASE("decoder continues a step it wrote from its own memory, without reading it again") {
  markov_model model;
  decoder<markov_model&> language(model);
  asking ask;
  std::uint32_t ordinal = 0;
  generation made;
  do {
    const generation_request asked = ask.request(ask.tree.root(), extent::step, ordinal++);
    made = language.answer(std::span(&asked, 1))[0];
  } while (made.ended != finish::step_end);
  const node_id node = ask.step(ask.tree.root(), made.text);
  const generation_request next = ask.request(node, extent::step, 0, 1);
  const std::size_t before = model.tokens_read;
  static_cast<void>(language.answer(std::span(&next, 1)));
  CHECK(model.tokens_read - before <= 1);  // at most its own token, to look ahead
}

TEST_CASE("decoder releases every sequence it opened") {
  markov_model model;
  { static_cast<void>(run(model, step_by_step{50}, {}, {.rows = 8, .cache_tokens = 40})); }
  CHECK(model.sequences.empty());
  CHECK(model.released == model.opened());
}

TEST_CASE("decoder answers no request with no answer, and refuses to run without rows") {
  markov_model model;
  decoder<markov_model&> language(model);
  CHECK(language.answer({}).empty());
  CHECK(&language.model() == &model);
  CHECK_THROWS_AS((decoder<markov_model&>(model, {.rows = 0})), outthink::error);
}
