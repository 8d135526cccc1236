// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/service.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/usage.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace outthink {

/// What is asked of a comparer: which of two texts is better for `problem`.
struct comparison_request {
  std::string_view problem;  ///< as the model reads it
  std::string_view first;    ///< a solution, an answer or any other text
  std::string_view second;
  stream_id stream{};  ///< random numbers for comparers that sample
};

/// What a comparer answers.
struct comparison {
  float first_wins = 0.5F;  ///< probability that the first is better, in [0, 1]; 0.5 is a tie
  cost spent{};
  std::string failure{};  ///< why there is no answer; empty if there is
};

/// @brief Says which of two texts is better: the judge of tournaments.
///
/// Semantic requirements beyond those of `service`:
/// 1. The texts are the asker's and stay valid until `answer` returns.
/// 2. `first_wins` lies in [0, 1]. A comparer whose answer depends on which text stands first says
///    so; who needs symmetry asks both ways and takes the mean of p and 1 - q.
/// 3. The same request gives the same response: randomness comes from `stream` alone.
///
/// Models in this library: `backends::scripted_comparer`, `verifiers::generative_comparer`.
/// Smallest model: `tests/archetypes/comparer.hpp`. See also: `verifier`, which judges one trace.
template <class C>
concept comparer = service<C> && std::same_as<typename C::request, comparison_request> &&
    std::same_as<typename C::response, comparison>;

}  // namespace outthink
