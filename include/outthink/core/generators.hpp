// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/frontier.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/core/search_tree.hpp>
#include <outthink/core/task.hpp>

#include <cstddef>
#include <span>
#include <tuple>

namespace outthink {

/// @brief Ways of drawing steps and solutions that a policy can choose among: here only one, the
/// search's own model as the problem's options want it.
///
/// Others have the same members: `size()`, at least 1, and `extend` and `complete`, which draw one
/// next step, or one whole solution, after each node in way number `which`.
struct own_generator {
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 1; }
  static task<frontier> extend(auto& s, std::size_t /*which*/, const frontier& nodes) {
    const auto drawn = co_await s.extend(nodes, 1);
    co_return frontier(drawn.begin(), drawn.end());
  }
  static task<frontier> complete(auto& s, std::size_t /*which*/, const frontier& nodes) {
    frontier ends = co_await s.complete(nodes, 1);
    co_return ends;
  }
};

/// The search's own model, with sampling options of several kinds.
struct sampling_generators {
  std::span<const sampling_options> options;  ///< outlive the search; `complete` is not offered

  [[nodiscard]] std::size_t size() const noexcept { return options.size(); }
  task<frontier> extend(auto& s, std::size_t which, const frontier& nodes) const {
    const auto drawn = co_await s.extend(nodes, 1, options[which]);
    co_return frontier(drawn.begin(), drawn.end());
  }
};

/// Several language models.
template <class... Models>
struct model_generators {
  std::tuple<Models*...> models;  ///< outlive the search

  [[nodiscard]] static constexpr std::size_t size() noexcept { return sizeof...(Models); }

  template <std::size_t At = 0>
  task<frontier> extend(auto& s, std::size_t which, const frontier& nodes) const {
    if constexpr (At + 1 < sizeof...(Models)) {
      if (which != At) return extend<At + 1>(s, which, nodes);
    }
    return steps_by(s, nodes, *std::get<At>(models));
  }

  template <std::size_t At = 0>
  task<frontier> complete(auto& s, std::size_t which, const frontier& nodes) const {
    if constexpr (At + 1 < sizeof...(Models)) {
      if (which != At) return complete<At + 1>(s, which, nodes);
    }
    return solutions_by(s, nodes, *std::get<At>(models));
  }

 private:
  static task<frontier> steps_by(auto& s, const frontier& nodes, auto& model) {
    frontier drawn = co_await s.extend(nodes, 1, model);
    co_return drawn;
  }
  static task<frontier> solutions_by(auto& s, const frontier& nodes, auto& model) {
    frontier ends = co_await s.complete(nodes, 1, model);
    co_return ends;
  }
};

}  // namespace outthink
