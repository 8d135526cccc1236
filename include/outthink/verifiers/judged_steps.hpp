// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/core/judgement.hpp>
#include <outthink/core/search_tree.hpp>
#include <outthink/core/trace.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace outthink::verifiers {

/// Which of the steps that are asked for a verifier judges; the others get NaN.
enum class judged_steps : std::uint8_t {
  every,     ///< each by the trace up to it: a process model
  last,      ///< the last, finished or not: an outcome model that may judge parts
  solution,  ///< the last of a finished trace: an outcome model
};

namespace detail {

/// A part of a request's trace that gets a score.
struct judged_prefix {
  std::size_t request;
  trace_view trace;
  stream_id stream;  ///< of this part: the same whichever longer trace it is asked with
};

/// The parts of all traces to be judged, in order of requests and steps.
inline std::vector<judged_prefix> judged_prefixes(std::span<const score_request> requests,
                                                  judged_steps which) {
  constexpr std::uint64_t kJudging = 0x6A75646765;  // tells these streams from others
  std::vector<judged_prefix> parts;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const trace_view& whole = requests[i].trace;
    const std::size_t steps = whole.steps();
    if (steps <= requests[i].from) continue;
    if (which == judged_steps::solution && !whole.finished()) continue;
    const std::size_t first = which == judged_steps::every ? requests[i].from : steps - 1;
    for (std::size_t step = first; step < steps; ++step) {
      const trace_view part = whole.prefix(step + 1);
      const std::uint64_t place = mix_bits(part.tree().place(part.node()), kJudging);
      parts.push_back({i, part, {requests[i].stream.key, place}});
    }
  }
  return parts;
}

/// Gives the steps their scores, NaN to those asked for that have none; `scores` are those of
/// `parts`. A verdict with a failure keeps it and gets no score.
inline void give_scores(std::span<const score_request> requests,
                        std::span<const judged_prefix> parts, std::span<const float> scores,
                        std::span<verdict> verdicts) {
  std::size_t part = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    std::size_t end = part;
    while (end < parts.size() && parts[end].request == i) ++end;
    const std::size_t asked = requests[i].trace.steps() - requests[i].from;
    if (verdicts[i].failure.empty()) {
      verdicts[i].scores = {asked - (end - part), std::numeric_limits<float>::quiet_NaN()};
      for (; part < end; ++part) verdicts[i].scores.push_back(scores[part]);
    }
    part = end;
  }
}

/// The score that a callable's result stands for: a judgement, a truth value or a number.
template <class Result>
float score_from(Result result) {
  if constexpr (std::same_as<Result, judgement>) {
    return score_of(result);
  } else {
    return static_cast<float>(result);
  }
}

}  // namespace detail

}  // namespace outthink::verifiers
