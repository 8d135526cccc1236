// SPDX-License-Identifier: MIT
// Serves the shipped models over HTTP, as vLLM or llama.cpp serve theirs: try a client without a
// GPU.
#include "support/arguments.hpp"
#include "support/gguf_server.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>

int main(int argc, char** argv) {
  try {
    const arguments given(
        {{"--task", "game24"}, {"--host", "127.0.0.1"}, {"--port", "8000"}, {"--threads", "2"}},
        argc, argv);
    const bool game = given.text("--task") == "game24";
    outthink::require(game || given.text("--task") == "arithmetic",
                      "--task is game24 or arithmetic");
    gguf_server server(game ? game_of_24_task() : chained_arithmetic_task(),
                       given.count("--threads"));
    const std::string& host = given.text("--host");
    const int port = given.count("--port");
    fmt::print("{}: http://{}:{}/v1\n", given.text("--task"), host, port);
    std::fflush(stdout);
    if (!server.serve(host, port)) {
      throw outthink::error(outthink::errc::service_failed,
                            fmt::format("cannot listen at {}:{}; is the port in use?", host, port));
    }
  } catch (const std::exception& problem) {
    fmt::print(stderr, "serve_gguf: {}\n", problem.what());
    return 1;
  }
}
