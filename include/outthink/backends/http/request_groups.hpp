// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace outthink::backends::http {

/// Requests that a server answers in one reply. `Context` is what of each is needed to read it.
template <class Context>
struct request_group {
  std::string opening;                               ///< of their body: what they have in common
  std::size_t most = 1;                              ///< of them
  std::uint64_t affinity = 0;                        ///< of the first
  std::uint64_t tokens = 0;                          ///< that each may write
  std::vector<Context> contexts{};                   ///< [members]
  std::vector<std::optional<std::uint64_t>> tags{};  ///< [members]; none: nobody waits for it
};

/// @brief Says which requests go to a server together, and whose answers a reply holds.
///
/// How it works: a request joins an earlier one with the same opening that was not sent yet, while
/// their group has room; another one begins a group, which keeps its number until it has ended.
///
/// Requires: a tag once at a time. Cost: a hash of the opening where more than one may go together.
/// Errors: none. Determinism: groups depend on what was submitted between two calls of `send`.
template <class Context>
class request_groups {
 public:
  using group = request_group<Context>;

  [[nodiscard]] bool empty() const noexcept { return groups_.empty(); }
  /// Groups that were not sent yet.
  [[nodiscard]] std::size_t gathered() const noexcept { return gathered_.size(); }
  /// How many more members the latest of them takes.
  [[nodiscard]] std::size_t room() const noexcept {
    if (gathered_.empty()) return 0;
    const group& latest = groups_.at(gathered_.back());
    return latest.most - latest.tags.size();
  }
  [[nodiscard]] const group& at(std::uint64_t number) const { return groups_.at(number); }

  /// Adds a request to the group that it joins, or to `begun`, which is as if it were alone.
  void join(std::uint64_t tag, group begun, Context of) {
    const std::uint64_t number = number_for(std::move(begun));
    group& joined = groups_.at(number);
    joined.contexts.push_back(std::move(of));
    joined.tags.push_back(tag);
    numbers_.insert_or_assign(tag, number);
  }

  /// Calls `send(number, group)` for those that were not sent yet, in the order of their begin.
  template <class Send>
  void send(Send send) {
    open_.clear();
    for (const std::uint64_t number : gathered_) send(number, groups_.at(number));
    gathered_.clear();
  }

  /// The group was answered, or failed.
  void end(std::uint64_t number) {
    for (const auto& tag : groups_.at(number).tags) {
      if (tag) numbers_.erase(*tag);
    }
    groups_.erase(number);
  }

  /// Nobody waits for this answer any more. The group's number, if it was sent and nobody waits for
  /// any of its answers: it has ended.
  std::optional<std::uint64_t> cancel(std::uint64_t tag) {
    const auto found = numbers_.find(tag);
    if (found == numbers_.end()) return std::nullopt;
    const std::uint64_t number = found->second;
    numbers_.erase(found);
    const auto waits = std::find(gathered_.begin(), gathered_.end(), number);
    if (waits != gathered_.end()) {
      withdraw(tag, waits);
      return std::nullopt;
    }
    auto& tags = groups_.at(number).tags;
    std::find(tags.begin(), tags.end(), tag)->reset();
    if (std::any_of(tags.begin(), tags.end(), [](const auto& one) { return one.has_value(); })) {
      return std::nullopt;
    }
    groups_.erase(number);
    return number;
  }

  void clear() noexcept {
    open_.clear();
    gathered_.clear();
    groups_.clear();
    numbers_.clear();
  }

 private:
  std::uint64_t number_for(group begun) {
    const bool alone = begun.most == 1;
    if (const auto found = alone ? open_.end() : open_.find(begun.opening); found != open_.end()) {
      const group& other = groups_.at(found->second);
      if (other.tags.size() < other.most) return found->second;
    }
    const std::uint64_t number = next_++;
    const group& added = groups_.emplace(number, std::move(begun)).first->second;
    gathered_.push_back(number);
    if (!alone) open_.insert_or_assign(added.opening, number);
    return number;
  }

  // Takes a member out of a group that was not sent.
  void withdraw(std::uint64_t tag, std::vector<std::uint64_t>::iterator waits) {
    group& from = groups_.at(*waits);
    const auto at = std::find(from.tags.begin(), from.tags.end(), tag);
    from.contexts.erase(from.contexts.begin() + (at - from.tags.begin()));
    from.tags.erase(at);
    if (!from.tags.empty()) return;
    open_.erase(from.opening);
    groups_.erase(*waits);
    gathered_.erase(waits);
  }

  std::unordered_map<std::uint64_t, group> groups_;             // by number
  std::vector<std::uint64_t> gathered_;                         // numbers of those not sent yet
  std::unordered_map<std::string_view, std::uint64_t> open_;    // of these the latest, by opening
  std::unordered_map<std::uint64_t, std::uint64_t> numbers_{};  // by tag
  std::uint64_t next_ = 0;
};

}  // namespace outthink::backends::http
