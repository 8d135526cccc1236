// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/backends/http/byte_text.hpp>
#include <outthink/concepts/search.hpp>
#include <outthink/core/search_tree.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// A node of a recorded tree; the first is the root.
struct recorded_node {
  int parent = -1;
  std::string text;
  float score = 0;  ///< NaN where the verifier was not asked
  float value = 0;
  std::uint32_t visits = 0;
  std::uint32_t depth = 0;
  outthink::node_status status = outthink::node_status::open;
  bool extended = false;  ///< something was drawn after it
};

/// A search's tree, and the nodes at which its candidates end, in their order.
struct recorded_tree {
  std::vector<recorded_node> nodes;
  std::vector<std::uint32_t> candidates;
};

/// @brief Keeps the trees of chosen problems.
///
/// Requires: problems that are told apart by their prompts. Cost: a look-up for each search, and a
/// copy of the tree of each chosen problem. A search that its budget ended is not noted.
class tree_recorder {
 public:
  explicit tree_recorder(std::set<std::string> prompts = {}) : wanted_(std::move(prompts)) {}

  void note(const outthink::text_tree& tree, const outthink::candidate_nodes& found) {
    const std::string prompt(tree.payload(outthink::node_id{0}).text);
    if (!wanted_.contains(prompt)) return;
    recorded_tree made;
    for (std::uint32_t i = 0; i < tree.size(); ++i) {
      const outthink::node_id node{i};
      const bool is_root = tree.parent(node) == outthink::node_id::none;
      made.nodes.push_back({is_root ? -1 : static_cast<int>(outthink::index_of(tree.parent(node))),
                            i == 0 ? std::string() : std::string(tree.payload(node).text),
                            tree.score(node), tree.value(node), tree.visits(node), tree.depth(node),
                            tree.status(node), tree.child_count(node) > 0});
    }
    for (const outthink::node_id node : found) made.candidates.push_back(outthink::index_of(node));
    trees_.insert_or_assign(prompt, std::move(made));
  }

  [[nodiscard]] const recorded_tree* find(const std::string& prompt) const {
    const auto found = trees_.find(prompt);
    return found == trees_.end() ? nullptr : &found->second;
  }

 private:
  std::set<std::string> wanted_;
  std::map<std::string, recorded_tree> trees_;
};

namespace detail {

/// Why a node was not continued: as much as the tree tells.
inline std::string why_pruned(const recorded_tree& tree, std::size_t at) {
  const recorded_node& node = tree.nodes[at];
  if (node.status == outthink::node_status::truncated) return "cut at the length limit";
  for (std::size_t i = 0; i < at; ++i) {
    const recorded_node& other = tree.nodes[i];
    if (other.parent == node.parent && other.text == node.text && i > 0)
      return "the same step as an earlier one";
  }
  if (std::isnan(node.score)) return "not continued; it has no score";
  std::size_t rank = 1, beside = 0;
  float least = std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const recorded_node& other = tree.nodes[i];
    if (other.depth != node.depth || std::isnan(other.score)) continue;
    ++beside;
    if (other.score > node.score) ++rank;
    if (other.extended) least = std::min(least, other.score);
  }
  char text[160];
  const auto score = static_cast<double>(node.score);
  if (std::isinf(least)) {
    std::snprintf(text, sizeof text, "score %.3f, the search ended first", score);
  } else if (node.score < least) {
    std::snprintf(text, sizeof text,
                  "score %.3f, number %zu of %zu at this depth; from %.3f on kept", score, rank,
                  beside, static_cast<double>(least));
  } else {
    std::snprintf(text, sizeof text, "score %.3f, number %zu of %zu at this depth", score, rank,
                  beside);
  }
  return text;
}

inline nlohmann::json number_or_null(float value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

}  // namespace detail

/// The tree's nodes as the report shows them; `chosen` is the position of the answer among the
/// candidates.
[[nodiscard]] inline nlohmann::json nodes_as_json(const recorded_tree& tree, std::size_t chosen) {
  namespace http = outthink::backends::http;
  const std::size_t answer = chosen < tree.candidates.size() ? tree.candidates[chosen] : 0;
  nlohmann::json nodes = nlohmann::json::array();
  for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
    const recorded_node& node = tree.nodes[i];
    const bool finished = node.status == outthink::node_status::finished;
    const char* status = node.parent < 0 ? "root"
                         : i == answer   ? "answer"
                         : finished      ? "finished"
                         : node.extended ? "kept"
                                         : "pruned";
    nlohmann::json made{
        {"parent", node.parent},
        {"text", http::is_utf8(node.text) ? node.text : http::bytes_as_text(node.text)},
        {"score", node.parent < 0 ? nlohmann::json() : detail::number_or_null(node.score)},
        {"value", node.visits > 0 ? detail::number_or_null(node.value) : nlohmann::json()},
        {"visits", node.visits > 0 ? nlohmann::json(node.visits) : nlohmann::json()},
        {"status", status}};
    if (status == std::string("pruned")) made["why"] = detail::why_pruned(tree, i);
    nodes.push_back(std::move(made));
  }
  return nodes;
}

}  // namespace bench
