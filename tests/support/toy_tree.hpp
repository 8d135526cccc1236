// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::test {

/// A language model over a known tree: every solution has `depth` steps, each a letter. Steps but
/// the last end their line. The i-th continuation of a trace is the i-th letter, again from the
/// first after `letters`, or, if `random`, drawn evenly.
struct toy_tree {
  using request = generation_request;
  using response = generation;

  int depth = 3;
  std::uint32_t letters = 4;
  bool random = false;

  std::vector<std::size_t> batches{};   ///< requests of each call
  std::vector<std::string> prefixes{};  ///< the solution so far, of each request

  std::vector<generation> answer(std::span<const generation_request> requests) {
    batches.push_back(requests.size());
    std::vector<generation> answers;
    for (const generation_request& asked : requests) {
      prefixes.push_back(asked.trace.solution());
      answers.push_back(write(asked));
    }
    return answers;
  }

 private:
  [[nodiscard]] generation write(const generation_request& asked) const {
    random_stream numbers(asked.stream);
    generation made;
    int at = static_cast<int>(asked.trace.steps());
    const int last = asked.until == extent::step ? at + 1 : depth;
    for (; at < last; ++at) {
      const std::uint32_t letter = random ? numbers.below(letters) : asked.ordinal % letters;
      made.text += static_cast<char>('a' + letter);
      if (at + 1 < depth) made.text += '\n';
      ++made.spent.tokens_written;
      made.logprob -= 1;
      if (made.spent.tokens_written == asked.max_tokens && at + 1 < last) {
        made.ended = finish::length;
        return made;
      }
    }
    made.ended = at < depth ? finish::step_end : finish::text_end;
    made.spent.tokens_read = 1;
    made.spent.flops = 10;
    made.spent.money = 0.5;
    return made;
  }
};

/// The letters of a solution, without the ends of lines.
inline std::string letters_of(std::string_view solution) {
  std::string letters;
  for (const char c : solution) {
    if (c != '\n') letters += c;
  }
  return letters;
}

}  // namespace outthink::test
