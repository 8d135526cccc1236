// SPDX-License-Identifier: MIT
// Generations that the model is not sure of are ended while they are streamed: fewer tokens, and
// the votes of the others (DeepConf, online).
#include "support/gguf_server.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/interop/fmt.hpp>
#include <outthink/verifiers/trace_confidence.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

int main() {
  gguf_server server(game_of_24_task());
  const std::string url = server.serve_aside();  // yours runs elsewhere: "http://gpu-box:8000"

  // 1. All generations to their end.
  const backends::openai_options patient{.url = url + "/v1", .top_logprobs = 5};
  backends::openai model(patient);

  // 2. The same, but a generation ends where its last four tokens are too unsure.
  constexpr float kSure = 4;
  const auto unsure = [](const backends::streamed_text& so_far) {
    const token_reduction tail{.measure = confidence_measure::tail, .window = 4};
    return so_far.confidences.size() >= 4 && tail(so_far.confidences) < kSure;
  };
  backends::openai_options impatient = patient;
  impatient.enough = unsure;
  backends::openai strict(impatient);

  no_verifier none;
  const solve_options options{.seed = 1};
  for (backends::openai* asked : {&model, &strict}) {
    const outcome made =
        solve("4 9 10 13\n", *asked, repeated_sampling{.n = 32}, none, majority_vote{}, options);
    fmt::print("{} of 32 generations complete, {} tokens: {}\n", made.candidates.size(),
               made.spent.tokens, made.answer);
  }
}
