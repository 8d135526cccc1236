// SPDX-License-Identifier: MIT
#pragma once

#include "aggregators.hpp"
#include "bench_task.hpp"
#include "plan.hpp"
#include "policies.hpp"
#include "read_plan.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace bench {

/// Everything that plans can name, for the terminal.
[[nodiscard]] inline std::string list_text() {
  plan known;
  detail::add_embedded_services(known);
  std::string made = "tasks\n";
  for (const std::string& name : embedded_tasks()) {
    const bench_task task = embedded_task(name, "validation");
    made += fmt::format("  {:<22} {}, {} validation problems; model {}, verifier {}\n", name,
                        task.title, task.problems.size(), task.model, task.verifier);
  }
  made += "  simulated               problems of a simulated model and verifier\n";
  made += "  a dataset               JSON lines with id, question, answer, difficulty\n\nmodels\n";
  for (const auto& [name, source] : known.models)
    made += fmt::format("  {:<22} {}\n", name, source.where);
  made += "\nverifiers\n";
  for (const auto& [name, source] : known.verifiers)
    made += fmt::format("  {:<22} {}\n", name, source.where);
  const auto parameters = [&made](const std::vector<parameter>& all) {
    for (const parameter& p : all) {
      made += fmt::format("      {:<18} {} ({}{}{})\n", p.name, p.meaning, p.otherwise.dump(),
                          p.words.empty() ? "" : "; one of ", fmt::join(p.words, ", "));
    }
  };
  made += "\npolicies (N is the number of solutions, or of steps drawn side by side)\n";
  for (const policy_entry& one : all_policies()) {
    made += fmt::format("  {:<22} {}; N = {}{}{}\n", one.name, one.title, one.drawn,
                        one.each.empty() ? "" : " x ", one.each);
    parameters(one.parameters);
  }
  made += "\naggregators\n";
  for (const aggregator_entry& one : all_aggregators()) {
    made += fmt::format("  {:<22} {}{}\n", one.name, one.title,
                        one.needs_scores ? "; needs a verifier" : "");
    parameters(one.parameters);
  }
  made += "\nanswers of a dataset\n ";
  for (const answer_reading& one : answer_readings()) made += " " + one.name;
  return made + "\n";
}

}  // namespace bench
