// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/concepts/search.hpp>
#include <outthink/concepts/service.hpp>
#include <outthink/core/error.hpp>
#include <outthink/core/step_reduction.hpp>
#include <outthink/core/task.hpp>
#include <outthink/kernels/softmax_allocation.hpp>
#include <outthink/policies/ets/average_linkage.hpp>
#include <outthink/policies/ets/pruning_program.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace outthink {

/// Stands for an embedding service: steps mean the same if their texts are the same.
struct no_embedder {};

/// @brief Reward-balanced search that keeps few branches, so that traces share their prefixes, and
/// different ones, so that no idea is lost.
///
/// How it works: as `rebase`, but before the continuations are shared out a small integer program
/// chooses which open traces are kept: it maximises the sum of their shares of the width, less
/// `node_cost` times the part of the tree's nodes that they use (their own and those before, the
/// root left out), plus `coverage` times the part of the clusters of last steps that they stand
/// for. The kept ones then share all the width by their scores. Steps are in one cluster if their
/// embeddings are close (average linkage over 1 - cosine, cut at `cut`), or, without `embedder`, if
/// their texts are the same.
///
/// Requires: counts ≥ 1, temperature > 0, node_cost, coverage and cut ≥ 0; an embedder is a service
/// from `std::string` to `std::vector<float>`.
/// Cost: at most `width` generations, scorings and embeddings per round, `max_steps` times 2 (3)
/// rounds; O(nodes) a round; see `pruning_program` and `average_linkage`.
/// Errors: `errc::invalid_argument` for options out of range.
/// Determinism: of choices equally good the first found is kept.
/// Reference: C. Hooper et al. 2025, arXiv:2502.13575. A `node_cost` of 0 costs nothing here, where
/// the published code then rewards every node with 1e-4.
template <class Embedder = no_embedder>
struct efficient_tree_search {
  int width = 16;                                   ///< continuations drawn in a round
  float temperature = 0.2F;                         ///< of the shares; small: the best takes all
  float node_cost = 1;                              ///< λ_c: weight of the nodes that are kept
  float coverage = 1.5F;                            ///< λ_s: weight of the clusters that are kept
  float cut = 0.05F;                                ///< distance within which steps are one cluster
  int max_steps = 40;                               ///< rounds
  step_reduction reduction = step_reduction::last;  ///< what a partial solution is ranked by
  Embedder* embedder = nullptr;                     ///< of steps

  task<candidate_nodes> operator()(search auto& s) const {
    constexpr bool embeds = !std::is_same_v<Embedder, no_embedder>;
    require(width >= 1 && max_steps >= 1 && temperature > 0 && node_cost >= 0 && coverage >= 0 &&
                cut >= 0 && (!embeds || embedder != nullptr),
            "efficient_tree_search: width and max_steps must be at least 1, temperature above 0, "
            "node_cost, coverage and cut at least 0, and an embedder given where one is named");
    frontier parents(static_cast<std::size_t>(width), s.root());
    for (int step = 0; step < max_steps && !parents.empty(); ++step) {
      const auto children = co_await s.extend(parents, 1);
      const auto scores = co_await s.score(children, reduction);
      s.retire(children);
      open_traces open = open_of(s.tree(), children, scores);
      if (open.nodes.empty()) break;
      if constexpr (embeds) {
        std::vector<std::string> steps = texts_of(s.tree(), open.nodes);
        const auto embeddings = co_await s.ask(*embedder, std::move(steps));
        open.clusters = clusters_of(embeddings);
      }
      parents = shared_out(open, kept_of(s, open));
    }
    co_return s.candidates();
  }

 private:
  struct open_traces {
    frontier nodes;
    std::vector<float> scores;
    std::vector<std::uint32_t> clusters;
  };

  static open_traces open_of(const auto& tree, node_range children, std::span<const float> scores) {
    open_traces open;
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (tree.status(children[i]) != node_status::open) continue;
      const std::string_view text = tree.payload(children[i]).text;
      std::uint32_t same = 0;
      while (same < open.nodes.size() && tree.payload(open.nodes[same]).text != text) ++same;
      const bool found = same < open.nodes.size();
      open.clusters.push_back(found ? open.clusters[same] : same);
      open.nodes.push_back(children[i]);
      open.scores.push_back(scores[i]);
    }
    return open;
  }

  static std::vector<std::string> texts_of(const auto& tree, const frontier& nodes) {
    std::vector<std::string> texts;
    for (const node_id node : nodes) texts.emplace_back(tree.payload(node).text);
    return texts;
  }

  std::vector<std::uint32_t> clusters_of(const auto& embeddings) const {
    const std::size_t n = embeddings.size();
    std::vector<double> distances(n * n);
    // A plain loop: what a kernel would save of a round is less than what its header costs.
    const auto dot = [&](std::size_t i, std::size_t j) {
      double sum = 0;
      for (std::size_t k = 0; k < embeddings[i].size(); ++k) {
        sum += static_cast<double>(embeddings[i][k]) * static_cast<double>(embeddings[j][k]);
      }
      return sum;
    };
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        require(embeddings[i].size() == embeddings[j].size(),
                "efficient_tree_search: the embedder gave embeddings of different sizes");
        const double lengths = __builtin_sqrt(dot(i, i)) * __builtin_sqrt(dot(j, j));
        distances[i * n + j] = lengths > 0 ? 1 - dot(i, j) / lengths : 1;
      }
    }
    return average_linkage(std::move(distances), n, static_cast<double>(cut));
  }

  [[nodiscard]] std::vector<std::uint32_t> allocation(std::span<const float> scores,
                                                      std::size_t parts) const {
    std::vector<std::uint32_t> counts(scores.size());
    std::vector<std::size_t> order(scores.size());
    std::vector<double> scratch(scores.size());
    kernels::softmax_allocation(scores, temperature, static_cast<std::uint32_t>(parts), counts,
                                order, scratch);
    return counts;
  }

  std::vector<bool> kept_of(auto& s, const open_traces& open) const {
    const auto& tree = s.tree();
    // The nodes on the paths, by handle, which ascends from the root to the leaves.
    std::vector<std::uint32_t> position(tree.size(), pruning_program::top);
    for (const node_id leaf : open.nodes) {
      for (node_id at = leaf; at != s.root(); at = tree.parent(at)) position[index_of(at)] = 0;
    }
    pruning_program program;
    for (std::uint32_t i = 0; i < position.size(); ++i) {
      if (position[i] == pruning_program::top) continue;
      position[i] = static_cast<std::uint32_t>(program.parents.size());
      program.parents.push_back(position[index_of(tree.parent(node_id{i}))]);
    }
    const std::size_t count = open.nodes.size();
    for (const std::uint32_t share : allocation(open.scores, count)) {
      program.gains.push_back(share / static_cast<double>(count));
    }
    for (const node_id leaf : open.nodes) program.leaves.push_back(position[index_of(leaf)]);
    program.clusters = open.clusters;
    std::vector<bool> covered(count);
    std::size_t clusters = 0;
    for (const std::uint32_t cluster : open.clusters) {
      clusters += covered[cluster] ? 0 : 1;
      covered[cluster] = true;
    }
    program.node_cost =
        static_cast<double>(node_cost) / static_cast<double>(program.parents.size());
    program.cluster_bonus = static_cast<double>(coverage) / static_cast<double>(clusters);
    return program.solve();
  }

  // As many continuations as there are open traces, all for those that are kept.
  frontier shared_out(const open_traces& open, const std::vector<bool>& kept) const {
    frontier nodes, parents;
    std::vector<float> scores;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (!kept[i]) continue;
      nodes.push_back(open.nodes[i]);
      scores.push_back(open.scores[i]);
    }
    const auto counts = allocation(scores, open.nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      parents.insert(parents.end(), counts[i], nodes[i]);
    }
    return parents;
  }
};

/// Efficient tree search without an embedder.
using ets = efficient_tree_search<>;

}  // namespace outthink
