// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/answers_of.hpp>
#include <outthink/concepts/verifier.hpp>
#include <outthink/core/error.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace outthink::verifiers::detail {

/// The verdicts of a verifier inside another: one for each request, each with the right number of
/// scores or with a failure; anything else throws `errc::malformed_reply`.
template <verifier Verifier>
std::vector<verdict> ask_verifier(Verifier& inner, std::span<const score_request> requests) {
  std::vector<verdict> verdicts =
      outthink::detail::answers_of(inner, requests, requests.empty() ? 1 : requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::size_t wanted = requests[i].trace.steps() - requests[i].from;
    const std::size_t given = verdicts[i].scores.size();
    if (!verdicts[i].failure.empty() || given == wanted) continue;
    throw error(errc::malformed_reply, "a verifier gave " + std::to_string(given) + " scores for " +
                                           std::to_string(wanted) + " steps");
  }
  return verdicts;
}

}  // namespace outthink::verifiers::detail
