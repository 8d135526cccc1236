// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/verifier.hpp>
#include <outthink/verifiers/ask_verifier.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink::verifiers {

/// @brief Remembers the scores of another verifier by prefix, so that only new steps are scored.
///
/// How it works: the key of a step is the text of the problem, the texts of the steps up to it and
/// whether the solution ends there, byte by byte and never hashed away: two prefixes share a score
/// only if they are the same. A request is answered from memory up to the first step that is not
/// known; the inner verifier is asked from there on, once for equal traces in a batch. A NaN is
/// remembered for the place where it was given, at the end of a trace or before it; any other score
/// for wherever the step stands.
///
/// Shapes and units: the inner verifier's. Requires: an inner verifier whose scores are a function
/// of the text, or scores depend on which trace came first. Not for one whose `score_request::from`
/// matters.
/// Cost: O(length) a request, one hash per step. Memory: `bytes` at most, counting a step's text
/// and 96 bytes; the older half of what is known is forgotten when the younger is full. What is
/// found in memory is not charged: who pays for a common prefix depends on the order of the
/// searches, the scores do not. Errors: the inner verifier's; failures are not remembered.
/// Determinism: the inner verifier's. Example: tests/verifiers/memo.cpp.
template <class Verifier>
class memo {
  static_assert(outthink::detail::diagnose_verifier<std::remove_reference_t<Verifier>>());

 public:
  using request = score_request;
  using response = verdict;

  explicit memo(Verifier&& inner, std::size_t bytes = std::size_t{64} * 1024 * 1024)
      : inner_(std::forward<Verifier>(inner)), half_(bytes / 2) {}

  [[nodiscard]] std::vector<verdict> answer(std::span<const score_request> requests) {
    std::vector<verdict> verdicts(requests.size());
    std::vector<score_request> asked;
    std::vector<std::size_t> source(requests.size(), kKnown);  // position in `asked`
    std::unordered_map<std::uint64_t, std::size_t> positions;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::uint64_t end = recall(requests[i], verdicts[i]);
      const std::size_t known = verdicts[i].scores.size();
      if (requests[i].from + known >= requests[i].trace.steps()) continue;
      const auto [found, is_new] = positions.try_emplace(end, asked.size());
      source[i] = found->second;
      if (!is_new && asked[source[i]].from <= requests[i].from + known) continue;
      if (is_new) asked.push_back(requests[i]);
      asked[source[i]].from = requests[i].from + static_cast<std::uint32_t>(known);
    }
    const std::vector<verdict> answers = detail::ask_verifier(inner_, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (answers[i].failure.empty()) remember(asked[i], answers[i]);
    }
    std::vector<bool> paid(asked.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (source[i] == kKnown) continue;
      const verdict& from = answers[source[i]];
      verdicts[i].failure = from.failure;
      if (!paid[source[i]]) verdicts[i].spent = from.spent;
      paid[source[i]] = true;
      const std::size_t steps = requests[i].trace.steps(), first = asked[source[i]].from;
      for (std::size_t at = requests[i].from + verdicts[i].scores.size(); at < steps; ++at) {
        if (from.failure.empty()) verdicts[i].scores.push_back(from.scores[at - first]);
      }
    }
    return verdicts;
  }

  /// Bytes in use, as they count towards the limit.
  [[nodiscard]] std::size_t bytes() const noexcept { return young_bytes_ + old_bytes_; }

 private:
  static constexpr std::size_t kKnown = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t kOverhead = 96;  // of an entry, beside the step's text

  struct entry {
    std::uint64_t id;
    float score = 0;
    bool scored = false;       // `score` is a number
    bool none_inside = false;  // NaN was given where the trace went on
    bool none_at_end = false;

    [[nodiscard]] bool known(bool at_end) const noexcept {
      return scored || (at_end ? none_at_end : none_inside);
    }
  };
  using table = std::unordered_map<std::string, entry>;

  // Gives the leading scores that are known; returns what the whole trace is known by.
  std::uint64_t recall(const score_request& asked, verdict& into) {
    bool known = true;
    return walk(asked, [&](std::size_t step, entry& at, bool at_end) {
      if (step < asked.from) return;
      known = known && at.known(at_end);
      if (known) into.scores.push_back(at.scored ? at.score : kNone);
    });
  }

  void remember(const score_request& asked, const verdict& given) {
    walk(asked, [&](std::size_t step, entry& at, bool at_end) {
      if (step < asked.from) return;
      const float score = given.scores[step - asked.from];
      if (score == score) {
        at.score = score;
        at.scored = true;
      } else {
        (at_end ? at.none_at_end : at.none_inside) = true;
      }
    });
  }

  template <class Visit>
  std::uint64_t walk(const score_request& asked, Visit visit) {
    std::uint64_t id = find(0, 'p', asked.trace.prompt()).id;
    const std::vector<std::string_view> steps = asked.trace.step_texts();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool at_end = i + 1 == steps.size();
      entry& at = find(id, at_end && asked.trace.finished() ? 'f' : 's', steps[i]);
      visit(i, at, at_end);
      id = at.id;
    }
    return id;
  }

  // The entry of a text after what `parent` names; made if there is none.
  entry& find(std::uint64_t parent, char kind, std::string_view text) {
    std::string key(sizeof parent + 1, kind);
    std::memcpy(key.data(), &parent, sizeof parent);
    key += text;
    if (const auto found = young_.find(key); found != young_.end()) return found->second;
    const std::size_t bytes = key.size() + kOverhead;
    auto known = old_.extract(key);
    if (known) old_bytes_ -= bytes;
    if (young_bytes_ + bytes > half_) {
      old_ = std::exchange(young_, {});
      old_bytes_ = std::exchange(young_bytes_, 0);
    }
    young_bytes_ += bytes;
    if (known) return young_.insert(std::move(known)).position->second;
    return young_.try_emplace(std::move(key), entry{.id = ++last_id_}).first->second;
  }

  static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

  Verifier inner_;
  std::size_t half_;  // bytes of either table
  table young_, old_;
  std::size_t young_bytes_ = 0, old_bytes_ = 0;
  std::uint64_t last_id_ = 0;
};

template <class Verifier>
memo(Verifier&&) -> memo<Verifier>;
template <class Verifier>
memo(Verifier&&, std::size_t) -> memo<Verifier>;

}  // namespace outthink::verifiers
