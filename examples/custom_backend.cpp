// SPDX-License-Identifier: MIT
// A backend of your own: the library sees your engine as a function from requests to texts.
#include <outthink/interop/fmt.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>

#include <span>
#include <string>
#include <vector>

using namespace outthink;

/// Stands for the engine that you already have.
struct my_engine {
  std::string complete(const std::string& prompt, float temperature, double luck) const {
    const bool lucky = luck < 0.4 + 0.1 * temperature;
    return prompt.size() % 2 == 0 || lucky ? "Paris" : luck < 0.8 ? "Lyon" : "Marseille";
  }
};

/// What the library needs: two names and one function over a batch.
struct my_backend {
  using request = generation_request;
  using response = generation;
  my_engine engine;

  std::vector<generation> answer(std::span<const generation_request> batch) const {
    std::vector<generation> answers;
    for (const generation_request& asked : batch) {  // in reality: one call for the whole batch
      random_stream random(asked.stream);            // the request's own random numbers
      generation made;
      made.text = engine.complete(asked.trace.text(), asked.sampling.temperature, random.uniform());
      made.ended = finish::text_end;
      made.spent.tokens_written = 1;
      answers.push_back(made);
    }
    return answers;
  }
};

int main() {
  my_backend model;
  for (const int n : {1, 3, 9, 27}) {
    const outcome result = solve("What is the capital of France?\n", model,
                                 repeated_sampling{.n = n}, no_verifier{}, majority_vote{});
    fmt::print("{:>2} samples: {}\n", n, result);
  }
}
