// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/aggregator.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/recorded_solutions.hpp>
#include <outthink/runtime/journal/schema.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

inline outthink::sqlite::database open_journal(const std::string& path) {
  outthink::sqlite::database file(path, outthink::sqlite::access::read);
  outthink::detail::check_schema(file);
  return file;
}

/// The runs of a journal, with what each added and cost: a line each.
inline std::string runs_of(const std::string& path) {
  outthink::sqlite::database file = open_journal(path);
  std::string table =
      fmt::format("{:>4} {:24} {:24} {:>9} {:>9} {:>10} {:>10}  {}\n", "run", "started", "ended",
                  "replayed", "answers", "tokens", "money", "name");
  auto all = file.prepare(
      "SELECT r.id, r.started, coalesce(r.ended, 'not closed'), coalesce(r.replayed, 0), "
      "count(a.id), total(a.tokens_written), total(a.money), r.name "
      "FROM runs r LEFT JOIN answers a ON a.run = r.id GROUP BY r.id ORDER BY r.id");
  while (all.step()) {
    table += fmt::format("{:>4} {:24} {:24} {:>9} {:>9} {:>10.0f} {:>10.4g}  {}\n", all.integer(0),
                         all.text(1), all.text(2), all.integer(3), all.integer(4), all.number(5),
                         all.number(6), all.text(7));
  }
  return table;
}

/// Prints every answer of a journal as a line of JSON. What is no UTF-8 is replaced.
inline void export_lines(const std::string& path, std::FILE* out) {
  outthink::sqlite::database file = open_journal(path);
  auto all = file.prepare(
      "SELECT a.run, s.name, s.kind, t.prompt, t.steps, a.request, a.response, a.tokens_read, "
      "a.tokens_written, a.flops, a.money FROM answers a LEFT JOIN services s ON s.id = a.service "
      "LEFT JOIN texts t ON t.trace = a.trace ORDER BY a.id");
  const auto parsed = [](std::string_view text) {
    nlohmann::json read = nlohmann::json::parse(text, nullptr, false);
    return read.is_discarded() ? nlohmann::json(text) : read;
  };
  while (all.step()) {
    nlohmann::json line{{"run", all.integer(0)},
                        {"service", all.text(1)},
                        {"kind", all.text(2)},
                        {"request", parsed(all.text(5))},
                        {"response", parsed(all.text(6))},
                        {"tokens_read", all.integer(7)},
                        {"tokens_written", all.integer(8)},
                        {"flops", all.number(9)},
                        {"money", all.number(10)}};
    if (!all.is_null(3)) {
      line["prompt"] = all.text(3);
      line["steps"] = all.text(4);
    }
    fmt::print(out, "{}\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
}

/// Replaces the recorded scores by those of `judge`.
template <outthink::verifier Verifier>
void score_again(std::vector<outthink::recorded_problem>& problems, Verifier&& judge) {
  const outthink::step_rule rule;
  for (outthink::recorded_problem& one : problems) {
    for (outthink::candidate& solution : one.candidates) {
      outthink::text_tree tree(outthink::step_payload{.text = one.prompt});
      outthink::node_id end = tree.root();
      for (std::size_t i = 0; i < solution.steps(); ++i) {
        end = tree.add_children(end, 1)[0];
        tree.set_payload(end, {.text = solution.step(i)}, outthink::node_status::open);
      }
      tree.set_status(end, outthink::node_status::finished);
      const outthink::score_request asked{{tree, end}, 0, &rule, {}};
      const auto verdicts = judge.answer({&asked, 1});
      solution.step_scores.assign(verdicts[0].scores.begin(), verdicts[0].scores.end());
    }
  }
}

/// What an aggregator makes of the recorded solutions: a block for each problem.
template <outthink::aggregator Aggregator>
std::string vote_on(const std::vector<outthink::recorded_problem>& problems,
                    const Aggregator& aggregate) {
  std::string table;
  for (const outthink::recorded_problem& one : problems) {
    const outthink::decision made = aggregate(one.candidates);
    const bool none = made.chosen == outthink::outcome::none;
    table += fmt::format("{}{}  ({:.0f} % sure, {} solutions)\n", one.prompt,
                         none ? "no answer" : one.candidates[made.chosen].answer,
                         100 * made.confidence, one.candidates.size());
  }
  return table;
}
