// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/frontier.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/sampling_options.hpp>
#include <outthink/core/search_tree.hpp>
#include <outthink/core/step_reduction.hpp>

#include <concepts>
#include <span>
#include <string_view>
#include <vector>

namespace outthink {

struct step_rule;

/// Nodes at which a solution ends, in the order in which they are offered to the aggregator.
using candidate_nodes = std::vector<node_id>;

/// @brief What a policy sees: one problem's search tree, the model and the verifier.
///
/// Wherever nodes are taken, a `node_range` and any contiguous sequence of handles will do;
/// `extend` and `complete` take a single node, too.
///
/// Awaited operations (asked in one batch with those of all other searches):
/// * `co_await s.extend(nodes, n)`: draws n next steps after each node; the children of `nodes[i]`
///   are at positions [i·n, (i+1)·n) of the resulting `node_range`. A node may stand there more
///   than once, its copies together. `s.extend(nodes, n, sampling)` draws them with other sampling
///   options than those of the problem, `s.extend(nodes, n, rule)` ends them where another
///   `step_rule` says, which must live until they are drawn.
/// * `co_await s.complete(nodes, n)`: draws n whole solutions after each node; the resulting
///   vector holds the node at which each ends, in the same order.
/// * `co_await s.score(nodes, reduction)`: scores the steps of each node's trace that have no score
///   yet and gives one reduced score per node. Without a verifier every score is 0. A trace that
///   the verifier gave no score (NaN) is not asked for again.
///
/// At once:
/// * `s.root()`: the node that the search starts from. `s.tree()`: the whole tree.
/// * `s.distinct(nodes)`: without repetitions: of siblings with the same text, only the first;
///   siblings must stand together, as `extend` gives them.
/// * `s.retire(nodes)`: those that are finished become candidates; gives those that can go on.
/// * `s.keep_best(nodes, scores, width)`: retires, then gives the `width` best of the open ones.
/// * `s.candidates()`: what was retired so far.
/// * `s.answer(node)`: the answer that the solution which ends at `node` gives.
/// * `s.branch()`: a search of its own on a copy of the problem, with its own candidates and random
///   numbers; for policies that run others side by side. `s.branch(prompt)`: on another prompt,
///   such as the problem with earlier answers to it.
/// * `s.random()`: the policy's own random numbers.
///
/// Models in this library: `text_search`, which beyond these lets a policy await services of its
/// own
/// (`co_await s.ask(service, requests)`). Smallest model: `tests/archetypes/search.hpp`.
template <class S>
concept search = requires(S& s, const S& c, std::span<const node_id> nodes, node_id node,
                          node_range range, std::span<const float> scores, int n,
                          step_reduction reduction, const sampling_options& sampling,
                          const step_rule& rule, std::string_view prompt) {
  { c.root() } -> std::same_as<node_id>;
  s.tree();
  { s.extend(nodes, n).await_resume() } -> std::convertible_to<node_range>;
  { s.extend(nodes, n, sampling).await_resume() } -> std::convertible_to<node_range>;
  { s.extend(nodes, n, rule).await_resume() } -> std::convertible_to<node_range>;
  { s.extend(node, n).await_resume() } -> std::convertible_to<node_range>;
  { s.extend(range, n).await_resume() } -> std::convertible_to<node_range>;
  { s.complete(nodes, n).await_resume() } -> std::convertible_to<frontier>;
  { s.complete(node, n).await_resume() } -> std::convertible_to<frontier>;
  { s.complete(range, n).await_resume() } -> std::convertible_to<frontier>;
  { s.score(nodes, reduction).await_resume() } -> std::convertible_to<std::vector<float>>;
  { s.score(range, reduction).await_resume() } -> std::convertible_to<std::vector<float>>;
  { s.score(nodes).await_resume() } -> std::convertible_to<std::vector<float>>;
  { s.distinct(nodes) } -> std::convertible_to<frontier>;
  { s.distinct(range) } -> std::convertible_to<frontier>;
  { s.retire(nodes) } -> std::convertible_to<frontier>;
  { s.retire(range) } -> std::convertible_to<frontier>;
  { s.keep_best(nodes, scores, n) } -> std::convertible_to<frontier>;
  { s.keep_best(range, scores, n) } -> std::convertible_to<frontier>;
  { s.candidates() } -> std::convertible_to<candidate_nodes>;
  { c.answer(node) } -> std::convertible_to<std::string_view>;
  { s.branch() } -> std::same_as<S>;
  { s.branch(prompt) } -> std::same_as<S>;
  { s.random() } -> std::convertible_to<random_stream&>;
};

}  // namespace outthink
