// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::backends {

/// @brief A language model whose answers are written by a function: for tests, documents and
/// experiments with search itself.
///
/// How it works: `script(request, random)` writes the continuation of `request.trace`: either a
/// whole `generation`, or a `std::string`, which then ends a step if it ends with the delimiter and
/// the text otherwise. `random` is the request's own stream.
///
/// Requires: a script that is a pure function of its arguments.
/// Cost: the script's; a token is counted per byte where the script does not count.
/// Errors: what the script throws. Determinism: the script's.
/// Example: examples/custom_aggregator.cpp.
template <class Script>
class scripted {
 public:
  using request = generation_request;
  using response = generation;

  explicit scripted(Script script) : script_(std::move(script)) {}

  [[nodiscard]] std::vector<generation> answer(std::span<const generation_request> requests) {
    std::vector<generation> answers;
    answers.reserve(requests.size());
    for (const generation_request& asked : requests) {
      random_stream random(asked.stream);
      answers.push_back(complete(asked, script_(asked, random)));
    }
    return answers;
  }

 private:
  static generation complete(const generation_request&, generation written) { return written; }

  static generation complete(const generation_request& asked, std::string text) {
    generation written;
    const std::string& delimiter = asked.rule->delimiter;
    const bool ends_step =
        asked.until == extent::step && !delimiter.empty() && text.ends_with(delimiter);
    written.ended = ends_step ? finish::step_end : finish::text_end;
    written.spent.tokens_written = static_cast<std::uint32_t>(text.size());
    written.text = std::move(text);
    return written;
  }

  Script script_;
};

}  // namespace outthink::backends
