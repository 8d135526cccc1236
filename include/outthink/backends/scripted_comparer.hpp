// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/comparer.hpp>

#include <span>
#include <utility>
#include <vector>

namespace outthink::backends {

/// @brief A comparer whose preferences are written by a function: for tests, documents and
/// experiments with tournaments themselves.
///
/// How it works: `script(request, random)` gives a whole `comparison` or the probability that the
/// first text is better. `random` is the request's own stream.
///
/// Requires: a script that is a pure function of its arguments. Cost: the script's; nothing is
/// charged where the script charges nothing. Errors: what the script throws. Determinism: the
/// script's. Example: tests/backends/scripted_comparer.cpp.
template <class Script>
class scripted_comparer {
 public:
  using request = comparison_request;
  using response = comparison;

  explicit scripted_comparer(Script script) : script_(std::move(script)) {}

  [[nodiscard]] std::vector<comparison> answer(std::span<const comparison_request> requests) {
    std::vector<comparison> answers;
    answers.reserve(requests.size());
    for (const comparison_request& asked : requests) {
      random_stream random(asked.stream);
      answers.push_back(complete(script_(asked, random)));
    }
    return answers;
  }

 private:
  static comparison complete(comparison made) { return made; }
  static comparison complete(double first_wins) {
    return {.first_wins = static_cast<float>(first_wins)};
  }

  Script script_;
};

}  // namespace outthink::backends
