// SPDX-License-Identifier: MIT
#pragma once

#include <outthink/core/column_block.hpp>
#include <outthink/core/random_stream.hpp>
#include <outthink/core/text_arena.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace outthink {

/// Handle of a node of a search tree.
enum class node_id : std::uint32_t { none = 0xFFFFFFFF };

/// The handle's number, from 0 for the root upwards in order of creation.
[[nodiscard]] constexpr std::uint32_t index_of(node_id node) noexcept {
  return static_cast<std::uint32_t>(node);
}

/// Nodes created by one call: consecutive handles.
class node_range {
 public:
  class iterator {
   public:
    using value_type = node_id;
    using difference_type = std::ptrdiff_t;

    constexpr iterator() = default;
    constexpr explicit iterator(std::uint32_t at) noexcept : at_(at) {}
    constexpr node_id operator*() const noexcept { return node_id{at_}; }
    constexpr iterator& operator++() noexcept { return ++at_, *this; }
    constexpr iterator operator++(int) noexcept { return iterator{at_++}; }
    friend constexpr bool operator==(iterator, iterator) = default;

   private:
    std::uint32_t at_ = 0;
  };

  constexpr node_range() = default;
  constexpr node_range(node_id first, std::size_t count) noexcept
      : first_(index_of(first)), count_(static_cast<std::uint32_t>(count)) {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] constexpr node_id operator[](std::size_t i) const noexcept {
    return node_id{first_ + static_cast<std::uint32_t>(i)};
  }
  [[nodiscard]] constexpr iterator begin() const noexcept { return iterator{first_}; }
  [[nodiscard]] constexpr iterator end() const noexcept { return iterator{first_ + count_}; }
  /// The `count` nodes from position `offset` on.
  [[nodiscard]] constexpr node_range subrange(std::size_t offset,
                                              std::size_t count) const noexcept {
    return {(*this)[offset], count};
  }

 private:
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
};

/// What is known about a node's trace.
enum class node_status : std::uint8_t {
  pending,    ///< asked for, not answered yet
  open,       ///< a whole step that may be continued
  finished,   ///< the model ended its answer here
  truncated,  ///< cut by a length limit: neither continued nor an answer
  closed,     ///< nothing below it is left to explore; set by policies
};

/// A step of text and what the model said about it.
struct step_payload {
  std::string_view text;
  std::uint32_t tokens = 0;  ///< tokens generated for it
  float logprob = 0;         ///< natural log-probability of its tokens
};

/// What a search knows of a node beside its step: what it reads of all children of another one.
struct node_knowledge {
  float score = std::numeric_limits<float>::quiet_NaN();  ///< NaN before it is scored
  float value = 0;           ///< sum of the values backed up through the node
  float prior = 0;           ///< a probability
  std::uint32_t visits = 0;  ///< simulations that came through it
  std::uint32_t children = 0;
  node_id latest_child = node_id::none;
  node_id earlier_sibling = node_id::none;
  node_status status = node_status::pending;
};

namespace detail {

/// Payloads of any type, one per node.
template <class Payload>
class payload_column {
 public:
  void add(std::size_t nodes) { values_.resize(values_.size() + nodes); }
  void clear() noexcept { values_.clear(); }
  void set(std::size_t node, Payload value) { values_[node] = std::move(value); }
  [[nodiscard]] const Payload& operator[](std::size_t node) const { return values_[node]; }

 private:
  std::vector<Payload> values_;
};

/// Steps of text: 20 bytes per node, the characters in an arena.
template <>
class payload_column<step_payload> {
 public:
  void add(std::size_t nodes) { rows_.add(nodes, nullptr, {0, 0, 0}); }
  void clear() noexcept {
    arena_.clear();
    rows_.clear();
  }

  void set(std::size_t node, step_payload step) {
    step.text = keep(step.text);
    set_kept(node, step);
  }

  /// A copy of the text that lives as long as the column.
  std::string_view keep(std::string_view text) { return arena_.store(text); }

  /// Sets a step whose text is kept already.
  void set_kept(std::size_t node, const step_payload& step) {
    rows_.column<0>()[node] = step.text.data();
    rows_.column<1>()[node] = {static_cast<std::uint32_t>(step.text.size()), step.tokens,
                               step.logprob};
  }

  [[nodiscard]] step_payload operator[](std::size_t node) const {
    const numbers& known = rows_.column<1>()[node];
    return {{rows_.column<0>()[node], known.size}, known.tokens, known.logprob};
  }

 private:
  struct numbers {
    std::uint32_t size;
    std::uint32_t tokens;
    float logprob;
  };

  text_arena arena_;
  column_block<const char*, numbers> rows_;
};

/// Where a node stands.
struct node_links {
  std::uint32_t parent;
  std::uint32_t depth = 0;
};

}  // namespace detail

/// @brief A search's tree as a structure of arrays; nodes are 32-bit handles.
///
/// Columns hold together what is read together: where a node stands; what search wants to know of
/// all children of a node, which are neighbours, so that four of them share two cache lines, and
/// where the way down goes on from each; the payload.
///
/// The root is the problem; further roots, copies of it or other problems, are where searches of
/// their own grow.
/// A node holds one step (its payload), where the step stands (parent, depth, place), what is known
/// about it (status, score) and what tree search needs (visits, value, prior). A trace is the path
/// from the root to a node, so that traces share their prefixes.
///
/// Shapes and units: `score` in the verifier's unit, NaN before it is
/// scored; `value` is the sum of the values backed up through the node; `prior` a probability.
/// Requires: handles of this tree.
/// Cost: 68 bytes a node and its text, 4 bytes a token where confidences are kept; access O(1); a
/// path O(depth).
/// Errors: `std::bad_alloc`. At most 2^32 - 2 nodes.
/// Determinism: `place` names a node by its path (which child of which parent), independent of the
/// order in which nodes were created; random streams are keyed by it.
template <class Payload = step_payload>
class search_tree {
 public:
  using payload_type = Payload;

  explicit search_tree(Payload root) { plant(std::move(root)); }

  /// Forgets all nodes and begins anew with another root, in the memory that the tree has.
  void restart(Payload root) {
    rows_.clear();
    payload_.clear();
    drawn_logprobs_.clear();
    confidences_.clear();
    roots_ = 0;
    plant(std::move(root));
  }

  [[nodiscard]] static constexpr node_id root() noexcept { return node_id{0}; }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

  /// Adds a copy of the root with its own place.
  node_id add_root() { return add_root(payload(root())); }

  /// Adds a root of another problem.
  node_id add_root(Payload problem) {
    const node_id added{static_cast<std::uint32_t>(size())};
    add(1, kNone, mix_bits(place(root()), kRootPlaces + roots_++));
    set_payload(added, std::move(problem), node_status::open);
    return added;
  }

  /// Adds `count` pending children of each parent, after those it has; the children of one parent
  /// stand together, in the order of `parents`.
  template <class Parents>
  node_range add_children(const Parents& parents, std::size_t count) {
    const node_id first{static_cast<std::uint32_t>(size())};
    add(parents.size() * count, kNone, 0);
    std::uint32_t child = index_of(first);
    for (const node_id parent : parents) {
      for (std::size_t i = 0; i < count; ++i) link(index_of(parent), child++);
    }
    return {first, parents.size() * count};
  }
  node_range add_children(node_id parent, std::size_t count) {
    return add_children(node_range{parent, 1}, count);
  }

  /// Adds `count` pending nodes of which the first is a child of `parent`, each other one a child
  /// of the one before.
  node_range add_chain(node_id parent, std::size_t count) {
    const node_id first{static_cast<std::uint32_t>(size())};
    add(count, kNone, 0);
    std::uint32_t above = index_of(parent);
    for (const node_id node : node_range{first, count}) {
      link(above, index_of(node));
      above = index_of(node);
    }
    return {first, count};
  }

  /// Fills a node with its step.
  void set_payload(node_id node, Payload payload, node_status status) {
    payload_.set(index_of(node), std::move(payload));
    set_status(node, status);
  }

  /// A copy of the text that lives as long as the tree, for `set_kept_payload`.
  std::string_view keep(std::string_view text) { return payload_.keep(text); }

  /// Fills a node with a step whose text is a part of what `keep` gave.
  void set_kept_payload(node_id node, const step_payload& payload, node_status status) {
    payload_.set_kept(index_of(node), payload);
    set_status(node, status);
  }

  /// True for a node that adds no step to its parent's trace.
  [[nodiscard]] bool stepless(node_id node) const {
    return parent(node) != node_id::none && depth(node) == depth(parent(node));
  }

  /// Says that `node` adds no step to its parent's trace: it merely ends it.
  void set_stepless(node_id node) { links(node).depth = depth(parent(node)); }

  [[nodiscard]] decltype(auto) payload(node_id node) const { return payload_[index_of(node)]; }
  [[nodiscard]] node_id parent(node_id node) const { return node_id{links(node).parent}; }
  [[nodiscard]] std::uint32_t depth(node_id node) const { return links(node).depth; }
  [[nodiscard]] std::uint64_t place(node_id node) const {
    return rows_.template column<0>()[index_of(node)];
  }
  [[nodiscard]] std::uint32_t child_count(node_id node) const { return row(node).children; }
  [[nodiscard]] node_status status(node_id node) const { return row(node).status; }
  void set_status(node_id node, node_status status) { row(node).status = status; }

  [[nodiscard]] float score(node_id node) const { return row(node).score; }
  [[nodiscard]] float& score(node_id node) { return row(node).score; }
  [[nodiscard]] float value(node_id node) const { return row(node).value; }
  [[nodiscard]] float& value(node_id node) { return row(node).value; }
  [[nodiscard]] float prior(node_id node) const { return row(node).prior; }
  [[nodiscard]] float& prior(node_id node) { return row(node).prior; }
  [[nodiscard]] std::uint32_t visits(node_id node) const { return row(node).visits; }
  [[nodiscard]] std::uint32_t& visits(node_id node) { return row(node).visits; }

  /// All of that at once.
  [[nodiscard]] const node_knowledge& known(node_id node) const { return row(node); }

  /// Log-probability with which the node's step was drawn, where that is known and not the model's
  /// own; else NaN.
  [[nodiscard]] float drawn_logprob(node_id node) const {
    const std::uint32_t i = index_of(node);
    return i < drawn_logprobs_.size() ? drawn_logprobs_[i] : kUnknown;
  }
  void set_drawn_logprob(node_id node, float logprob) {
    if (index_of(node) >= drawn_logprobs_.size()) drawn_logprobs_.resize(size(), kUnknown);
    drawn_logprobs_[index_of(node)] = logprob;
  }

  /// How sure the model was of each token of the node's step; empty where that is not known.
  [[nodiscard]] std::span<const float> confidences(node_id node) const {
    if (index_of(node) >= confidences_.size()) return {};
    return confidences_[index_of(node)];
  }
  /// `tokens` may be another node's.
  void set_confidences(node_id node, std::span<const float> tokens) {
    if (index_of(node) >= confidences_.size()) confidences_.resize(size());
    confidences_[index_of(node)].assign(tokens.begin(), tokens.end());
  }

  /// Tells the processor that what is known of `node`'s children will soon be read.
  void expect_children(node_id node) const noexcept {
    const node_knowledge& known = row(node);
    if (known.latest_child == node_id::none) return;
    const node_knowledge* const latest = &row(known.latest_child);
    __builtin_prefetch(latest);
    if (known.children > 2) __builtin_prefetch(latest - 3);
  }

  /// Calls `visit(child)` for every child, the latest first.
  template <class Visit>
  void for_each_child(node_id node, Visit visit) const {
    for (node_id child = row(node).latest_child; child != node_id::none;
         child = row(child).earlier_sibling) {
      visit(child);
    }
  }

  /// The nodes that hold the steps of `node`'s trace, in reading order: [depth(node)].
  [[nodiscard]] std::vector<node_id> path(node_id node) const {
    std::vector<node_id> nodes(depth(node));
    for (std::size_t i = nodes.size(); i > 0; node = parent(node)) {
      if (!stepless(node)) nodes[--i] = node;
    }
    return nodes;
  }

 private:
  static constexpr std::uint32_t kNone = index_of(node_id::none);
  static constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  static constexpr std::uint64_t kRootPlaces = std::uint64_t{1}
                                               << 32;  // beyond any child's ordinal

  [[nodiscard]] detail::node_links& links(node_id node) const noexcept {
    return rows_.template column<1>()[index_of(node)];
  }
  [[nodiscard]] node_knowledge& row(node_id node) const noexcept {
    return rows_.template column<2>()[index_of(node)];
  }

  void plant(Payload root) {
    add(1, kNone, 0);
    set_payload(node_id{0}, std::move(root), node_status::open);
  }

  void add(std::size_t count, std::uint32_t parent, std::uint64_t place) {
    rows_.add(count, place, {.parent = parent}, {});
    payload_.add(count);
  }

  // Inlined, so that those who add many nodes read the columns' addresses once.
  [[gnu::always_inline]] void link(std::uint32_t parent, std::uint32_t child) {
    const node_id up{parent}, down{child};
    node_knowledge& above = row(up);
    links(down) = {parent, links(up).depth + 1};
    rows_.template column<0>()[child] = mix_bits(place(up), above.children++);
    row(down).earlier_sibling = std::exchange(above.latest_child, down);
  }

  detail::payload_column<Payload> payload_;
  column_block<std::uint64_t, detail::node_links, node_knowledge> rows_;  // places, …
  std::vector<float> drawn_logprobs_;            // of the first nodes; often empty
  std::vector<std::vector<float>> confidences_;  // so are these
  std::uint32_t roots_ = 0;
};

/// The tree of a search over steps of text.
using text_tree = search_tree<step_payload>;

}  // namespace outthink
