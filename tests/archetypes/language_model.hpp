// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>

#include <deque>
#include <span>
#include <string>
#include <utility>

namespace archetypes {

/// The smallest language model: answers everything with one word.
class one_word_model {
 public:
  using request = outthink::generation_request;
  using response = outthink::generation;

  explicit one_word_model(std::string word) : word_(std::move(word)) {}
  one_word_model(one_word_model&&) = default;

  std::deque<outthink::generation> answer(std::span<const outthink::generation_request> batch) {
    return std::deque<outthink::generation>(batch.size(), {.text = word_});
  }

 private:
  std::string word_;
};

}  // namespace archetypes
