// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/references.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// A call of a tool, as a plan names it.
struct planned_call {
  std::uint32_t number;   ///< by which later calls refer to its result
  std::string tool;       ///< the tool's name
  std::string input;      ///< what it is used on, references as they were written
  std::string thought{};  ///< what the plan says about it
};

/// How the calls of a plan refer to each other's results, and what stands around a result in place
/// of its reference.
struct reference_style {
  std::string_view mark;
  std::string_view before{};
  std::string_view after{};
};

/// @brief Calls that wait for each other's results: which of them can be made, which have failed.
///
/// How it works: `add` takes the calls of a plan, all at once or while others are under way.
/// `start` gives those that have not been given before and whose needs have ended, in the order of
/// the plan; `finish` takes their results, in any order. A call needs the results that its input
/// refers to. A number that is planned again stands for the later call from then on. A call fails
/// without being made if it refers to what is not planned before it, which rules out circles, or to
/// a call that has failed; its result says why. Nothing is waited for here: whoever starts each
/// call at once ends after the longest chain of calls (the critical path), not after their sum.
///
/// Requires: positions that `start` gave, each finished once. Cost: O(calls) for each reference.
/// Errors: `std::bad_alloc`. Determinism: inputs and results do not depend on the order in
/// which calls finish.
/// Reference: S. Kim et al. 2023, arXiv:2312.04511 (LLMCompiler), its task fetching unit. There a
/// call that fails is waited for without end, and references that lead nowhere stay in the input.
class call_graph {
 public:
  explicit call_graph(reference_style style) noexcept : style_(style) {}

  /// A new call; gives its position, from 0.
  std::size_t add(planned_call call) {
    const std::size_t position = calls_.size();
    entry made{.call = std::move(call)};
    for (const reference& one : references_in(made.call.input, style_.mark)) {
      const std::size_t needed = last_planned(one.number);
      if (needed == position || calls_[needed].now == state::failed) {
        made.now = state::failed;
        made.result = name(one.number) + (needed == position ? kUnplanned : kFailed);
        break;
      }
      made.needs.push_back(needed);
    }
    if (made.now == state::open) {
      for (const std::size_t needed : made.needs) {
        if (calls_[needed].now == state::done) continue;
        calls_[needed].waiting.push_back(position);
        ++made.open_needs;
      }
      if (made.open_needs == 0) ready_.push_back(position);
      ++open_;
    }
    calls_.push_back(std::move(made));
    return position;
  }

  /// The calls that can be made now and were not given before, in the order of the plan.
  [[nodiscard]] std::vector<std::size_t> start() {
    std::sort(ready_.begin(), ready_.end());
    return std::exchange(ready_, {});
  }

  /// What the call is to be made with: its input, with the results that it refers to.
  [[nodiscard]] std::string input(std::size_t position) const {
    const entry& of = calls_[position];
    std::size_t next = 0;
    return with_results(of.call.input, style_.mark, [&](std::uint32_t) {
      return std::string(style_.before) + calls_[of.needs[next++]].result +
             std::string(style_.after);
    });
  }

  /// What came of a call. If it failed, so do all that wait for it.
  void finish(std::size_t position, std::string result, bool failed = false) {
    end(position, std::move(result), failed ? state::failed : state::done);
    std::vector<std::size_t> ended{position};
    while (!ended.empty()) {
      const std::size_t one = ended.back();
      ended.pop_back();
      for (const std::size_t waiting : std::exchange(calls_[one].waiting, {})) {
        entry& next = calls_[waiting];
        if (next.now != state::open) continue;
        if (failed) {
          end(waiting, name(calls_[one].call.number) + kFailed, state::failed);
          ended.push_back(waiting);
        } else if (--next.open_needs == 0) {
          ready_.push_back(waiting);
        }
      }
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return calls_.size(); }
  [[nodiscard]] const planned_call& operator[](std::size_t i) const { return calls_[i].call; }
  /// What came of a call; empty until then.
  [[nodiscard]] const std::string& result(std::size_t i) const { return calls_[i].result; }
  [[nodiscard]] bool failed(std::size_t i) const { return calls_[i].now == state::failed; }
  /// True if every call has ended.
  [[nodiscard]] bool done() const noexcept { return open_ == 0; }

 private:
  enum class state : std::uint8_t { open, done, failed };

  struct entry {
    planned_call call;
    std::string result{};
    std::vector<std::size_t> needs{};    // a position for each reference of the input, in order
    std::vector<std::size_t> waiting{};  // calls that need this one, once for each reference
    std::size_t open_needs = 0;
    state now = state::open;
  };

  static constexpr const char* kUnplanned = " is not planned before this call";
  static constexpr const char* kFailed = " failed, and this call needs it";

  [[nodiscard]] std::string name(std::uint32_t number) const {
    return std::string(style_.mark) + std::to_string(number);
  }

  // The position of the last call of that number so far; `size()` if there is none.
  [[nodiscard]] std::size_t last_planned(std::uint32_t number) const {
    for (std::size_t i = calls_.size(); i-- > 0;) {
      if (calls_[i].call.number == number) return i;
    }
    return calls_.size();
  }

  void end(std::size_t position, std::string result, state how) {
    calls_[position].result = std::move(result);
    calls_[position].now = how;
    --open_;
  }

  reference_style style_;
  std::vector<entry> calls_;
  std::vector<std::size_t> ready_;
  std::size_t open_ = 0;
};

}  // namespace outthink
