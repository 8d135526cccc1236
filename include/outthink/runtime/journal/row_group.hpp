// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/runtime/journal/answer_row.hpp>
#include <outthink/runtime/journal/trace_table.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace outthink::detail {

/// @brief Rows that are written together.
///
/// Their texts stand one after the other in one string, so that a group that was cleared takes its
/// next rows without an allocation. Cost: 100 bytes a row and its texts. Errors: `std::bad_alloc`.
class row_group {
 public:
  [[nodiscard]] bool empty() const noexcept { return traces_.empty() && answers_.empty(); }
  [[nodiscard]] std::size_t answers() const noexcept { return answers_.size(); }

  void add(const trace_row& row, std::string_view text) { traces_.push_back({row, place(text)}); }

  void add(const answer_row& row, std::string_view request, std::string_view response) {
    const span asked = place(request);
    answers_.push_back({row, asked, place(response)});
  }

  /// Calls `take(row, text)` for every trace and then `take(row, request, response)` for every
  /// answer, in the order in which they were added.
  template <class Take>
  void each(Take take) const {
    for (const placed_trace& one : traces_) take(one.row, text(one.text));
    for (const placed_answer& one : answers_) take(one.row, text(one.request), text(one.response));
  }

  void clear() noexcept {
    texts_.clear();
    traces_.clear();
    answers_.clear();
  }

 private:
  struct span {
    std::size_t begin, size;
  };
  struct placed_trace {
    trace_row row;
    span text;
  };
  struct placed_answer {
    answer_row row;
    span request, response;
  };

  span place(std::string_view text) {
    texts_ += text;
    return {texts_.size() - text.size(), text.size()};
  }
  [[nodiscard]] std::string_view text(const span& at) const noexcept {
    return std::string_view(texts_).substr(at.begin, at.size);
  }

  std::string texts_;
  std::vector<placed_trace> traces_;
  std::vector<placed_answer> answers_;
};

}  // namespace outthink::detail
