// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/language_model.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/core/selection.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/trace.hpp>
#include <outthink/runtime/search_operations.hpp>
#include <outthink/runtime/search_state.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// @brief The search over steps of text that policies see; models the concept `search`, which
/// documents its operations.
///
/// A light view of the problem's search: `branch()` gives another one with its own root and
/// candidates. Requests are made when an operation is called and go out when all coroutines of the
/// search wait, so that several operations that are awaited together share a round.
template <service_interface Model, service_interface Verifier>
class text_search {
 public:
  using state_type = detail::search_state<Model, Verifier>;

  explicit text_search(state_type& state) noexcept : text_search(state, text_tree::root()) {}

  [[nodiscard]] node_id root() const noexcept { return root_; }
  [[nodiscard]] text_tree& tree() noexcept { return state_->tree; }
  [[nodiscard]] const text_tree& tree() const noexcept { return state_->tree; }
  [[nodiscard]] const usage& spent() const noexcept { return state_->spent; }
  [[nodiscard]] random_stream& random() noexcept { return random_; }
  [[nodiscard]] const candidate_nodes& candidates() const noexcept { return candidates_; }
  [[nodiscard]] std::string answer(node_id node) const {
    return state_->options().answer(trace_view(state_->tree, node).solution());
  }
  [[nodiscard]] text_search branch() { return text_search(*state_, state_->tree.add_root()); }
  [[nodiscard]] text_search branch(std::string_view prompt) {
    return text_search(*state_, state_->tree.add_root({.text = prompt}));
  }

  template <class Nodes>
  [[nodiscard]] auto extend(const Nodes& nodes, int n, const sampling_options& sampling) {
    return extend(nodes, n, sampling, state_->options().steps);
  }
  template <class Nodes>
  [[nodiscard]] auto extend(const Nodes& nodes, int n, const step_rule& rule) {
    return extend(nodes, n, state_->options().sampling, rule);
  }
  template <class Nodes>
  [[nodiscard]] auto extend(const Nodes& nodes, int n) {
    return extend(nodes, n, state_->options().sampling);
  }
  [[nodiscard]] auto extend(node_id node, int n) { return extend(std::span(&node, 1), n); }

  template <class Nodes>
  [[nodiscard]] auto complete(const Nodes& nodes, int n) {
    const step_rule& rule = state_->options().steps;
    return detail::complete_operation<state_type>(
        *state_, ask_own(nodes, n, extent::solution, state_->options().sampling, rule));
  }
  [[nodiscard]] auto complete(node_id node, int n) { return complete(std::span(&node, 1), n); }

  /// Draws next steps, or whole solutions, from a language model of the policy's own; gives the
  /// nodes at which they end. What it writes counts towards the budget as the search's model's
  /// does.
  template <class Nodes, language_model Other>
  [[nodiscard]] auto extend(const Nodes& nodes, int n, Other& other) {
    return ask_other(nodes, n, extent::step, other);
  }
  template <class Nodes, language_model Other>
  [[nodiscard]] auto complete(const Nodes& nodes, int n, Other& other) {
    return ask_other(nodes, n, extent::solution, other);
  }

  template <class Nodes>
  [[nodiscard]] auto score(const Nodes& nodes, step_reduction reduction = step_reduction::last) {
    if constexpr (state_type::scores) ask_scores(nodes);
    if constexpr (std::is_same_v<Nodes, node_range>) {
      return detail::score_operation<state_type, node_range>(*state_, nodes, reduction);
    } else {  // the list of nodes may end before the operation does
      return detail::score_operation<state_type, frontier>(
          *state_, frontier(nodes.begin(), nodes.end()), reduction);
    }
  }

  /// Asks a service of the policy's own, `max_batch` requests at a time; gives its responses in the
  /// order of `requests`. A response with a member `cost spent` is charged to the search, its
  /// tokens like a language model's; once they exceed the budget, the search asks no more.
  template <service Service>
  [[nodiscard]] auto ask(Service& service, std::vector<typename Service::request> requests) {
    return detail::ask_operation<state_type, Service>(*state_, service, std::move(requests));
  }

  template <class Nodes>
  [[nodiscard]] frontier distinct(const Nodes& nodes) const {
    const text_tree& tree = state_->tree;
    frontier kept;
    kept.reserve(nodes.size());
    std::size_t siblings = 0;  // position in `kept` of the first sibling of the node at hand
    for (const node_id node : nodes) {
      if (!kept.empty() && tree.parent(kept.back()) != tree.parent(node)) siblings = kept.size();
      const std::string_view text = tree.payload(node).text;
      const node_status status = tree.status(node);
      bool repeated = false;
      for (std::size_t i = siblings; i < kept.size() && !repeated; ++i) {
        repeated = tree.status(kept[i]) == status && tree.payload(kept[i]).text == text;
      }
      if (!repeated) kept.push_back(node);
    }
    return kept;
  }

  template <class Nodes>
  frontier retire(const Nodes& nodes) {
    frontier open;
    open.reserve(nodes.size());
    for (const node_id node : nodes) {
      const node_status status = state_->tree.status(node);
      if (status == node_status::open) open.push_back(node);
      if (status != node_status::finished) continue;
      candidates_.push_back(node);
      state_->retired.push_back(node);
    }
    return open;
  }

  template <class Nodes>
  frontier keep_best(const Nodes& nodes, std::span<const float> scores, int width) {
    const frontier open = retire(nodes);
    std::vector<float> open_scores;
    open_scores.reserve(open.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (state_->tree.status(nodes[i]) == node_status::open) open_scores.push_back(scores[i]);
    }
    const auto positions = best_positions(open_scores, static_cast<std::size_t>(width));
    frontier best;
    best.reserve(positions.size());
    for (const std::size_t i : positions) best.push_back(open[i]);
    return best;
  }

 private:
  text_search(state_type& state, node_id root) noexcept
      : state_(&state),
        root_(root),
        random_(state.stream(mix_bits(state.tree.place(root), kPolicy))) {}

  static constexpr std::uint64_t kPolicy = 0x706F6C696379;  // tells the policy's stream from others

  template <class Nodes>
  auto extend(const Nodes& nodes, int n, const sampling_options& sampling, const step_rule& rule) {
    return detail::extend_operation<state_type>(*state_,
                                                ask_own(nodes, n, extent::step, sampling, rule));
  }

  template <class Nodes>
  node_range ask_own(const Nodes& nodes, int n, extent until, const sampling_options& sampling,
                     const step_rule& rule) {
    return add_children(
        nodes, n, until, rule, [&](node_id child, std::uint32_t ordinal, std::uint32_t max) {
          state_->ask_model(child, state_->request_for(child, ordinal, until, max, sampling, rule));
        });
  }

  template <class Nodes, class Other>
  auto ask_other(const Nodes& nodes, int n, extent until, Other& other) {
    const solve_options& options = state_->options();
    std::vector<generation_request> requests;
    const auto ask = [&](node_id child, std::uint32_t ordinal, std::uint32_t max_tokens) {
      requests.push_back(
          state_->request_for(child, ordinal, until, max_tokens, options.sampling, options.steps));
    };
    const node_range children = add_children(nodes, n, until, options.steps, ask);
    return detail::generate_operation<state_type, Other>(*state_, other, children, until,
                                                         std::move(requests));
  }

  // Adds pending children, if the budget allows them, and calls `ask(child, ordinal, max_tokens)`
  // for each.
  template <class Nodes, class Ask>
  node_range add_children(const Nodes& nodes, int n, extent until, const step_rule& rule,
                          const Ask& ask) {
    const std::size_t count = nodes.size() * static_cast<std::size_t>(n > 0 ? n : 0);
    if (count == 0) return {};
    const std::uint32_t max_tokens = state_->reserve_generations(
        count, until == extent::step ? rule.max_tokens : rule.max_total_tokens);
    if (max_tokens == 0) return {};
    text_tree& tree = state_->tree;
    const node_range children = tree.add_children(nodes, static_cast<std::size_t>(n));
    // A node's copies stand together, and so do all its new children.
    for (std::size_t first = 0, last; first < count; first = last) {
      const node_id parent = tree.parent(children[first]);
      for (last = first + 1; last < count && tree.parent(children[last]) == parent;) ++last;
      std::uint32_t ordinal = tree.child_count(parent) - static_cast<std::uint32_t>(last - first);
      for (std::size_t i = first; i < last; ++i) ask(children[i], ordinal++, max_tokens);
    }
    return children;
  }

  // If the budget does not allow them, the search stops, and what it asked is not sent.
  template <class Nodes>
  void ask_scores(const Nodes& nodes) {
    std::size_t asked = 0;
    for (const node_id node : nodes) {
      const std::uint32_t scored = scored_steps(node);
      if (scored == state_->tree.depth(node)) continue;
      asked += state_->ask_verifier(node, scored) ? 1 : 0;
    }
    if (asked > 0) state_->reserve_scorings(asked);
  }

  // How many leading steps of the node's trace the verifier has judged.
  [[nodiscard]] std::uint32_t scored_steps(node_id node) const {
    const text_tree& tree = state_->tree;
    while (tree.depth(node) > 0 && (!state_->judged(node) || tree.stepless(node))) {
      node = tree.parent(node);
    }
    return tree.depth(node);
  }

  state_type* state_;
  node_id root_;
  random_stream random_;
  candidate_nodes candidates_;
};

}  // namespace outthink
