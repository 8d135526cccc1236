// SPDX-License-Identifier: MIT
#pragma once

#include "parameters.hpp"
#include <outthink/aggregators/best_score.hpp>
#include <outthink/aggregators/borda_vote.hpp>
#include <outthink/aggregators/confidence_vote.hpp>
#include <outthink/aggregators/majority_vote.hpp>
#include <outthink/aggregators/soft_best_of_n.hpp>
#include <outthink/aggregators/weighted_vote.hpp>
#include <outthink/concepts/aggregator.hpp>

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// An aggregator, chosen at run time.
using any_aggregator =
    std::function<outthink::decision(std::span<const outthink::candidate> candidates)>;

/// An aggregator that plans can name.
struct aggregator_entry {
  std::string name;
  std::string title;  ///< for readers
  bool needs_scores;
  std::vector<parameter> parameters;
  any_aggregator (*make)(const parameter_values&, outthink::step_reduction of_task);
};

[[nodiscard]] inline const std::vector<aggregator_entry>& all_aggregators() {
  using outthink::step_reduction;
  static const parameter reduction = reduction_parameter();
  static const auto reduced = [](const parameter_values& v, step_reduction of_task) {
    return reduction_named(v.word("reduction"), of_task);
  };
  static const std::vector<aggregator_entry> all = {
      {"majority_vote",
       "majority vote",
       false,
       {},
       [](const parameter_values&, step_reduction) {
         return any_aggregator(outthink::majority_vote{});
       }},
      {"best_score",
       "best score",
       true,
       {reduction},
       [](const parameter_values& v, step_reduction of_task) {
         return any_aggregator(outthink::best_score{reduced(v, of_task)});
       }},
      {"weighted_vote",
       "weighted vote",
       true,
       {reduction},
       [](const parameter_values& v, step_reduction of_task) {
         return any_aggregator(outthink::weighted_vote{reduced(v, of_task)});
       }},
      {"confidence_vote",
       "confidence vote",
       true,
       {{"share", 0.9, "of solutions kept"}, reduction},
       [](const parameter_values& v, step_reduction of_task) {
         return any_aggregator(outthink::confidence_vote{.share = v.precise("share"),
                                                         .reduction = reduced(v, of_task)});
       }},
      {"borda_vote",
       "Borda vote",
       true,
       {{"power", 0.5, "of the ranks"}, reduction},
       [](const parameter_values& v, step_reduction of_task) {
         return any_aggregator(
             outthink::borda_vote{.power = v.precise("power"), .reduction = reduced(v, of_task)});
       }},
      {"soft_best_of_n",
       "soft best-of-N",
       true,
       {{"temperature", 1.0, "in the unit of the scores"}, reduction},
       [](const parameter_values& v, step_reduction of_task) {
         return any_aggregator(outthink::soft_best_of_n{.temperature = v.number("temperature"),
                                                        .reduction = reduced(v, of_task)});
       }}};
  return all;
}

}  // namespace bench
