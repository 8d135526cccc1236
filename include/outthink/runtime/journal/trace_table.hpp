// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/search_tree.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/runtime/journal/database.hpp>
#include <outthink/runtime/journal/digest.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

namespace outthink::detail {

/// Digests a trace; calls `visit(digest, text)` for the problem and after each step, each time with
/// the digest of all up to there.
template <class Visit>
digest digest_trace(const trace_view& trace, Visit visit) {
  digester all;
  const auto add = [&](std::string_view text) {
    all.add(text);
    visit(all.value(), text);
  };
  add(trace.prompt());
  for (const node_id node : trace.tree().path(trace.node())) add(trace.tree().payload(node).text);
  return all.value();
}

/// What the row of a trace is checked by.
[[nodiscard]] inline std::int64_t trace_checksum(const digest& whole) noexcept {
  return static_cast<std::int64_t>(whole.first);
}

/// The row of a trace, but for its text.
struct trace_row {
  std::int64_t id = 0;
  std::int64_t parent = 0;  ///< 0: the text is a problem
  std::int64_t checksum = 0;
};

/// @brief The numbers of a journal's traces: problems and steps, each beginning stored once.
///
/// Cost: 40 bytes of memory a trace. Errors: those of the database.
class trace_table {
 public:
  /// Reads what is in the file.
  explicit trace_table(sqlite::database& file) {
    std::unordered_map<std::int64_t, digester> known;  // by number
    sqlite::statement all =
        file.prepare("SELECT id, parent, text, checksum FROM traces ORDER BY id");
    while (all.step()) {
      last_ = all.integer(0);
      digester trace;
      if (!all.is_null(1)) {
        const auto parent = known.find(all.integer(1));
        if (parent == known.end()) continue;
        trace = parent->second;
      }
      trace.add(all.text(2));
      if (trace_checksum(trace.value()) != all.integer(3)) continue;  // damaged: written anew
      known.emplace(last_, trace);
      ids_.emplace(trace.value(), last_);
    }
  }

  /// The number of a trace, whose digest is `whole`; calls `write(row, text)` for what of it is
  /// new.
  template <class Write>
  std::int64_t id_of(const trace_view& trace, const digest& whole, Write write) {
    if (const auto found = ids_.find(whole); found != ids_.end()) return found->second;
    std::int64_t id = 0;
    digest_trace(trace, [&](const digest& of, std::string_view text) {
      const auto [place, is_new] = ids_.try_emplace(of, last_ + 1);
      if (is_new) write(trace_row{++last_, id, trace_checksum(of)}, text);
      id = place->second;
    });
    return id;
  }

 private:
  std::int64_t last_ = 0;
  std::unordered_map<digest, std::int64_t, digest_hash> ids_;
};

}  // namespace outthink::detail
