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

/// @brief The traces of a journal: problems and steps, each beginning stored once.
///
/// Cost: 40 bytes of memory a trace. Errors: those of the database.
class trace_table {
 public:
  explicit trace_table(sqlite::database& file)
      : file_(&file),
        insert_(file.prepare("INSERT INTO traces(parent, text, checksum) VALUES(?, ?, ?)")) {
    std::unordered_map<std::int64_t, digester> known;  // by number
    sqlite::statement all =
        file.prepare("SELECT id, parent, text, checksum FROM traces ORDER BY id");
    while (all.step()) {
      digester trace;
      if (!all.is_null(1)) {
        const auto parent = known.find(all.integer(1));
        if (parent == known.end()) continue;
        trace = parent->second;
      }
      trace.add(all.text(2));
      if (trace_checksum(trace.value()) != all.integer(3)) continue;  // damaged: written anew
      known.emplace(all.integer(0), trace);
      ids_.emplace(trace.value(), all.integer(0));
    }
  }

  /// The number of a trace, whose digest is `whole`; what of it is new is written down.
  std::int64_t id_of(const trace_view& trace, const digest& whole) {
    if (const auto found = ids_.find(whole); found != ids_.end()) return found->second;
    std::int64_t id = 0;
    digest_trace(trace, [&](const digest& of, std::string_view text) {
      const auto [place, is_new] = ids_.try_emplace(of, 0);
      if (is_new) {
        const std::int64_t check = trace_checksum(of);
        id == 0 ? insert_.with(nullptr, text, check).step() : insert_.with(id, text, check).step();
        place->second = file_->last_id();
      }
      id = place->second;
    });
    return id;
  }

 private:
  sqlite::database* file_;
  sqlite::statement insert_;
  std::unordered_map<digest, std::int64_t, digest_hash> ids_;
};

}  // namespace outthink::detail
