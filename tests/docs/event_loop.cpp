// SPDX-License-Identifier: MIT
// Snippets of docs/how-to/use-your-own-event-loop.md.
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

using namespace outthink;

namespace {

/// Names of what is asked; the answers come from elsewhere.
struct remote_model {
  using request = generation_request;
  using response = generation;
};
struct remote_verifier {
  using request = score_request;
  using response = verdict;
};

std::vector<generation> fetch(const batch<remote_model>& asked) {
  std::vector<generation> answers(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked.requests()[i].trace.prompt() == "down") throw std::runtime_error("no connection");
    random_stream random(asked.requests()[i].stream);
    answers[i].text = std::to_string(random.below(10));
  }
  return answers;
}

std::vector<verdict> fetch(const batch<remote_verifier>& asked) {
  std::vector<verdict> verdicts(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) verdicts[i].scores = {1, 0.5F};
  return verdicts;
}

/// Asks one service once; true if there was something to ask.
template <class Scheduler, class Service>
bool serve(Scheduler& run, const Service& service) {
  const batch<Service> asked = run.ask(service);
  if (asked.empty()) return false;
  try {
    run.tell(asked, fetch(asked));
  } catch (const std::exception&) {
    run.fail(asked, std::current_exception());
  }
  return true;
}

}  // namespace

TEST_CASE("docs: a loop of one's own serves a model and a verifier, and passes failures on") {
  remote_model model;
  remote_verifier verifier;
  const std::vector<problem> problems{"up", "down"};
  scheduler run(problems, model, repeated_sampling{.n = 4}, verifier, best_score{},
                solve_options{.max_batch = 4});

  while (!run.done()) {
    serve(run, model);
    serve(run, verifier);
  }

  const std::vector<outcome> outcomes = run.take_outcomes();
  CHECK(outcomes[0].candidates.size() == 4);
  CHECK(outcomes[1].status == outcome_status::failed);
  CHECK(outcomes[1].message == "no connection");
}
