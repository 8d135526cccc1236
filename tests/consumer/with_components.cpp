// SPDX-License-Identifier: MIT
#include <outthink/backends/transformer.hpp>
#include <outthink/outthink.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

int main() {
  try {
    static_cast<void>(outthink::backends::transformer::load("no such file"));
  } catch (const outthink::error& problem) {
    fmt::print("{}\n", nlohmann::json(problem.what()).dump());
    return 0;
  }
  return 1;
}
