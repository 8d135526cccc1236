// SPDX-License-Identifier: MIT
// Ask/tell: the scheduler does no input or output; your loop carries the batches.
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <deque>
#include <string>
#include <vector>

using namespace outthink;

/// A model that is only a name for what is asked: it need not be able to answer.
struct remote_model {
  using request = generation_request;
  using response = generation;
};

int main() {
  std::vector<problem> problems{"heads or tails? ", "more than 2 with a die? ", "rain in April? "};
  remote_model model;
  no_verifier none;
  scheduler run(problems, model, repeated_sampling{.n = 40}, none, majority_vote{},
                solve_options{.max_batch = 16});

  // Up to three batches are under way at a time and come back in any order.
  std::deque<batch<remote_model>> under_way;
  while (true) {
    while (under_way.size() < 3) {
      batch<remote_model> asked = run.ask(model);
      if (asked.empty()) break;
      under_way.push_back(std::move(asked));
    }
    if (under_way.empty()) break;  // nothing to ask, nothing to wait for: run.done()
    const batch<remote_model> back = std::move(under_way.back());  // the latest comes back first
    under_way.pop_back();
    std::vector<generation> answers(back.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      random_stream random(back.requests()[i].stream);
      answers[i].text = random.uniform() < 0.7 ? "yes" : "no";
    }
    run.tell(back, answers);
  }
  for (const outcome& result : run.take_outcomes()) {
    fmt::print("{} ({:.0f} % of {} samples)\n", result.answer, 100 * result.confidence,
               result.candidates.size());
  }
}
