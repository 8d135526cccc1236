// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/replayed_environment.hpp>
#include <outthink/concepts/environment.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::test {

/// An environment in which letters are written one after another. A goal is done, an x fails.
struct word_world {
  using state = std::string;
  using request = action_request<state>;
  using response = observation<state>;

  std::string goal;
  std::vector<std::string> tried{};  ///< what every action led to, in order
  std::vector<std::size_t> batches{};

  [[nodiscard]] state start(std::string_view) const { return {}; }

  std::vector<response> answer(std::span<const request> asked) {
    batches.push_back(asked.size());
    std::vector<response> all;
    for (const request& one : asked) {
      tried.push_back(one.from + one.action);
      all.push_back({.to = tried.back(),
                     .text = "(" + tried.back() + ")\n",
                     .now = one.action == "x"      ? situation::failed
                            : tried.back() == goal ? situation::done
                                                   : situation::open});
    }
    return all;
  }
};

/// The same world for those who can only reset it and write.
struct resettable_word {
  std::string goal;
  std::string word{};

  void reset(std::string_view) { word.clear(); }
  observation<backends::hidden_state> act(const std::string& letter) {
    word_world world{goal};
    const std::vector<word_world::request> asked{{word, letter}};
    auto seen = world.answer(asked);
    word = seen[0].to;
    return {{}, seen[0].text, seen[0].now, seen[0].price, seen[0].spent};
  }
};

}  // namespace outthink::test
