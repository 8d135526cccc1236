// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink {

namespace detail {

/// The complaint about a service that answered with `given` responses to `asked` requests.
inline error wrong_number(std::size_t given, std::size_t asked) {
  return {errc::malformed_reply, "a service gave " + std::to_string(given) + " answers to " +
                                     std::to_string(asked) + " requests"};
}

/// The answers to `asked`, which is sent at most `most` requests at a time.
template <service S>
std::vector<typename S::response> answers_of(S& service, std::span<const typename S::request> asked,
                                             std::size_t most) {
  std::vector<typename S::response> answers;
  answers.reserve(asked.size());
  while (!asked.empty()) {
    const auto batch = asked.first(asked.size() < most ? asked.size() : most);
    auto&& some = service.answer(batch);
    if (some.size() != batch.size()) throw wrong_number(some.size(), batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) answers.push_back(std::move(some[i]));
    asked = asked.subspan(batch.size());
  }
  return answers;
}

}  // namespace detail

}  // namespace outthink
