// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace outthink {

/// What is asked of a chooser: which of several texts answers `problem` best.
struct choice_request {
  std::string_view problem;                 ///< as the model reads it
  std::span<const std::string_view> texts;  ///< solutions or summaries of them; at least two
  stream_id stream{};                       ///< random numbers for choosers that sample
};

/// What a chooser answers.
struct choice {
  std::size_t chosen = 0;  ///< position in `texts`; any other number if it said none that is there
  cost spent{};
  std::string failure{};  ///< why there is no answer; empty if there is
};

/// @brief Chooses one of several texts: a model that reads them all at once.
///
/// Semantic requirements beyond those of `service`:
/// 1. The texts are the asker's and stay valid until `answer` returns.
/// 2. A reply that names no text is an answer with a position that is not there, not a failure.
/// 3. The same request gives the same response: randomness comes from `stream` alone.
///
/// Models in this library: `verifiers::generative_chooser`; `gen_select` asks one. Smallest model:
/// `tests/archetypes/chooser.hpp`. See also: `comparer`, which reads two.
template <class C>
concept chooser = service<C> && std::same_as<typename C::request, choice_request> &&
    std::same_as<typename C::response, choice>;

}  // namespace outthink
