// SPDX-License-Identifier: MIT
// A model at a server: the same policy, and here, where the server runs the shipped model, the same
// answer in the same bits as in process.
#include "support/gguf_server.hpp"
#include <outthink/backends/openai.hpp>
#include <outthink/interop/fmt.hpp>

#include <fmt/format.h>

#include <string>

using namespace outthink;

int main() {
  gguf_server server(game_of_24_task());
  const std::string url = server.serve_aside();  // yours runs elsewhere: "http://gpu-box:8000"

  backends::openai model({.url = url + "/v1", .model = "game24-policy.gguf", .exact = true});
  no_verifier none;
  const solve_options options{.seed = 1};
  const outcome served =
      solve("4 9 10 13\n", model, repeated_sampling{.n = 32}, none, majority_vote{}, options);
  fmt::print("{}\n", served);

  decoder local{backends::transformer::load(game_of_24_task().policy)};
  const outcome here =
      solve("4 9 10 13\n", local, repeated_sampling{.n = 32}, none, majority_vote{}, options);
  fmt::print("the same in process: {}\n", served.answer == here.answer &&
                                              served.confidence == here.confidence &&
                                              served.spent == here.spent);
}
