// SPDX-License-Identifier: MIT
// The program of docs/reference/backends.md that runs llama.cpp in process.
#include <outthink/backends/llama_cpp.hpp>
#include <outthink/outthink.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace outthink;

TEST_CASE("the documentation's use of llama.cpp") {
  const std::string path = "toy.gguf";
  decoder model{backends::llama_cpp::load(path, {.cells = 4096, .threads = 8}), {.rows = 32}};
  const outcome result =
      solve("2 + 2 = ", model, repeated_sampling{.n = 4}, no_verifier{}, majority_vote{},
            {.steps = {.max_tokens = 8, .max_total_tokens = 16}});
  CHECK(result.message.empty());
}
